-- The failsafe ends a conversation when followme would, so that one whose phones have lost their network does not last for ever.

ALTER TABLE failsafe ADD COLUMN
  -- The longest conversation, in seconds (FOLLOWME_MAX_CALL_SECONDS); null: the row is older than this column.
  talk_seconds INTEGER
    CONSTRAINT "failsafe.talk_seconds must be 1 or more" CHECK (talk_seconds >= 1);
