-- More about the site's migrations than schema_migrations has: their text, the files accepted with `migrate --accept`, and why
-- the last `migrate` refused one.

-- One row for each time a file was applied or accepted. The last row of a version is what its file must match.
CREATE TABLE migration_files (
  id INTEGER NOT NULL PRIMARY KEY,
  -- The number at the beginning of the file's name.
  version INTEGER NOT NULL,
  -- 'applied': its SQL was run. 'accepted': it was not.
  event TEXT NOT NULL CHECK (event IN ('applied', 'accepted')),
  -- An instant, in UTC.
  at TEXT NOT NULL,
  -- The file's name without .sql; null: the file was missing, and `--accept` accepted that.
  name TEXT,
  -- As in schema_migrations; null: the file was missing.
  checksum TEXT,
  -- The file's text at that time; null: the file was missing, or has more than a million characters.
  text TEXT
) STRICT;

CREATE INDEX migration_files_version ON migration_files (version);

-- At most one row. No row: the last `migrate` applied every file.
CREATE TABLE migration_refusal (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  -- An instant, in UTC.
  at TEXT NOT NULL,
  -- The message, with the file, the reason and the cure.
  reason TEXT NOT NULL
) STRICT;
