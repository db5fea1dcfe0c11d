// Applies migrations: in order, each in one transaction together with the note that it was applied.
import { existsSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { AppError, reasonOf } from '../../errors'
import { isBusy, openDatabase, type OpenDatabase } from '../database/database'
import { databaseFault } from '../database/database-fault'
import type { SqliteDatabase } from '../database/driver'
import { pendingOf } from './migration-conflicts'
import { directivesOf } from './migration-directives'
import { foreignKeyFault, statementFault } from './migration-faults'
import { type MigrationDirectories, type MigrationFile, readMigrations, statementsIn } from './migration-files'
import { keepTexts, noteApplied, noteRefusal } from './migration-history'
import { LossGuard } from './migration-losses'
import { namesIn, type Origin } from './migration-names'
import { committedFaults, type Outcome, type OutcomeOptions, requireOutcome, Warnings } from './migration-outcome'
import { summaryOf } from './migration-summary'
import { hasForeignTrigger, ownSchema, ownTables, requireOwnSchema, temporaryGuard } from './own-schema'
import { isRuleTable, watchRows } from './row-watch'
import { overlookedOf } from './site-migrations'
import type { Statement } from './sql-script'

export interface MigrateOptions extends MigrationDirectories, OutcomeOptions {
  /** How long to wait for another writer, such as a second migrate. Default 60,000. */
  readonly waitMs?: number
  /** Called with what is done next, in words. */
  readonly progress?: (text: string) => void
}

export interface AppliedMigration {
  readonly origin: Origin
  readonly version: number
  readonly name: string
  readonly durationMs: number
  /** What it adds, changes and removes, as lines for people. */
  readonly summary: readonly string[]
}

/**
 * Applies what is pending and returns it, in order: followme's own whatever the site's are like, then the site's. Throws
 * `conflict` where files and database disagree, `invalid` where a migration is at fault (it is rolled back; those before it
 * stay), `unavailable` where the database cannot be used. Where two run at once, one waits for the other.
 */
export function migrate(options: MigrateOptions): AppliedMigration[] {
  // A directory that is not there is most often a setting that is wrong, and so may the database's be.
  if (options.site !== undefined && !existsSync(options.database)) namesIn('site', options.site)
  const { sqlite, close } = openDatabase(options.database, { create: true, busyTimeoutMs: 1_000 })
  try {
    return applyAll(sqlite, options)
  } finally {
    close()
  }
}

/** As {@link migrate}, but to a copy of the database that is in memory. */
export function migrateCopy(copy: OpenDatabase, options: MigrateOptions): AppliedMigration[] {
  return applyAll(copy.sqlite, options)
}

function applyAll(sqlite: SqliteDatabase, options: MigrateOptions): AppliedMigration[] {
  const applied = applyOf('followme', sqlite, readMigrations({ shipped: options.shipped }), options)
  try {
    applied.push(...applySite(sqlite, options))
    noteRefusal(sqlite, undefined)
  } catch (error) {
    noteRefusal(sqlite, reasonOf(error))
    throw error
  }
  if (applied.length === 0) options.log('up to date')
  return applied
}

function applySite(sqlite: SqliteDatabase, options: MigrateOptions): AppliedMigration[] {
  const files = readMigrations(options)
  // All are looked through before the first is run.
  for (const file of pendingOf(sqlite, files, 'site')) statementsIn(file)
  for (const { message, cure } of overlookedOf(sqlite, files, options)) options.log(`warning: ${message}: ${cure}`)
  keepTexts(sqlite, files)
  const warnings = new Warnings()
  try {
    return applyOf('site', sqlite, files, options, warnings)
  } finally {
    for (const line of warnings.lines()) options.log(line)
  }
}

function applyOf(
  origin: Origin,
  sqlite: SqliteDatabase,
  files: readonly MigrationFile[],
  options: MigrateOptions,
  warnings?: Warnings
): AppliedMigration[] {
  const applied: AppliedMigration[] = []
  for (;;) {
    const next = applyNext(origin, sqlite, files, options, warnings)
    if (next === undefined) return applied
    applied.push(next)
    options.log(`applied ${next.name} (${next.origin}) in ${next.durationMs} ms`)
    for (const line of next.summary) options.log(line)
  }
}

/** The names of followme's own migrations that the database lacks. Throws `conflict` where it is newer than this followme. */
export function pendingOwn(sqlite: SqliteDatabase, shipped: string): string[] {
  return pendingOf(sqlite, readMigrations({ shipped }), 'followme').map(({ name }) => name)
}

/**
 * Throws `conflict`, with the cure, unless all of followme's own migrations have been applied. The site's are not looked at:
 * rules that wait are no reason to refuse calls.
 */
export function requireSchema(sqlite: SqliteDatabase, shipped: string): void {
  const pending = pendingOwn(sqlite, shipped)
  if (pending.length === 0) return
  const what = pending.length === 1 ? 'a migration' : `${pending.length} migrations`
  throw new AppError(
    'conflict',
    `database ${sqlite.name} lacks ${what} (${pending.join(', ')}); run 'followme migrate'`
  )
}

// What is pending is read again within each transaction: another migrate may have come first.
function applyNext(
  origin: Origin,
  sqlite: SqliteDatabase,
  files: readonly MigrationFile[],
  options: MigrateOptions,
  warnings?: Warnings
): AppliedMigration | undefined {
  if (pendingOf(sqlite, files, origin).length === 0) return undefined
  // followme's own migrations may rebuild a table, and dropping the old one must not delete what refers to it. The
  // site's want the cascades: a renamed number takes its rules along. The pragma has no effect within a transaction.
  sqlite.pragma(`foreign_keys = ${origin === 'site' ? 'ON' : 'OFF'}`)
  begin(sqlite, options)
  try {
    const [file] = pendingOf(sqlite, files, origin)
    if (file === undefined) return undefined
    prepareHistory(sqlite, options)
    const { applied, faults } = apply(sqlite, file, files, options)
    sqlite.exec('COMMIT')
    if (faults !== undefined) warnings?.take(file, faults)
    return applied
  } finally {
    if (sqlite.inTransaction) sqlite.exec('ROLLBACK')
  }
}

function begin(sqlite: SqliteDatabase, options: MigrateOptions): void {
  const deadline = performance.now() + (options.waitMs ?? 60_000)
  for (let told = false; ; told = true) {
    try {
      sqlite.exec('BEGIN IMMEDIATE')
      return
    } catch (error) {
      if (!isBusy(error)) throw databaseFault(sqlite.name, error) ?? error
      if (performance.now() >= deadline) {
        throw new AppError(
          'unavailable',
          `database ${sqlite.name} is locked by another program; find it (fuser ${sqlite.name}), wait until it has finished, then run 'followme migrate' again`,
          { cause: error }
        )
      }
      if (!told) options.log('waiting for another program that is writing to the database')
    }
  }
}

// Not itself a migration: it is what remembers them.
function prepareHistory(sqlite: SqliteDatabase, { database }: MigrateOptions): void {
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

function apply(
  sqlite: SqliteDatabase,
  file: MigrationFile,
  files: readonly MigrationFile[],
  options: MigrateOptions
): { readonly applied: AppliedMigration; readonly faults: Outcome | undefined } {
  const start = performance.now()
  const faultsBefore = file.origin === 'site' ? committedFaults(sqlite, options) : undefined
  const own = file.origin === 'site' ? ownSchema(sqlite, files) : undefined
  // Rows may come in any order within a migration: what they refer to must be there at its end.
  sqlite.pragma('defer_foreign_keys = ON')
  const watched = file.origin === 'site' ? watchedRows(sqlite, file, files) : undefined
  const lookAtTemporary = file.origin === 'site' ? temporaryGuard(sqlite, file, files) : undefined
  const statements = statementsIn(file)
  for (const [index, statement] of statements.entries()) {
    options.progress?.(`applying ${file.name}, statement ${index + 1} of ${statements.length}`)
    run(sqlite, file, statement)
    lookAtTemporary?.(statement)
    watched?.guard.after(statement)
  }
  // Before anything is read from tables that may be gone.
  if (own !== undefined) requireOwnSchema(own, ownSchema(sqlite, files), file)
  const dangling = foreignKeyFault(sqlite, file)
  if (dangling !== undefined) throw dangling
  const summary = watched === undefined ? [] : watched.finish()
  options.progress?.(`checking the rules after ${file.name}`)
  const faults = faultsBefore && requireOutcome(sqlite, file, options, faultsBefore)
  const durationMs = Math.round(performance.now() - start)
  noteApplied(sqlite, file, durationMs)
  return { applied: { origin: file.origin, version: file.version, name: file.name, durationMs, summary }, faults }
}

function run(sqlite: SqliteDatabase, file: MigrationFile, statement: Statement): void {
  try {
    const prepared = sqlite.prepare(statement.text)
    if (prepared.reader) prepared.all()
    else prepared.run()
  } catch (error) {
    throw databaseFault(sqlite.name, error) ?? statementFault(sqlite, file, statement, error)
  }
  if (sqlite.inTransaction) return
  throw new AppError(
    'invalid',
    `migration ${file.path}, line ${statement.line}: this statement ended the transaction that followme runs each migration in; remove it, and check what was kept`
  )
}

/** Watches the rows until `finish`, which throws `invalid` where some are lost and else says what has changed. */
function watchedRows(sqlite: SqliteDatabase, { path, text }: MigrationFile, files: readonly MigrationFile[]) {
  const directives = directivesOf(path, text)
  const own = ownTables(files)
  // Only these words let a row be left out or replaced; but a trigger of the site's may have them, too.
  const tries = /\b(ignore|replace|conflict|raise)\b/i.test(text) || hasForeignTrigger(sqlite, own)
  const records = own.filter((table) => !isRuleTable(table))
  const watch = watchRows(sqlite, { records, tries })
  const guard = new LossGuard({ sqlite, path, directives, watch, records, tries })
  return {
    guard,
    finish: () => {
      guard.finish()
      const summary = [...summaryOf(sqlite, watch), ...guard.skippedText()]
      watch.end()
      return summary
    }
  }
}
