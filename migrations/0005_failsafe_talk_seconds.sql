-- The failsafe ends a conversation when followme would: one whose devices have gone without a word must not last for ever.

ALTER TABLE failsafe ADD COLUMN
  -- The longest conversation, in seconds (FOLLOWME_MAX_CALL_SECONDS); null: written before this was here.
  talk_seconds INTEGER
    CONSTRAINT "failsafe.talk_seconds must be 1 or more" CHECK (talk_seconds >= 1);
