-- What is known of the site's migrations beyond schema_migrations: their text, which files `migrate --accept` has taken as
-- they are, and why the last `migrate` refused one.

-- One row each time that a file was applied or accepted; of a number's rows, the last says what its file must be.
CREATE TABLE migration_files (
  id INTEGER NOT NULL PRIMARY KEY,
  -- The number that the file begins with.
  version INTEGER NOT NULL,
  -- Whether it was run, or only accepted.
  event TEXT NOT NULL CHECK (event IN ('applied', 'accepted')),
  -- When.
  at TEXT NOT NULL,
  -- The file's name without .sql; null: it was accepted that there is none.
  name TEXT,
  -- As in schema_migrations; null: there is no file.
  checksum TEXT,
  -- The file as it was then; null: there was none, or it has more than a million characters.
  text TEXT
) STRICT;

CREATE INDEX migration_files_version ON migration_files (version);

-- At most one row: there is none where the last `migrate` applied all that there was.
CREATE TABLE migration_refusal (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  -- When.
  at TEXT NOT NULL,
  -- The message, with the file, the reason and the cure.
  reason TEXT NOT NULL
) STRICT;
