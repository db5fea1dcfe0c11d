-- The caller ID that targets are shown. Until now it was always the caller's own, which many carriers refuse.

ALTER TABLE virtual_numbers ADD COLUMN
  -- outside: phones are shown the caller, and trunks a number of the site. caller: all are shown the caller. number, fixed: all are
  -- shown the virtual number, or caller_id. The number of the site is caller_id, or the virtual number itself.
  caller_id_policy TEXT NOT NULL DEFAULT 'outside'
    CONSTRAINT "virtual_numbers.caller_id_policy must be outside, caller, number or fixed" CHECK (
      caller_id_policy IN ('outside', 'caller', 'number', 'fixed'))
    CONSTRAINT "virtual_numbers.caller_id_policy fixed needs a caller_id" CHECK (caller_id_policy <> 'fixed' OR caller_id IS NOT NULL);

ALTER TABLE virtual_numbers ADD COLUMN
  -- What phones are shown before the caller's name, such as 'Sales: '; null: nothing.
  name_prefix TEXT
    CONSTRAINT "virtual_numbers.name_prefix must have 1 to 40 characters, and no control character, or be null" CHECK (
      length(name_prefix) BETWEEN 1 AND 40 AND name_prefix NOT GLOB '*[' || char(1) || '-' || char(31) || char(127) || ']*');

ALTER TABLE virtual_numbers ADD COLUMN
  -- The SIP header Alert-Info for phones, which chooses how they ring, such as '<http://127.0.0.1/Bellcore-dr2>'; null: none.
  alert_info TEXT
    CONSTRAINT "virtual_numbers.alert_info must have 1 to 200 printable ASCII characters, or be null" CHECK (
      length(alert_info) BETWEEN 1 AND 200 AND alert_info NOT GLOB '*[^ -~]*');

-- The same for the failsafe: the numbers to present to trunks and to phones. Null: the caller's own, no prefix, no header.
ALTER TABLE failsafe ADD COLUMN outside_caller TEXT;
ALTER TABLE failsafe ADD COLUMN inside_caller TEXT;
ALTER TABLE failsafe ADD COLUMN name_prefix TEXT;
ALTER TABLE failsafe ADD COLUMN alert_info TEXT;
