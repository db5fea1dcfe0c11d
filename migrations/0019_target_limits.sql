-- How many calls a target may have at once, counted over the rules of all numbers, and how long it is left alone after one.

CREATE TABLE target_limits (
  -- The target as the rules write it: PJSIP/alice, +442071838750 or PJSIP/x@trunk.
  dial TEXT PRIMARY KEY
    CONSTRAINT "target_limits.dial must be a target as the rules write it, such as PJSIP/alice or +442071838750" CHECK (
      (dial GLOB '+[1-9]*' AND substr(dial, 2) NOT GLOB '*[^0-9]*' AND length(dial) BETWEEN 3 AND 16)
      OR (dial GLOB '[A-Z]*/?*' AND dial NOT GLOB '*[^-A-Za-z0-9_.+/@*#]*')),
  -- How many calls ring it or talk with it at once. While it has as many, the next target is tried.
  max_calls INTEGER NOT NULL DEFAULT 1
    CONSTRAINT "target_limits.max_calls must be 1 or more" CHECK (max_calls >= 1),
  -- For how long a conversation that has ended still counts as one of max_calls, in seconds; 0: it does not.
  wrap_up_seconds INTEGER NOT NULL DEFAULT 0
    CONSTRAINT "target_limits.wrap_up_seconds must be between 0 and 3600" CHECK (wrap_up_seconds BETWEEN 0 AND 3600)
) STRICT, WITHOUT ROWID;
