-- Why an attempt was refused is kept with it: the policy may be another one by the time that somebody asks.

ALTER TABLE attempts ADD COLUMN
  -- Why it was refused, in words; null for any other outcome, and where the attempt is older than this column.
  reason TEXT;
