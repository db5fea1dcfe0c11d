-- Loops: a call that leaves through a trunk and comes back, because a number, a mobile or the carrier forwards it here, is
-- refused before it can go round. Its record has the decision loop, and the call that it came from.

-- The table once more, with one more decision: SQLite cannot change a constraint. Nothing refers to the new table until it has the
-- name of the old one, so attempts and replacements keep their references.
CREATE TABLE new_calls (
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
  -- What decided: rule, override, fallback (no rule matched); or why the call was refused: unknown-number, disabled or loop.
  decision TEXT NOT NULL
    CONSTRAINT "calls.decision must be rule, override, fallback, unknown-number, disabled or loop" CHECK (
      decision IN ('rule', 'override', 'fallback', 'unknown-number', 'disabled', 'loop')),
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
    CONSTRAINT "calls.recovered must be 0 or 1" CHECK (recovered IN (0, 1)),
  -- When the failsafe took the call over, because followme was not available; null: it did not. Of the attempts that it made the id
  -- of the leg is not known, nor when it began to ring.
  failsafe_at TEXT
    CONSTRAINT "calls.failsafe_at must be an instant in UTC such as 2026-11-22T11:48:12.345Z" CHECK (
      failsafe_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  -- The name of the server (FOLLOWME_SERVER, by default the host's name) that had the call last; null: the row is older than
  -- this column.
  server TEXT
    CONSTRAINT "calls.server must not be empty" CHECK (server <> ''),
  -- Why no rule was asked, in words; null: the rules decided, or the call is older than this column.
  reason TEXT,
  -- The id of the call whose leg through a trunk came back as this call; null: none that is known. Not a foreign key: that record may
  -- be deleted first, and the two are written in any order.
  came_from TEXT
) STRICT;

INSERT INTO new_calls (
  id, number, caller_number, caller_name, a_leg, started_at, answered_at, ended_at, outcome, ended_by, cause, decision, rule, plan, fallback,
  answered_by, ring_ms, talk_ms, recovered, failsafe_at, server, reason)
SELECT
  id, number, caller_number, caller_name, a_leg, started_at, answered_at, ended_at, outcome, ended_by, cause, decision, rule, plan, fallback,
  answered_by, ring_ms, talk_ms, recovered, failsafe_at, server, reason
FROM calls;

DROP TABLE calls;

ALTER TABLE new_calls RENAME TO calls;

CREATE INDEX calls_started ON calls (started_at);
CREATE INDEX calls_number ON calls (number, started_at);
-- What recovery reads: small, however many calls there have been.
CREATE INDEX calls_open ON calls (started_at) WHERE ended_at IS NULL;
-- Whose record it is that the failsafe has gone on with.
CREATE INDEX calls_a_leg ON calls (a_leg);
