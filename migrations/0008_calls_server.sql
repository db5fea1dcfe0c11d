-- Which server had a call, for sites where several servers' records come together.

ALTER TABLE calls ADD COLUMN
  -- The name of the server (FOLLOWME_SERVER, by default the host's name) that had the call last; null: the row is older than
  -- this column.
  server TEXT
    CONSTRAINT "calls.server must not be empty" CHECK (server <> '');
