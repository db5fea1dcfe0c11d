// Migrations as files and as the database remembers them, and whether the two agree. Changes nothing.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError, reasonOf } from '../core/errors'
import type { SqliteDatabase } from './driver'
import { keywordsOf, statementsOf, type Statement } from './sql-script'

/** Whose it is: followme's own schema, or the site's rules. Each is numbered by itself; followme's come first. */
export type Origin = 'followme' | 'site'

/** Where the files are; without `site` there are none but followme's own. */
export interface MigrationDirectories {
  readonly shipped: string
  readonly site?: string | undefined
}

/** One `NNNN_name.sql`. */
export interface MigrationFile {
  readonly origin: Origin
  readonly version: number
  /** `NNNN_name`. */
  readonly name: string
  readonly path: string
  /** SHA-256 of its text, in hex: line ends, blanks at the end of a line or of the file, and a byte-order mark do not count. */
  readonly checksum: string
  /** The checksum of its bytes, by which an earlier followme has remembered it. */
  readonly checksumOfBytes: string
  readonly text: string
  readonly statements: readonly Statement[]
}

interface Applied {
  readonly origin: Origin
  readonly version: number
  readonly name: string
  readonly checksum: string
  readonly applied_at: string
}

/** All migrations in the order in which they are applied. Throws where a file or directory cannot be read or is misnamed. */
export function readMigrations(directories: MigrationDirectories): MigrationFile[] {
  const shipped = readDirectory('followme', directories.shipped)
  const site = directories.site === undefined ? [] : readDirectory('site', directories.site)
  return [...shipped, ...site]
}

/**
 * Those of the files that the database does not have yet; `origins` narrows it to followme's own, say. Throws `conflict`, with the cure, where the database and the
 * files tell different stories: a changed, missing or late migration, or a database newer than this followme.
 */
export function pendingOf(
  sqlite: SqliteDatabase,
  files: readonly MigrationFile[],
  origins: readonly Origin[] = ['followme', 'site']
): MigrationFile[] {
  const applied = appliedIn(sqlite).filter((entry) => origins.includes(entry.origin))
  for (const entry of applied) checkApplied(entry, files)
  return files.filter((file) => {
    const ofOrigin = applied.filter((entry) => entry.origin === file.origin)
    if (ofOrigin.some((entry) => entry.version === file.version)) return false
    const later = ofOrigin.find((entry) => entry.version > file.version)
    if (later === undefined) return true
    throw new AppError(
      'conflict',
      `migration ${file.path} comes before ${later.name}, which is applied already; give it a number above ${digitsOf(ofOrigin.at(-1)?.version ?? 0)}`
    )
  })
}

function readDirectory(origin: Origin, directory: string): MigrationFile[] {
  const files: MigrationFile[] = []
  for (const entry of namesIn(origin, directory)) {
    const path = join(directory, entry)
    const version = versionOf(directory, entry)
    const before = files.at(-1)
    if (before?.version === version) {
      throw new AppError('invalid', `migrations ${before.path} and ${path} have the same number; renumber one of them`)
    }
    files.push({ origin, version, name: entry.slice(0, -4), path, ...contentOf(path) })
  }
  return files
}

/** The highest number in a site's directory; 0 where it holds no migration. Throws as {@link readMigrations} does. */
export function highestVersion(directory: string): number {
  return Math.max(0, ...namesIn('site', directory).map((entry) => versionOf(directory, entry)))
}

function versionOf(directory: string, entry: string): number {
  const version = /^(\d{4})_[a-z0-9_-]+\.sql$/.exec(entry)?.[1]
  if (version !== undefined) return Number(version)
  throw new AppError(
    'invalid',
    `migration ${join(directory, entry)}: the name must be four digits, _, lower-case words and .sql, such as 0002_night_rota.sql; rename it`
  )
}

function namesIn(origin: Origin, directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => /\.sql$/i.test(name) && !name.startsWith('.'))
      .sort()
  } catch (error) {
    const cure =
      origin === 'site' ? 'set FOLLOWME_MIGRATIONS to the directory of your migrations' : 'reinstall followme'
    throw new AppError('unavailable', `migrations in ${directory} cannot be read (${reasonOf(error)}); ${cure}`, {
      cause: error
    })
  }
}

function contentOf(path: string): Pick<MigrationFile, 'checksum' | 'checksumOfBytes' | 'text' | 'statements'> {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    throw new AppError(
      'unavailable',
      `migration ${path} cannot be read (${reasonOf(error)}); let the user who runs followme read it (chgrp asterisk ${path}; chmod 640 ${path})`,
      { cause: error }
    )
  }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new AppError('invalid', `migration ${path} is not UTF-8 text; save it as UTF-8`)
  }
  const statements = statementsOf(text)
  for (const statement of statements) checkStatement(path, statement)
  const plain = text.replace(/[ \t]*(\r\n|\r|\n)/g, '\n').trimEnd()
  return { checksum: sha256(plain), checksumOfBytes: sha256(bytes), text, statements }
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}

function checkStatement(path: string, statement: Statement): void {
  const keyword = keywordsOf(statement, 1)
  const why = notAllowed[keyword]
  if (why === undefined) return
  throw new AppError('invalid', `migration ${path}, line ${statement.line}: ${keyword} is not allowed, since ${why}`)
}

// Whatever ends the transaction would keep half a migration.
const transaction = 'followme runs each migration in one transaction of its own; remove it'
const otherFile =
  'a migration is for this database alone, and would change another file in a dry run, too; remove it, and write the rows themselves'

const notAllowed: Readonly<Record<string, string>> = {
  BEGIN: transaction,
  COMMIT: transaction,
  END: transaction,
  ROLLBACK: transaction,
  ATTACH: otherFile,
  DETACH: otherFile,
  PRAGMA: 'it would set up the connection and not the rules, and could switch off what keeps them right; remove it',
  VACUUM: "SQLite cannot do it in a transaction; remove it, and run sqlite3 DATABASE 'VACUUM' by hand"
}

function appliedIn(sqlite: SqliteDatabase): Applied[] {
  const known = sqlite.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'").get()
  if (known === undefined) return []
  return sqlite
    .prepare<[], Applied>(
      'SELECT origin, version, name, checksum, applied_at FROM schema_migrations ORDER BY origin, version'
    )
    .all()
}

function checkApplied(entry: Applied, files: readonly MigrationFile[]): void {
  const file = files.find((candidate) => candidate.origin === entry.origin && candidate.version === entry.version)
  if (file === undefined) throw missing(entry, files)
  if (file.name !== entry.name) {
    throw new AppError(
      'conflict',
      `migration ${file.path} was called ${entry.name}.sql when it was applied on ${entry.applied_at}; give it that name again, and a new migration a number of its own`
    )
  }
  if (file.checksum !== entry.checksum && file.checksumOfBytes !== entry.checksum) {
    throw new AppError(
      'conflict',
      `migration ${file.path} was changed after it was applied on ${entry.applied_at} (checksum then ${entry.checksum}, now ${file.checksum}); restore it as it was, and put the change into a new migration`
    )
  }
}

function missing(entry: Applied, files: readonly MigrationFile[]): AppError {
  if (entry.origin === 'followme') {
    return new AppError(
      'conflict',
      `the database is newer than this followme: it has migration ${entry.name}, which this version does not know; upgrade followme`
    )
  }
  const cure = files.some((file) => file.origin === 'site')
    ? `restore it, for instance from version control`
    : `set FOLLOWME_MIGRATIONS to the directory that holds it`
  return new AppError(
    'conflict',
    `site migration ${entry.name}.sql was applied on ${entry.applied_at} but its file is missing; ${cure}`
  )
}

/** A version as file names write it: `0007`. */
export function digitsOf(version: number): string {
  return String(version).padStart(4, '0')
}
