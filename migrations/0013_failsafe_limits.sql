-- The failsafe keeps within the limits of dial_policy: what has one stands apart, so that the rest of a step rings without it.

ALTER TABLE failsafe ADD COLUMN
  -- What Dial() rings beside `dial`, as long as the limits leave room: one target at most; null: nothing. `dial` is
  -- empty where nothing else rings.
  limited_dial TEXT;

ALTER TABLE failsafe ADD COLUMN
  -- Its limits, as the digits of a prefix (0 for the whole site) and the most calls at once: '44:4&0:20'; null where limited_dial is.
  limits TEXT;
