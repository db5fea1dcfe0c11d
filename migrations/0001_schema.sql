-- The whole SQL surface: rules in (people write these tables, in migrations of their own), calls and attempts out.
-- A constraint is named by the message that a person reads when a row breaks it. Instants are text in UTC with
-- milliseconds (2026-11-22T11:48:12.345Z), dates are YYYY-MM-DD, times are HH:MM, flags are 0 or 1.

-- When something is open: the union of its windows, except on the dates of its exceptions.
CREATE TABLE schedules (
  -- How rules refer to it: 'office hours'.
  name TEXT NOT NULL PRIMARY KEY
    CONSTRAINT "schedules.name must not be empty, nor begin or end with a blank" CHECK (name <> '' AND name = trim(name)),
  -- The IANA zone in which its windows and exceptions are read: 'Europe/London'.
  time_zone TEXT NOT NULL
    CONSTRAINT "schedules.time_zone must be an IANA zone such as Europe/London" CHECK (
      time_zone GLOB '[A-Za-z]*' AND time_zone NOT GLOB '*[^-A-Za-z0-9_+/]*')
) STRICT, WITHOUT ROWID;

-- A window opens each time its cron expression fires, and stays open for so many minutes of wall clock.
CREATE TABLE schedule_windows (
  -- The schedule that it belongs to.
  schedule TEXT NOT NULL REFERENCES schedules (name) ON UPDATE CASCADE ON DELETE CASCADE,
  -- When it opens, as cron in the schedule's zone: '30 8 * * MON-FRI' is half past eight on weekdays.
  opens TEXT NOT NULL
    CONSTRAINT "schedule_windows.opens must be a cron expression such as 30 8 * * MON-FRI" CHECK (trim(opens) <> ''),
  -- How long it stays open, on the wall clock: 540 is nine hours, whatever the clocks do.
  minutes INTEGER NOT NULL
    CONSTRAINT "schedule_windows.minutes must be between 1 and 527040 (a year)" CHECK (minutes BETWEEN 1 AND 527040),
  PRIMARY KEY (schedule, opens, minutes)
) STRICT, WITHOUT ROWID;

-- An exception replaces the windows on its dates: closed all day, or these hours only. Several rows may share a
-- date (a morning and an afternoon).
CREATE TABLE schedule_exceptions (
  -- The schedule that it belongs to.
  schedule TEXT NOT NULL REFERENCES schedules (name) ON UPDATE CASCADE ON DELETE CASCADE,
  -- The first date, in the schedule's zone.
  from_date TEXT NOT NULL
    CONSTRAINT "schedule_exceptions.from_date must be a date written YYYY-MM-DD" CHECK (date(from_date) IS from_date),
  -- The last date, itself included: the same as from_date for one day.
  to_date TEXT NOT NULL
    CONSTRAINT "schedule_exceptions.to_date must be a date written YYYY-MM-DD" CHECK (date(to_date) IS to_date),
  -- When it opens on each of the dates, in the schedule's zone; null: closed all day.
  opens_at TEXT
    CONSTRAINT "schedule_exceptions.opens_at must be a time written HH:MM, 00:00 to 23:59" CHECK (
      opens_at IS NULL OR (opens_at < '24' AND strftime('%H:%M', opens_at) IS opens_at)),
  -- When it closes on each of the dates; 24:00 is midnight at the end of the day; null: closed all day.
  closes_at TEXT
    CONSTRAINT "schedule_exceptions.closes_at must be a time written HH:MM, 00:01 to 24:00" CHECK (
      closes_at IS NULL OR closes_at = '24:00' OR (closes_at < '24' AND strftime('%H:%M', closes_at) IS closes_at)),
  -- What it is, for people: 'Christmas Day'.
  label TEXT,
  CONSTRAINT "schedule_exceptions.to_date must not be before from_date" CHECK (to_date >= from_date),
  CONSTRAINT "schedule_exceptions: give both opens_at and closes_at, or neither (closed all day)" CHECK (
    (opens_at IS NULL) = (closes_at IS NULL)),
  CONSTRAINT "schedule_exceptions.closes_at must be after opens_at, on the same day" CHECK (closes_at > opens_at)
) STRICT;

-- One row for a schedule, a first date and an opening (or the closed day).
CREATE UNIQUE INDEX schedule_exceptions_key ON schedule_exceptions (schedule, from_date, ifnull(opens_at, ''));

-- Named lists of callers, for rules to match.
CREATE TABLE caller_lists (
  -- How rules refer to it: 'vip'.
  name TEXT NOT NULL PRIMARY KEY
    CONSTRAINT "caller_lists.name must not be empty, nor begin or end with a blank" CHECK (
      name <> '' AND name = trim(name))
) STRICT, WITHOUT ROWID;

-- Who is on a list.
CREATE TABLE caller_list_entries (
  -- The list that it belongs to.
  list TEXT NOT NULL REFERENCES caller_lists (name) ON UPDATE CASCADE ON DELETE CASCADE,
  -- An exact number (+14155550100), a prefix (+1415*), or anonymous.
  pattern TEXT NOT NULL
    CONSTRAINT "caller_list_entries.pattern must be a number (+14155550100), a prefix (+1415*) or anonymous" CHECK (
      pattern = 'anonymous'
      OR (pattern GLOB '[+0-9]*[0-9*]' AND ltrim(pattern, '+') NOT GLOB '*[^0-9*]*' AND pattern NOT GLOB '?[+]*'
        AND pattern NOT GLOB '*[*]?*')),
  PRIMARY KEY (list, pattern)
) STRICT, WITHOUT ROWID;

-- The numbers that callers dial.
CREATE TABLE virtual_numbers (
  -- The number, E.164: '+14155550100'.
  number TEXT NOT NULL PRIMARY KEY
    CONSTRAINT "virtual_numbers.number must be E.164 with a leading +, such as +14155550100" CHECK (
      number GLOB '+[1-9]*' AND substr(number, 2) NOT GLOB '*[^0-9]*' AND length(number) BETWEEN 3 AND 16),
  -- What it is, for people: 'Sales, California'.
  label TEXT NOT NULL DEFAULT '',
  -- 0: calls are refused, as if the number did not exist.
  enabled INTEGER NOT NULL DEFAULT 1
    CONSTRAINT "virtual_numbers.enabled must be 0 or 1" CHECK (enabled IN (0, 1)),
  -- The IANA zone in which its rules' dates are read: 'America/Los_Angeles'.
  time_zone TEXT NOT NULL
    CONSTRAINT "virtual_numbers.time_zone must be an IANA zone such as Europe/London" CHECK (
      time_zone GLOB '[A-Za-z]*' AND time_zone NOT GLOB '*[^-A-Za-z0-9_+/]*'),
  -- What a caller gets whom no rule takes, or nobody answers: busy, hangup, voicemail:BOX@CONTEXT, announce:SOUND,
  -- dialplan:CONTEXT,EXTEN,PRIORITY or number:+OTHER.
  fallback TEXT NOT NULL DEFAULT 'busy'
    CONSTRAINT "virtual_numbers.fallback must be busy, hangup, voicemail:BOX@CONTEXT, announce:SOUND, dialplan:CONTEXT,EXTEN,PRIORITY or number:+NUMBER" CHECK (
      fallback IN ('busy', 'hangup') OR fallback GLOB 'voicemail:?*@?*' OR fallback GLOB 'announce:?*'
      OR fallback GLOB 'dialplan:?*,?*,?*' OR fallback GLOB 'number:+[1-9]*'),
  -- How many calls at once; null: no limit. Kept for the limits to come: not enforced yet.
  max_calls INTEGER
    CONSTRAINT "virtual_numbers.max_calls must be 1 or more, or null for no limit" CHECK (max_calls >= 1),
  -- The number shown to targets; null: the caller's own. Kept for the caller-id policy to come: not used yet.
  caller_id TEXT
    CONSTRAINT "virtual_numbers.caller_id must be E.164 with a leading +, or null for the caller's own" CHECK (
      caller_id GLOB '+[1-9]*' AND substr(caller_id, 2) NOT GLOB '*[^0-9]*'),
  CONSTRAINT "virtual_numbers.fallback must not lead to the number itself" CHECK (fallback <> 'number:' || number)
) STRICT, WITHOUT ROWID;

-- The first rule by position whose schedule is open and whose callers match decides what rings.
CREATE TABLE rules (
  -- The number that it belongs to.
  number TEXT NOT NULL REFERENCES virtual_numbers (number) ON UPDATE CASCADE ON DELETE CASCADE,
  -- Its name, unique for the number: 'night'.
  name TEXT NOT NULL
    CONSTRAINT "rules.name must not be empty, nor begin or end with a blank" CHECK (name <> '' AND name = trim(name)),
  -- Where it stands: the lowest is asked first. Leave gaps (10, 20, 30), so that another fits between.
  position INTEGER NOT NULL
    CONSTRAINT "rules.position must be 1 or more" CHECK (position >= 1),
  -- When it holds; null: always.
  schedule TEXT REFERENCES schedules (name) ON UPDATE CASCADE,
  -- For which callers; null: everyone.
  callers TEXT REFERENCES caller_lists (name) ON UPDATE CASCADE,
  -- The first date on which it holds, in the number's zone; null: since ever.
  valid_from TEXT
    CONSTRAINT "rules.valid_from must be a date written YYYY-MM-DD" CHECK (
      valid_from IS NULL OR date(valid_from) IS valid_from),
  -- The last date on which it holds, itself included; null: for ever.
  valid_until TEXT
    CONSTRAINT "rules.valid_until must be a date written YYYY-MM-DD" CHECK (
      valid_until IS NULL OR date(valid_until) IS valid_until),
  -- 0: it is passed over.
  enabled INTEGER NOT NULL DEFAULT 1
    CONSTRAINT "rules.enabled must be 0 or 1" CHECK (enabled IN (0, 1)),
  -- What a caller gets where nobody answers (as virtual_numbers.fallback); null: the number's.
  fallback TEXT
    CONSTRAINT "rules.fallback must be busy, hangup, voicemail:BOX@CONTEXT, announce:SOUND, dialplan:CONTEXT,EXTEN,PRIORITY, number:+NUMBER, or null for the number's" CHECK (
      fallback IN ('busy', 'hangup') OR fallback GLOB 'voicemail:?*@?*' OR fallback GLOB 'announce:?*'
      OR fallback GLOB 'dialplan:?*,?*,?*' OR fallback GLOB 'number:+[1-9]*'),
  PRIMARY KEY (number, name),
  UNIQUE (number, position),
  CONSTRAINT "rules.valid_until must not be before valid_from" CHECK (valid_until >= valid_from),
  CONSTRAINT "rules.fallback must not lead to the number itself" CHECK (fallback <> 'number:' || number)
) STRICT, WITHOUT ROWID;

CREATE INDEX rules_schedule ON rules (schedule) WHERE schedule IS NOT NULL;
CREATE INDEX rules_callers ON rules (callers) WHERE callers IS NOT NULL;

-- Who rings. Targets that share a step ring together; steps run one after another.
CREATE TABLE targets (
  -- The number of the rule.
  number TEXT NOT NULL,
  -- The name of the rule.
  rule TEXT NOT NULL,
  -- 1 rings first, then 2, and so on.
  step INTEGER NOT NULL
    CONSTRAINT "targets.step must be 1 or more" CHECK (step >= 1),
  -- +442071838750 (through the trunk), PJSIP/alice (as it stands) or number:+14155550199 (its rules continue).
  dial TEXT NOT NULL
    CONSTRAINT "targets.dial must be +NUMBER, TECHNOLOGY/ADDRESS (such as PJSIP/alice) or number:+NUMBER" CHECK (
      (dial GLOB '+[1-9]*' AND substr(dial, 2) NOT GLOB '*[^0-9]*' AND length(dial) BETWEEN 3 AND 16)
      OR (dial GLOB 'number:+[1-9]*' AND substr(dial, 9) NOT GLOB '*[^0-9]*')
      OR (dial GLOB '[A-Z]*/?*' AND dial NOT GLOB '*[^-A-Za-z0-9_.+/@*#]*')),
  -- How long it rings before the next step, in seconds.
  ring_seconds INTEGER NOT NULL DEFAULT 20
    CONSTRAINT "targets.ring_seconds must be between 1 and 600" CHECK (ring_seconds BETWEEN 1 AND 600),
  -- 0: it does not ring.
  enabled INTEGER NOT NULL DEFAULT 1
    CONSTRAINT "targets.enabled must be 0 or 1" CHECK (enabled IN (0, 1)),
  PRIMARY KEY (number, rule, step, dial),
  FOREIGN KEY (number, rule) REFERENCES rules (number, name) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "targets.dial must not lead to the number itself" CHECK (dial NOT IN (number, 'number:' || number))
) STRICT, WITHOUT ROWID;

-- A temporary switch: one for a number, and it wins over the rules until it expires.
CREATE TABLE overrides (
  -- The number that it switches.
  number TEXT NOT NULL PRIMARY KEY REFERENCES virtual_numbers (number) ON UPDATE CASCADE ON DELETE CASCADE,
  -- closed: the number's fallback at once; forward: one target; rule: that rule, whatever the time and the caller.
  kind TEXT NOT NULL
    CONSTRAINT "overrides.kind must be closed, forward or rule" CHECK (kind IN ('closed', 'forward', 'rule')),
  -- forward: a target, as in targets.dial; rule: the name of a rule of this number; closed: null.
  value TEXT,
  -- When it ends by itself; null: when it is cleared.
  expires_at TEXT
    CONSTRAINT "overrides.expires_at must be an instant in UTC such as 2026-11-22T18:00:00Z, or null" CHECK (
      expires_at IS NULL OR (expires_at NOT GLOB '*T24*' AND (
        strftime('%Y-%m-%dT%H:%M:%SZ', expires_at) IS expires_at
        OR strftime('%Y-%m-%dT%H:%M:%fZ', expires_at) IS expires_at))),
  -- Who set it, for people.
  set_by TEXT,
  -- When it was set.
  set_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
    CONSTRAINT "overrides.set_at must be an instant in UTC such as 2026-11-22T11:48:12.345Z" CHECK (
      set_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]*Z'),
  CONSTRAINT "overrides.value must be null for closed, a target for forward, a rule's name for rule" CHECK (
    (kind = 'closed') = (value IS NULL))
) STRICT, WITHOUT ROWID;

-- The plan in force for each number, kept current by followme for Asterisk's dialplan to read when followme is not
-- there. Rows of a number count from step 1 without a gap; the last one has no dial, only the fallback.
CREATE TABLE failsafe (
  -- The virtual number. Not a foreign key: what is here must outlive a mistake in the rules until it is replaced.
  number TEXT NOT NULL,
  -- 1 rings first.
  step INTEGER NOT NULL
    CONSTRAINT "failsafe.step must be 1 or more" CHECK (step >= 1),
  -- What the dialplan looks up, since it can match one column only: '+14155550100/1'.
  entry TEXT NOT NULL GENERATED ALWAYS AS (number || '/' || step) STORED,
  -- What Dial() rings, ready to use, the targets of the step joined with &; null in the last row.
  dial TEXT,
  -- How long the step rings, in seconds; null in the last row.
  ring_seconds INTEGER,
  -- What the caller gets in the end (as virtual_numbers.fallback, never number:); null before the last row.
  fallback TEXT,
  -- The rule in force, or null where none is.
  rule TEXT,
  -- When this was last worked out.
  computed_at TEXT NOT NULL
    CONSTRAINT "failsafe.computed_at must be an instant in UTC such as 2026-11-22T11:48:12.345Z" CHECK (
      computed_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  PRIMARY KEY (number, step),
  CONSTRAINT "failsafe: give dial and ring_seconds, or fallback alone" CHECK (
    (dial IS NULL) = (ring_seconds IS NULL) AND (dial IS NULL) <> (fallback IS NULL))
) STRICT;

CREATE UNIQUE INDEX failsafe_entry ON failsafe (entry);

-- What happened: one row a call. Rules may be renamed or removed later, so nothing here refers to them.
CREATE TABLE calls (
  -- followme's id of the call.
  id TEXT NOT NULL PRIMARY KEY,
  -- What was dialled, whether it is a virtual number or not.
  number TEXT NOT NULL,
  -- The caller's number as the carrier gave it: possibly empty, never trusted.
  caller_number TEXT NOT NULL,
  -- The caller's name as the carrier gave it: possibly empty, never trusted.
  caller_name TEXT NOT NULL,
  -- Asterisk's id of the incoming leg.
  a_leg TEXT NOT NULL,
  -- When it arrived.
  started_at TEXT NOT NULL
    CONSTRAINT "calls.started_at must be an instant in UTC such as 2026-11-22T11:48:12.345Z" CHECK (
      started_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  -- When a target answered; null: none did.
  answered_at TEXT
    CONSTRAINT "calls.answered_at must be an instant in UTC such as 2026-11-22T11:48:12.345Z" CHECK (
      answered_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  -- When it ended; null: it lasts.
  ended_at TEXT
    CONSTRAINT "calls.ended_at must be an instant in UTC such as 2026-11-22T11:48:12.345Z" CHECK (
      ended_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  -- How it ended: answered, fallback, abandoned, refused, failed or lost; null: it lasts.
  outcome TEXT
    CONSTRAINT "calls.outcome must be answered, fallback, abandoned, refused, failed or lost" CHECK (
      outcome IN ('answered', 'fallback', 'abandoned', 'refused', 'failed', 'lost')),
  -- Who ended an answered call: caller, target or followme.
  ended_by TEXT
    CONSTRAINT "calls.ended_by must be caller, target or followme" CHECK (ended_by IN ('caller', 'target', 'followme')),
  -- Why it ended, as a Q.850 cause.
  cause INTEGER,
  -- What decided: rule, override, fallback (no rule matched), unknown-number or disabled.
  decision TEXT NOT NULL
    CONSTRAINT "calls.decision must be rule, override, fallback, unknown-number or disabled" CHECK (
      decision IN ('rule', 'override', 'fallback', 'unknown-number', 'disabled')),
  -- The rule that decided; null: none did.
  rule TEXT,
  -- The hunt plan as it was when the call arrived, as JSON: {"steps": [{"targets": [{"dial", "ringSeconds"}]}], "fallback"}.
  plan TEXT NOT NULL
    CONSTRAINT "calls.plan must be JSON" CHECK (json_valid(plan)),
  -- The fallback that the caller was given; null: none.
  fallback TEXT,
  -- The target that answered; null: none did.
  answered_by TEXT,
  -- Milliseconds from arrival to answer, or to the end where nobody answered; null: it lasts, or is not known.
  ring_ms INTEGER
    CONSTRAINT "calls.ring_ms must not be negative" CHECK (ring_ms >= 0),
  -- Milliseconds from answer to end; null: nobody answered, it lasts, or it is not known.
  talk_ms INTEGER
    CONSTRAINT "calls.talk_ms must not be negative" CHECK (talk_ms >= 0),
  -- 1: it was closed afterwards, by looking, because followme was not there when it ended.
  recovered INTEGER NOT NULL DEFAULT 0
    CONSTRAINT "calls.recovered must be 0 or 1" CHECK (recovered IN (0, 1))
) STRICT;

CREATE INDEX calls_started ON calls (started_at);
CREATE INDEX calls_number ON calls (number, started_at);
-- What recovery reads: small, however many calls there have been.
CREATE INDEX calls_open ON calls (started_at) WHERE ended_at IS NULL;

-- One target rung once.
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
    CONSTRAINT "attempts.outcome must be answered, busy, declined, no-answer, unavailable, congestion, unreachable, wrong-number, answered-elsewhere, cancelled, failed or lost" CHECK (
      outcome IN ('answered', 'busy', 'declined', 'no-answer', 'unavailable', 'congestion', 'unreachable',
        'wrong-number', 'answered-elsewhere', 'cancelled', 'failed', 'lost')),
  -- Why it ended, as a Q.850 cause.
  cause INTEGER,
  -- The final SIP response, where Asterisk knows it.
  sip_code INTEGER,
  PRIMARY KEY (call, step, target)
) STRICT, WITHOUT ROWID;
