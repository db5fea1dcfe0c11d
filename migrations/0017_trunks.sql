-- Trunks: which ways there are out to telephone numbers, and which one is tried when another fails.

CREATE TABLE trunks (
  -- Its name, for people and for the records.
  name TEXT PRIMARY KEY
    CONSTRAINT "trunks.name must have 1 to 40 letters, digits or . _ -" CHECK (
      length(name) BETWEEN 1 AND 40 AND name NOT GLOB '*[^A-Za-z0-9._-]*'),
  -- The lowest is tried first.
  position INTEGER NOT NULL,
  -- What is dialled, such as PJSIP/{number}@carrier. {number} is +442071838750, {digits} is 442071838750, and {national} is what
  -- somebody in the country of the virtual number would dial: 02071838750, or 00493012345678 abroad.
  dial TEXT NOT NULL
    CONSTRAINT "trunks.dial must hold {number}, {digits} or {national} once, such as PJSIP/{number}@carrier" CHECK (
      (dial GLOB '*/*{number}*' OR dial GLOB '*/*{digits}*' OR dial GLOB '*/*{national}*') AND dial NOT GLOB '*{*{*'),
  -- The caller ID that it is shown: number (the virtual number or its caller_id) or caller (the caller's own); null: as the virtual
  -- number's caller_id_policy says. A virtual number whose policy is number or fixed never shows the caller.
  shows TEXT
    CONSTRAINT "trunks.shows must be number or caller, or null" CHECK (shows IN ('number', 'caller')),
  -- The reason to give in a SIP Diversion header (RFC 5806) with the virtual number; null: no header.
  diversion TEXT
    CONSTRAINT "trunks.diversion must be unconditional, follow-me, no-answer, user-busy, time-of-day, unavailable, deflection or unknown, or null" CHECK (
      diversion IN ('unconditional', 'follow-me', 'no-answer', 'user-busy', 'time-of-day', 'unavailable', 'deflection', 'unknown')),
  -- How many calls it carries at once; null: any number.
  max_calls INTEGER
    CONSTRAINT "trunks.max_calls must be 1 or more, or null" CHECK (max_calls >= 1),
  -- 1: it leads to a PBX of the site, such as that of a branch, and not to a carrier: extensions may be dialled there
  -- (PJSIP/101@branch), and they are shown what phones are shown. It takes only the numbers of its prefixes.
  private INTEGER NOT NULL DEFAULT 0
    CONSTRAINT "trunks.private must be 0 or 1" CHECK (private IN (0, 1)),
  -- 0: it is not used.
  enabled INTEGER NOT NULL DEFAULT 1
    CONSTRAINT "trunks.enabled must be 0 or 1" CHECK (enabled IN (0, 1))
) STRICT, WITHOUT ROWID;

-- Which numbers a trunk takes. A trunk without a prefix takes every number.
CREATE TABLE trunk_prefixes (
  -- The trunk.
  trunk TEXT NOT NULL
    CONSTRAINT "trunk_prefixes.trunk must be a row of trunks" REFERENCES trunks (name) ON UPDATE CASCADE ON DELETE CASCADE,
  -- What the numbers begin with, in international form: +44.
  prefix TEXT NOT NULL
    CONSTRAINT "trunk_prefixes.prefix must be + and the digits that the numbers begin with, such as +44" CHECK (
      prefix GLOB '+[1-9]*' AND substr(prefix, 2) NOT GLOB '*[^0-9]*' AND length(prefix) <= 16),
  PRIMARY KEY (trunk, prefix)
) STRICT, WITHOUT ROWID;

-- An attempt is made again through the next trunk, as another try; one more outcome, limited. SQLite can change neither a primary key
-- nor a constraint.
ALTER TABLE attempts RENAME TO former_attempts;

CREATE TABLE attempts (
  -- The call that it belongs to.
  call TEXT NOT NULL REFERENCES calls (id) ON UPDATE CASCADE ON DELETE CASCADE,
  -- The step of the plan, from 1.
  step INTEGER NOT NULL,
  -- The target within the step, from 1.
  target INTEGER NOT NULL,
  -- 1, and one more with each further trunk that is tried for the target.
  try INTEGER NOT NULL DEFAULT 1
    CONSTRAINT "attempts.try must be 1 or more" CHECK (try >= 1),
  -- Asterisk's id of the leg that rang.
  leg TEXT NOT NULL,
  -- What was dialled, as the rules write it.
  dial TEXT NOT NULL,
  -- When the leg was made.
  started_at TEXT NOT NULL
    CONSTRAINT "attempts.started_at must be an instant in UTC such as 2026-11-22T11:48:12.345Z" CHECK (
      started_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  -- When it began to ring; null: it did not.
  ringing_at TEXT
    CONSTRAINT "attempts.ringing_at must be an instant in UTC such as 2026-11-22T11:48:12.345Z" CHECK (
      ringing_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  -- When it answered; null: it did not.
  answered_at TEXT
    CONSTRAINT "attempts.answered_at must be an instant in UTC such as 2026-11-22T11:48:12.345Z" CHECK (
      answered_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  -- When it ended; null: it lasts.
  ended_at TEXT
    CONSTRAINT "attempts.ended_at must be an instant in UTC such as 2026-11-22T11:48:12.345Z" CHECK (
      ended_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  -- How it ended; null: it lasts.
  outcome TEXT
    CONSTRAINT "attempts.outcome must be answered, busy, declined, no-answer, unavailable, congestion, unreachable, wrong-number, answered-elsewhere, cancelled, refused, limited, failed or lost" CHECK (
      outcome IN ('answered', 'busy', 'declined', 'no-answer', 'unavailable', 'congestion', 'unreachable',
        'wrong-number', 'answered-elsewhere', 'cancelled', 'refused', 'limited', 'failed', 'lost')),
  -- Why it ended, as a Q.850 cause.
  cause INTEGER,
  -- The final SIP response, where Asterisk knows it.
  sip_code INTEGER,
  -- When Asterisk was asked to dial the leg; null: it was not, or the attempt is older than this column.
  dialled_at TEXT
    CONSTRAINT "attempts.dialled_at must be an instant in UTC such as 2026-11-22T11:48:12.345Z" CHECK (
      dialled_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  -- Why it was refused or limited, in words; null for any other outcome, and where the attempt is older than this column.
  reason TEXT,
  -- What was dialled for the device that took the call, such as PJSIP/alice/sip:alice@10.0.0.5:5060; null: nobody answered, or there is
  -- one device only (the failsafe names that one, too).
  contact TEXT,
  -- The trunk; null: a phone, or a number through FOLLOWME_TRUNK.
  trunk TEXT,
  PRIMARY KEY (call, step, target, try)
) STRICT, WITHOUT ROWID;

INSERT INTO attempts (call, step, target, leg, dial, started_at, ringing_at, answered_at, ended_at, outcome, cause, sip_code, dialled_at, reason, contact)
SELECT call, step, target, leg, dial, started_at, ringing_at, answered_at, ended_at, outcome, cause, sip_code, dialled_at, reason, contact
FROM former_attempts;

DROP TABLE former_attempts;

ALTER TABLE replacements ADD COLUMN
  -- attempts.try of the target whose place was taken; null: the caller's place, or the first try.
  try INTEGER
    CONSTRAINT "replacements.try must be 2 or more, or null" CHECK (try >= 2);

-- The same for the failsafe. A row of targets that are tried again through another trunk names what was dialled before, in the same order,
-- and dials those of them that failed.
ALTER TABLE failsafe ADD COLUMN instead_of TEXT;

ALTER TABLE failsafe ADD COLUMN
  -- What Dial() rings beside `dial` at private trunks, where extensions of three digits or fewer may be dialled; null: nothing.
  private_dial TEXT;

-- The reason for the SIP header Diversion; null: no header.
ALTER TABLE failsafe ADD COLUMN diversion TEXT;

-- The triggers of 0010_emergency_numbers once more: an extension of three digits or fewer may be dialled at a private trunk. The
-- emergency numbers of the world stay refused there, too.
DROP TRIGGER targets_dial_added;
DROP TRIGGER targets_dial_changed;
DROP TRIGGER overrides_value_added;
DROP TRIGGER overrides_value_changed;

CREATE TRIGGER targets_dial_added BEFORE INSERT ON targets
WHEN (NEW.dial GLOB '+*' AND length(NEW.dial) < 8) OR
    NEW.dial GLOB '*/*/[0-9]' OR NEW.dial GLOB '*/*/[0-9][0-9]' OR NEW.dial GLOB '*/*/[0-9][0-9][0-9]' OR
    NEW.dial GLOB '*/*/+[0-9]' OR NEW.dial GLOB '*/*/+[0-9][0-9]' OR NEW.dial GLOB '*/*/+[0-9][0-9][0-9]' OR
    NEW.dial GLOB '*/112@*' OR NEW.dial GLOB '*/911@*' OR NEW.dial GLOB '*/999@*' OR
    ((NEW.dial GLOB '*/[0-9]@*' OR NEW.dial GLOB '*/[0-9][0-9]@*' OR NEW.dial GLOB '*/[0-9][0-9][0-9]@*' OR
     NEW.dial GLOB '*/+[0-9]@*' OR NEW.dial GLOB '*/+[0-9][0-9]@*' OR NEW.dial GLOB '*/+[0-9][0-9][0-9]@*') AND NOT EXISTS (
      SELECT 1 FROM trunks WHERE private = 1 AND instr(dial, '@') > 0 AND substr(dial, instr(dial, '@')) = substr(NEW.dial, instr(NEW.dial, '@'))))
BEGIN
  SELECT RAISE(ABORT, 'targets.dial must not call an emergency or service number: write the number in full, such as +442071838750');
END;

CREATE TRIGGER targets_dial_changed BEFORE UPDATE OF dial ON targets
WHEN (NEW.dial GLOB '+*' AND length(NEW.dial) < 8) OR
    NEW.dial GLOB '*/*/[0-9]' OR NEW.dial GLOB '*/*/[0-9][0-9]' OR NEW.dial GLOB '*/*/[0-9][0-9][0-9]' OR
    NEW.dial GLOB '*/*/+[0-9]' OR NEW.dial GLOB '*/*/+[0-9][0-9]' OR NEW.dial GLOB '*/*/+[0-9][0-9][0-9]' OR
    NEW.dial GLOB '*/112@*' OR NEW.dial GLOB '*/911@*' OR NEW.dial GLOB '*/999@*' OR
    ((NEW.dial GLOB '*/[0-9]@*' OR NEW.dial GLOB '*/[0-9][0-9]@*' OR NEW.dial GLOB '*/[0-9][0-9][0-9]@*' OR
     NEW.dial GLOB '*/+[0-9]@*' OR NEW.dial GLOB '*/+[0-9][0-9]@*' OR NEW.dial GLOB '*/+[0-9][0-9][0-9]@*') AND NOT EXISTS (
      SELECT 1 FROM trunks WHERE private = 1 AND instr(dial, '@') > 0 AND substr(dial, instr(dial, '@')) = substr(NEW.dial, instr(NEW.dial, '@'))))
BEGIN
  SELECT RAISE(ABORT, 'targets.dial must not call an emergency or service number: write the number in full, such as +442071838750');
END;

CREATE TRIGGER overrides_value_added BEFORE INSERT ON overrides
WHEN NEW.kind = 'forward' AND (
    (NEW.value GLOB '+*' AND length(NEW.value) < 8) OR
    NEW.value GLOB '*/*/[0-9]' OR NEW.value GLOB '*/*/[0-9][0-9]' OR NEW.value GLOB '*/*/[0-9][0-9][0-9]' OR
    NEW.value GLOB '*/*/+[0-9]' OR NEW.value GLOB '*/*/+[0-9][0-9]' OR NEW.value GLOB '*/*/+[0-9][0-9][0-9]' OR
    NEW.value GLOB '*/112@*' OR NEW.value GLOB '*/911@*' OR NEW.value GLOB '*/999@*' OR
    ((NEW.value GLOB '*/[0-9]@*' OR NEW.value GLOB '*/[0-9][0-9]@*' OR NEW.value GLOB '*/[0-9][0-9][0-9]@*' OR
     NEW.value GLOB '*/+[0-9]@*' OR NEW.value GLOB '*/+[0-9][0-9]@*' OR NEW.value GLOB '*/+[0-9][0-9][0-9]@*') AND NOT EXISTS (
      SELECT 1 FROM trunks WHERE private = 1 AND instr(dial, '@') > 0 AND substr(dial, instr(dial, '@')) = substr(NEW.value, instr(NEW.value, '@')))))
BEGIN
  SELECT RAISE(ABORT, 'overrides.value must not call an emergency or service number: write the number in full, such as +442071838750');
END;

CREATE TRIGGER overrides_value_changed BEFORE UPDATE OF kind, value ON overrides
WHEN NEW.kind = 'forward' AND (
    (NEW.value GLOB '+*' AND length(NEW.value) < 8) OR
    NEW.value GLOB '*/*/[0-9]' OR NEW.value GLOB '*/*/[0-9][0-9]' OR NEW.value GLOB '*/*/[0-9][0-9][0-9]' OR
    NEW.value GLOB '*/*/+[0-9]' OR NEW.value GLOB '*/*/+[0-9][0-9]' OR NEW.value GLOB '*/*/+[0-9][0-9][0-9]' OR
    NEW.value GLOB '*/112@*' OR NEW.value GLOB '*/911@*' OR NEW.value GLOB '*/999@*' OR
    ((NEW.value GLOB '*/[0-9]@*' OR NEW.value GLOB '*/[0-9][0-9]@*' OR NEW.value GLOB '*/[0-9][0-9][0-9]@*' OR
     NEW.value GLOB '*/+[0-9]@*' OR NEW.value GLOB '*/+[0-9][0-9]@*' OR NEW.value GLOB '*/+[0-9][0-9][0-9]@*') AND NOT EXISTS (
      SELECT 1 FROM trunks WHERE private = 1 AND instr(dial, '@') > 0 AND substr(dial, instr(dial, '@')) = substr(NEW.value, instr(NEW.value, '@')))))
BEGIN
  SELECT RAISE(ABORT, 'overrides.value must not call an emergency or service number: write the number in full, such as +442071838750');
END;
