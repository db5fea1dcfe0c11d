// Applies migrations in order, each in one transaction, which also records that it was applied.
import { existsSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { AppError, reasonOf } from '../../errors'
import { isBusy, openDatabase, type OpenDatabase } from '../database/database'
import { databaseFault } from '../database/database-fault'
import type { SqliteDatabase } from '../database/driver'
import { pendingOf } from './migration-conflicts'
import { type AppliedMigration, type ApplyOptions, apply } from './apply-migration'
import { type MigrationDirectories, type MigrationFile, readMigrations, statementsIn } from './migration-files'
import { keepTexts, noteRefusal, prepareHistory } from './migration-history'
import { namesIn, type Origin } from './migration-names'
import { Warnings } from './migration-outcome'
import { overlookedOf } from './site-migrations'

export interface MigrateOptions extends MigrationDirectories, ApplyOptions {
  /** How long to wait for another writer, such as a second migrate. Default 60,000. */
  readonly waitMs?: number
}

/**
 * Applies the pending migrations and returns them in order: followme's own, even if the site's are faulty, then the site's.
 * Throws `conflict` if files and database disagree, `invalid` if a migration is faulty (it is rolled back; those before it
 * stay), `unavailable` if the database cannot be used. If two run at once, one waits for the other.
 */
export function migrate(options: MigrateOptions): AppliedMigration[] {
  // A missing directory usually means a wrong setting, and then the database's setting may be wrong too.
  if (options.site !== undefined && !existsSync(options.database)) namesIn('site', options.site)
  const { sqlite, close } = openDatabase(options.database, { create: true, busyTimeoutMs: 1_000 })
  try {
    return applyAll(sqlite, options)
  } finally {
    close()
  }
}

/** Like {@link migrate}, but on a copy of the database in memory. */
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
  // All files are checked before the first one is run.
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

/** The names of followme's own migrations that are pending. Throws `conflict` if the database is newer than this followme. */
export function pendingOwn(sqlite: SqliteDatabase, shipped: string): string[] {
  return pendingOf(sqlite, readMigrations({ shipped }), 'followme').map(({ name }) => name)
}

/**
 * Throws `conflict`, with the cure, unless all of followme's own migrations are applied. Pending migrations of the site do not
 * matter: they are no reason to refuse calls.
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

// The pending migrations are read again within each transaction, because another migrate may have been faster.
function applyNext(
  origin: Origin,
  sqlite: SqliteDatabase,
  files: readonly MigrationFile[],
  options: MigrateOptions,
  warnings?: Warnings
): AppliedMigration | undefined {
  if (pendingOf(sqlite, files, origin).length === 0) return undefined
  // followme's own migrations may rebuild a table, and dropping the old table must not delete rows that refer to it. The site's
  // need the cascades: a renamed number keeps its rules. The pragma has no effect within a transaction.
  sqlite.pragma(`foreign_keys = ${origin === 'site' ? 'ON' : 'OFF'}`)
  begin(sqlite, options)
  try {
    const [file] = pendingOf(sqlite, files, origin)
    if (file === undefined) return undefined
    prepareHistory(sqlite, options.database)
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
  for (let isLogged = false; ; isLogged = true) {
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
      if (!isLogged) options.log('waiting for another program that is writing to the database')
    }
  }
}
