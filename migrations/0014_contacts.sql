-- A phone that is registered with several devices rings on all of them as one target: which of them took the call.
-- What was dialled for the device, such as PJSIP/alice/sip:alice@10.0.0.5:5060; null: nobody answered, or there is one device only
-- (the failsafe names that one, too).
ALTER TABLE attempts ADD COLUMN contact TEXT;
