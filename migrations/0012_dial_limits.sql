-- How much of what dial_policy allows: limits of a prefix, and of the whole site. And why an attempt was refused is kept with it: the
-- policy may be another one by the time that somebody asks.

-- The table once more, with one more verdict, limit: SQLite cannot change a constraint.
ALTER TABLE dial_policy RENAME TO former_dial_policy;

CREATE TABLE dial_policy (
  -- What the numbers begin with, in international form: +44, +4490; + is every number. The longest prefix that fits decides whether a
  -- number may be dialled; the limits of every prefix that fits hold.
  prefix TEXT PRIMARY KEY
    CONSTRAINT "dial_policy.prefix must be + and the digits that the numbers begin with, such as +44" CHECK (
      prefix GLOB '+*' AND substr(prefix, 2) NOT GLOB '*[^0-9]*' AND prefix NOT GLOB '+0*' AND length(prefix) <= 16),
  -- 'allow' or 'deny'. To allow numbers that cost more, the prefix must go beyond the country code: +44 allows Britain, +4490 its
  -- premium-rate numbers as well. 'limit': the row only limits what other rows, or none, allow.
  verdict TEXT NOT NULL
    CONSTRAINT "dial_policy.verdict must be allow, deny or limit" CHECK (verdict IN ('allow', 'deny', 'limit')),
  -- How many calls to these numbers there may be at once, from dialling to the end; null: any number.
  max_calls INTEGER
    CONSTRAINT "dial_policy.max_calls must be 1 or more, or null" CHECK (max_calls >= 1),
  -- How many may be dialled within 60 minutes; null: any number.
  max_per_hour INTEGER
    CONSTRAINT "dial_policy.max_per_hour must be 1 or more, or null" CHECK (max_per_hour >= 1),
  -- After how many minutes of talk within 24 hours no more are dialled; null: any number.
  max_minutes_day INTEGER
    CONSTRAINT "dial_policy.max_minutes_day must be 1 or more, or null" CHECK (max_minutes_day >= 1),
  -- Why, for people; null: nobody has said.
  note TEXT,
  CONSTRAINT "dial_policy: a row that denies has no limit" CHECK (
    verdict <> 'deny' OR coalesce(max_calls, max_per_hour, max_minutes_day) IS NULL),
  CONSTRAINT "dial_policy: give max_calls, max_per_hour or max_minutes_day with limit" CHECK (
    verdict <> 'limit' OR coalesce(max_calls, max_per_hour, max_minutes_day) IS NOT NULL)
) STRICT, WITHOUT ROWID;

INSERT INTO dial_policy (prefix, verdict, note) SELECT prefix, verdict, note FROM former_dial_policy;

DROP TABLE former_dial_policy;

ALTER TABLE attempts ADD COLUMN
  -- Why it was refused, in words; null for any other outcome, and where the attempt is older than this column.
  reason TEXT;
