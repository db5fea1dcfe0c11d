-- Emergency and service numbers are never dialled, and an attempt on one is refused.

-- Triggers, not constraints of the tables: a row that is older than this stays, `followme check` names it, and nothing dials it.
-- They know the numbers that no country has in full; the program knows those of every country, and judges each target again.
CREATE TRIGGER targets_dial_added BEFORE INSERT ON targets
WHEN (NEW.dial GLOB '+*' AND length(NEW.dial) < 8) OR
    NEW.dial GLOB '*/[0-9]@*' OR NEW.dial GLOB '*/[0-9][0-9]@*' OR NEW.dial GLOB '*/[0-9][0-9][0-9]@*' OR
    NEW.dial GLOB '*/+[0-9]@*' OR NEW.dial GLOB '*/+[0-9][0-9]@*' OR NEW.dial GLOB '*/+[0-9][0-9][0-9]@*' OR
    NEW.dial GLOB '*/*/[0-9]' OR NEW.dial GLOB '*/*/[0-9][0-9]' OR NEW.dial GLOB '*/*/[0-9][0-9][0-9]' OR
    NEW.dial GLOB '*/*/+[0-9]' OR NEW.dial GLOB '*/*/+[0-9][0-9]' OR NEW.dial GLOB '*/*/+[0-9][0-9][0-9]'
BEGIN
  SELECT RAISE(ABORT, 'targets.dial must not call an emergency or service number: write the number in full, such as +442071838750');
END;

CREATE TRIGGER targets_dial_changed BEFORE UPDATE OF dial ON targets
WHEN (NEW.dial GLOB '+*' AND length(NEW.dial) < 8) OR
    NEW.dial GLOB '*/[0-9]@*' OR NEW.dial GLOB '*/[0-9][0-9]@*' OR NEW.dial GLOB '*/[0-9][0-9][0-9]@*' OR
    NEW.dial GLOB '*/+[0-9]@*' OR NEW.dial GLOB '*/+[0-9][0-9]@*' OR NEW.dial GLOB '*/+[0-9][0-9][0-9]@*' OR
    NEW.dial GLOB '*/*/[0-9]' OR NEW.dial GLOB '*/*/[0-9][0-9]' OR NEW.dial GLOB '*/*/[0-9][0-9][0-9]' OR
    NEW.dial GLOB '*/*/+[0-9]' OR NEW.dial GLOB '*/*/+[0-9][0-9]' OR NEW.dial GLOB '*/*/+[0-9][0-9][0-9]'
BEGIN
  SELECT RAISE(ABORT, 'targets.dial must not call an emergency or service number: write the number in full, such as +442071838750');
END;

CREATE TRIGGER overrides_value_added BEFORE INSERT ON overrides
WHEN NEW.kind = 'forward' AND (
    (NEW.value GLOB '+*' AND length(NEW.value) < 8) OR
    NEW.value GLOB '*/[0-9]@*' OR NEW.value GLOB '*/[0-9][0-9]@*' OR NEW.value GLOB '*/[0-9][0-9][0-9]@*' OR
    NEW.value GLOB '*/+[0-9]@*' OR NEW.value GLOB '*/+[0-9][0-9]@*' OR NEW.value GLOB '*/+[0-9][0-9][0-9]@*' OR
    NEW.value GLOB '*/*/[0-9]' OR NEW.value GLOB '*/*/[0-9][0-9]' OR NEW.value GLOB '*/*/[0-9][0-9][0-9]' OR
    NEW.value GLOB '*/*/+[0-9]' OR NEW.value GLOB '*/*/+[0-9][0-9]' OR NEW.value GLOB '*/*/+[0-9][0-9][0-9]')
BEGIN
  SELECT RAISE(ABORT, 'overrides.value must not call an emergency or service number: write the number in full, such as +442071838750');
END;

CREATE TRIGGER overrides_value_changed BEFORE UPDATE OF kind, value ON overrides
WHEN NEW.kind = 'forward' AND (
    (NEW.value GLOB '+*' AND length(NEW.value) < 8) OR
    NEW.value GLOB '*/[0-9]@*' OR NEW.value GLOB '*/[0-9][0-9]@*' OR NEW.value GLOB '*/[0-9][0-9][0-9]@*' OR
    NEW.value GLOB '*/+[0-9]@*' OR NEW.value GLOB '*/+[0-9][0-9]@*' OR NEW.value GLOB '*/+[0-9][0-9][0-9]@*' OR
    NEW.value GLOB '*/*/[0-9]' OR NEW.value GLOB '*/*/[0-9][0-9]' OR NEW.value GLOB '*/*/[0-9][0-9][0-9]' OR
    NEW.value GLOB '*/*/+[0-9]' OR NEW.value GLOB '*/*/+[0-9][0-9]' OR NEW.value GLOB '*/*/+[0-9][0-9][0-9]')
BEGIN
  SELECT RAISE(ABORT, 'overrides.value must not call an emergency or service number: write the number in full, such as +442071838750');
END;

-- The table of attempts once more, with one more outcome, refused: SQLite cannot change a constraint.
ALTER TABLE attempts RENAME TO former_attempts;

CREATE TABLE attempts (
  -- The call that it belongs to.
  call TEXT NOT NULL REFERENCES calls (id) ON UPDATE CASCADE ON DELETE CASCADE,
  -- The step of the plan, from 1.
  step INTEGER NOT NULL,
  -- The target within the step, from 1.
  target INTEGER NOT NULL,
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
    CONSTRAINT "attempts.outcome must be answered, busy, declined, no-answer, unavailable, congestion, unreachable, wrong-number, answered-elsewhere, cancelled, refused, failed or lost" CHECK (
      outcome IN ('answered', 'busy', 'declined', 'no-answer', 'unavailable', 'congestion', 'unreachable',
        'wrong-number', 'answered-elsewhere', 'cancelled', 'refused', 'failed', 'lost')),
  -- Why it ended, as a Q.850 cause.
  cause INTEGER,
  -- The final SIP response, where Asterisk knows it.
  sip_code INTEGER,
  -- When Asterisk was asked to dial the leg; null: it was not, or the attempt is older than this column.
  dialled_at TEXT
    CONSTRAINT "attempts.dialled_at must be an instant in UTC such as 2026-11-22T11:48:12.345Z" CHECK (
      dialled_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  PRIMARY KEY (call, step, target)
) STRICT, WITHOUT ROWID;

INSERT INTO attempts (call, step, target, leg, dial, started_at, ringing_at, answered_at, ended_at, outcome, cause, sip_code, dialled_at)
SELECT call, step, target, leg, dial, started_at, ringing_at, answered_at, ended_at, outcome, cause, sip_code, dialled_at
FROM former_attempts;

DROP TABLE former_attempts;
