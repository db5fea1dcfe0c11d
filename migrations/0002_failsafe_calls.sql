-- The calls that the failsafe has carried: Asterisk writes them down where followme, not being there, could not, and
-- followme takes them into `calls` and `attempts` as soon as it is.

ALTER TABLE calls ADD COLUMN
  -- When the failsafe took the call over, followme not being there; null: it did not. Of the attempts that it made the id
  -- of the leg is not known, nor when it began to ring.
  failsafe_at TEXT
    CONSTRAINT "calls.failsafe_at must be an instant in UTC such as 2026-11-22T11:48:12.345Z" CHECK (
      failsafe_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z');

-- Whose record it is that the failsafe has gone on with.
CREATE INDEX calls_a_leg ON calls (a_leg);

-- One row a call, written by extensions_followme.conf when the call is over, and removed once it is in the records. No
-- constraints: what Asterisk writes is to be kept, and judged afterwards.
CREATE TABLE failsafe_calls (
  id INTEGER NOT NULL PRIMARY KEY,
  -- Asterisk's id of the incoming leg.
  a_leg TEXT NOT NULL DEFAULT '',
  -- What was dialled.
  number TEXT NOT NULL DEFAULT '',
  -- The caller's number as the carrier gave it, with '=' before it, in base64.
  caller_number TEXT NOT NULL DEFAULT '',
  -- The caller's name, likewise.
  caller_name TEXT NOT NULL DEFAULT '',
  -- When the failsafe took the call.
  entered_at TEXT NOT NULL DEFAULT '',
  -- failsafe.computed_at of the plan that it read; empty: it read none.
  plan_at TEXT NOT NULL DEFAULT '',
  -- Each step that nobody answered: 'STEP DIAL SECONDS BEGAN ENDED DIALSTATUS CAUSE|'. Step 0 is FOLLOWME_FAILSAFE.
  tried TEXT NOT NULL DEFAULT '',
  -- The step that somebody answered, or in which the caller hung up: 'STEP DIAL SECONDS BEGAN'; empty: none.
  dialling TEXT NOT NULL DEFAULT '',
  -- What became of that step, in Asterisk's words: ANSWER, CANCEL ...
  dial_status TEXT NOT NULL DEFAULT '',
  -- How long the two talked.
  answered_ms TEXT NOT NULL DEFAULT '',
  -- Which address of that step answered, without its technology.
  answered_by TEXT NOT NULL DEFAULT '',
  -- Who hung up on the other: caller or target.
  hung_up_by TEXT NOT NULL DEFAULT '',
  -- What the caller was given in the end: fallback, unknown (there is no such number), sorry (an apology), or nothing.
  ending TEXT NOT NULL DEFAULT '',
  -- Since when.
  ending_at TEXT NOT NULL DEFAULT '',
  -- Which fallback, with '=' before it, in base64.
  fallback TEXT NOT NULL DEFAULT '',
  -- Why the incoming leg ended, as a Q.850 cause.
  cause TEXT NOT NULL DEFAULT '',
  -- When it ended.
  ended_at TEXT NOT NULL DEFAULT '',
  -- Why followme cannot read this row, which then stays here for somebody to look at; null: it can.
  fault TEXT
) STRICT;
