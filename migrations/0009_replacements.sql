-- Who took whose place in a call: by call pickup, by a transfer, or by INVITE with Replaces. A call in which nobody did has no row.

CREATE TABLE replacements (
  -- The call that it belongs to.
  call TEXT NOT NULL REFERENCES calls (id) ON UPDATE CASCADE ON DELETE CASCADE,
  -- 1 is the first replacement in the call, then 2, and so on.
  position INTEGER NOT NULL
    CONSTRAINT "replacements.position must be 1 or more" CHECK (position >= 1),
  -- attempts.step and attempts.target of the target whose place was taken; both null: the caller's place.
  step INTEGER,
  target INTEGER,
  -- Asterisk's id of the leg that took the place.
  leg TEXT NOT NULL,
  -- What that leg is: 'PJSIP/bob'; '55@office' where a blind transfer went; '_attended@transfer' after an attended one, of which
  -- Asterisk names no phone; empty: not known.
  who TEXT NOT NULL,
  -- When followme learned of it: after a gap in the connection, or a restart, that is later than when it happened.
  at TEXT NOT NULL
    CONSTRAINT "replacements.at must be an instant in UTC such as 2026-11-22T11:48:12.345Z" CHECK (
      at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  PRIMARY KEY (call, position),
  CONSTRAINT "replacements: give step and target, or neither for the caller's place" CHECK ((step IS NULL) = (target IS NULL))
) STRICT, WITHOUT ROWID;
