-- When the number of an attempt went out: what was dialled may have rung, and is not rung again by a process that takes the call over.

ALTER TABLE attempts ADD COLUMN
  -- When Asterisk was asked to dial the leg; null: it was not, or the attempt is older than this column.
  dialled_at TEXT
    CONSTRAINT "attempts.dialled_at must be an instant in UTC such as 2026-11-22T11:48:12.345Z" CHECK (
      dialled_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z');
