// What the database records about migrations: which were applied, their texts, which files were accepted, and the last refusal.
import { AppError } from '../../errors'
import type { SqliteDatabase } from '../database/driver'
import { hasChecksum, isSameText, type MigrationFile } from './migration-files'
import type { Origin } from './migration-names'

/** An applied migration. */
export interface AppliedEntry {
  readonly origin: Origin
  readonly version: number
  /** `NNNN_name`. */
  readonly name: string
  readonly checksum: string
  readonly applied_at: string
  /** The file that was later accepted instead of the applied one; nulls: its absence was accepted. */
  readonly accepted?: Accepted
  /** The text of the file that was applied or last accepted; undefined if it was not kept. */
  readonly kept?: () => string | undefined
}

export interface Accepted {
  readonly name: string | null
  readonly checksum: string | null
}

/** The last refusal of `migrate`. */
export interface MigrationRefusal {
  /** When, in UTC. */
  readonly at: string
  readonly reason: string
}

/** Longer texts are not kept. */
const maxKept = 1_000_000

/** Creates the table of applied migrations in a new database. Throws `conflict` if the database has another program's tables. */
export function prepareHistory(sqlite: SqliteDatabase, database: string): void {
  const tables = sqlite.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all()
  if (tables.includes('schema_migrations')) return
  if (tables.length > 0) {
    throw new AppError(
      'conflict',
      `database ${database} belongs to another program (it has the table ${tables[0] ?? ''}); set FOLLOWME_DATABASE to a file of followme's own`
    )
  }
  sqlite.exec(`CREATE TABLE schema_migrations (
  -- Whose it is: followme's own schema, or the site's rules.
  origin TEXT NOT NULL CHECK (origin IN ('followme', 'site')),
  -- The number that its file begins with.
  version INTEGER NOT NULL,
  -- The file's name without .sql.
  name TEXT NOT NULL,
  -- SHA-256 of the file as it was applied, in hex.
  checksum TEXT NOT NULL,
  -- When it was applied.
  applied_at TEXT NOT NULL,
  -- How long that took.
  duration_ms INTEGER NOT NULL,
  PRIMARY KEY (origin, version)
) STRICT, WITHOUT ROWID`)
}

/** By number, followme's own first; empty if this is not a database of followme. */
export function appliedIn(sqlite: SqliteDatabase): AppliedEntry[] {
  if (!hasTable(sqlite, 'schema_migrations')) return []
  const accepted = hasTable(sqlite, 'migration_files') ? acceptedIn(sqlite) : new Map<number, Accepted>()
  return sqlite
    .prepare<[], AppliedEntry>(
      'SELECT origin, version, name, checksum, applied_at FROM schema_migrations ORDER BY origin, version'
    )
    .all()
    .map((entry) => {
      if (entry.origin !== 'site') return entry
      const later = accepted.get(entry.version)
      return { ...entry, kept: () => keptText(sqlite, entry.version), ...(later && { accepted: later }) }
    })
}

function acceptedIn(sqlite: SqliteDatabase): Map<number, Accepted> {
  const rows = sqlite
    .prepare<[], Accepted & { version: number; event: string }>(
      'SELECT version, event, name, checksum FROM migration_files ORDER BY id'
    )
    .all()
  const last = new Map(rows.map((row) => [row.version, row]))
  return new Map([...last].filter(([, { event }]) => event === 'accepted'))
}

/** Whether a file is the applied one, or the one accepted in its place. */
export function isFileOf({ name, checksum, accepted, kept }: AppliedEntry, file: MigrationFile): boolean {
  const is = (named: string | null, remembered: string | null): boolean =>
    file.name === named && remembered !== null && hasChecksum(file, remembered)
  if (is(name, checksum) || (accepted !== undefined && is(accepted.name, accepted.checksum))) return true
  const last = accepted === undefined ? name : accepted.name
  return file.name === last && isSameText(file, kept?.())
}

/** The text of a site migration as applied or last accepted; undefined if it was not kept. */
export function keptText(sqlite: SqliteDatabase, version: number): string | undefined {
  if (!hasTable(sqlite, 'migration_files')) return undefined
  const text = sqlite
    .prepare<[number], string | null>(
      'SELECT text FROM migration_files WHERE version = ? AND name IS NOT NULL ORDER BY id DESC LIMIT 1'
    )
    .pluck()
    .get(version)
  return text ?? undefined
}

/** Records a migration as applied, within its transaction. */
export function noteApplied(sqlite: SqliteDatabase, file: MigrationFile, durationMs: number): void {
  const at = new Date().toISOString()
  sqlite
    .prepare('INSERT INTO schema_migrations VALUES (?, ?, ?, ?, ?, ?)')
    .run(file.origin, file.version, file.name, file.checksum, at, durationMs)
  if (file.origin === 'site') noteFile(sqlite, 'applied', at, file.version, file)
}

/** Records the current file of an applied migration as accepted; undefined: its absence is accepted. */
export function noteAccepted(sqlite: SqliteDatabase, version: number, file: MigrationFile | undefined): void {
  noteFile(sqlite, 'accepted', new Date().toISOString(), version, file)
}

/** Stores the texts of files that an earlier version applied without storing them. */
export function keepTexts(sqlite: SqliteDatabase, files: readonly MigrationFile[]): void {
  if (!hasTable(sqlite, 'migration_files')) return
  const known = new Set(sqlite.prepare<[], number>('SELECT version FROM migration_files').pluck().all())
  const lacking = appliedIn(sqlite).flatMap((entry) => {
    if (entry.origin !== 'site' || known.has(entry.version)) return []
    const file = files.find((each) => each.origin === 'site' && isFileOf(entry, each))
    return file === undefined ? [] : [{ entry, file }]
  })
  if (lacking.length === 0) return
  quietly(() =>
    sqlite.transaction(() => {
      for (const { entry, file } of lacking) noteFile(sqlite, 'applied', entry.applied_at, entry.version, file)
    })()
  )
}

/** Records why the remaining migrations were not applied; undefined: all were. A failure to record is ignored. */
export function noteRefusal(sqlite: SqliteDatabase, reason: string | undefined): void {
  if (lastRefusal(sqlite)?.reason === reason) return
  quietly(() =>
    reason === undefined
      ? sqlite.exec('DELETE FROM migration_refusal')
      : sqlite
          .prepare('INSERT OR REPLACE INTO migration_refusal (id, at, reason) VALUES (1, ?, ?)')
          .run(new Date().toISOString(), reason)
  )
}

/** The last refusal of `migrate`; undefined if it applied everything. */
export function lastRefusal(sqlite: SqliteDatabase): MigrationRefusal | undefined {
  if (!hasTable(sqlite, 'migration_refusal')) return undefined
  return sqlite.prepare<[], MigrationRefusal>('SELECT at, reason FROM migration_refusal').get()
}

function noteFile(
  sqlite: SqliteDatabase,
  event: 'applied' | 'accepted',
  at: string,
  version: number,
  file: MigrationFile | undefined
): void {
  const text = file === undefined || file.text.length > maxKept ? null : file.text
  sqlite
    .prepare('INSERT INTO migration_files (version, event, at, name, checksum, text) VALUES (?, ?, ?, ?, ?, ?)')
    .run(version, event, at, file?.name ?? null, file?.checksum ?? null, text)
}

// If the database is read-only or another program writes, only this record is lost.
function quietly(write: () => unknown): void {
  try {
    write()
  } catch {
    // The next migrate records it.
  }
}

export function hasTable(sqlite: SqliteDatabase, table: string): boolean {
  return sqlite.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(table) !== undefined
}

/** Whether the database has this column: commands that only read take one that waits for its next migration. */
export function hasColumn(sqlite: SqliteDatabase, table: string, column: string): boolean {
  return sqlite.prepare('SELECT 1 FROM pragma_table_info(?) WHERE name = ?').get(table, column) !== undefined
}
