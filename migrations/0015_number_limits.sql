-- max_calls of a virtual number is applied: how many calls of the number may be in progress at once, and what any more of them get.

ALTER TABLE virtual_numbers ADD COLUMN
  -- What a caller gets while max_calls calls of the number are in progress (as virtual_numbers.fallback); null: its fallback.
  fallback_full TEXT
    CONSTRAINT "virtual_numbers.fallback_full must be busy, hangup, voicemail:BOX@CONTEXT, announce:SOUND, dialplan:CONTEXT,EXTEN,PRIORITY, number:+NUMBER, or null for the fallback" CHECK (
      fallback_full IN ('busy', 'hangup') OR fallback_full GLOB 'voicemail:?*@?*' OR fallback_full GLOB 'announce:?*'
      OR fallback_full GLOB 'dialplan:?*,?*,?*' OR fallback_full GLOB 'number:+[1-9]*')
    CONSTRAINT "virtual_numbers.fallback_full must not lead to the number itself" CHECK (fallback_full <> 'number:' || number);

-- Which numbers lead to another one where they are full: see 0007_rule_versions.
CREATE INDEX virtual_numbers_full_leads ON virtual_numbers (fallback_full) WHERE fallback_full GLOB 'number:*';

ALTER TABLE calls ADD COLUMN
  -- Why no rule was asked, in words; null: the rules decided, or the call is older than this column.
  reason TEXT;

-- The failsafe counts the calls that it has itself. The first row of a number with a limit names it, and where the rows begin that are
-- for any more calls: after the last row of the plan, and ending with a fallback of their own.
ALTER TABLE failsafe ADD COLUMN
  -- How many calls may be in progress at once, in the first row; null: any number, and in every other row.
  max_calls INTEGER
    CONSTRAINT "failsafe.max_calls must be 1 or more, or null" CHECK (max_calls >= 1);

ALTER TABLE failsafe ADD COLUMN
  -- The first step for any more calls; null where max_calls is.
  full_step INTEGER
    CONSTRAINT "failsafe.full_step must be 2 or more, and given with max_calls" CHECK (
      (full_step IS NULL) = (max_calls IS NULL) AND ifnull(full_step, 2) >= 2);
