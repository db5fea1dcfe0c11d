// The state of the site's migrations: which are not applied, and why. It changes nothing.
import { reasonOf } from '../../errors'
import type { SqliteDatabase } from '../database/driver'
import { blankOf, pendingOf } from './migration-conflicts'
import { type MigrationDirectories, type MigrationFile, readMigrations } from './migration-files'
import { lastRefusal } from './migration-history'
import { type Overlooked, overlookedIn } from './migration-names'

export interface SiteStanding {
  /** The names of pending migrations, such as `0007_night_rota`, except files without a statement. */
  readonly pending: readonly string[]
  /**
   * Why they are pending: how files and database disagree, or the message of `migrate` when it refused one; null: not tried
   * yet.
   */
  readonly reason: string | null
  /** Files that are not read, and files without a statement. */
  readonly overlooked: readonly Overlooked[]
}

/** Never throws. Errors in a pending file are known only after `migrate` has tried it. */
export function siteStanding(sqlite: SqliteDatabase, directories: MigrationDirectories): SiteStanding {
  try {
    const files = readMigrations(directories)
    const pending = pendingOf(sqlite, files, 'site').map(({ name }) => name)
    const refusal = pending.length === 0 ? undefined : lastRefusal(sqlite)
    const reason = refusal === undefined ? null : `${refusal.reason} (refused on ${refusal.at})`
    return { pending, reason, overlooked: overlookedOf(sqlite, files, directories) }
  } catch (error) {
    return { pending: [], reason: reasonOf(error), overlooked: [] }
  }
}

/** Files that may be meant as migrations but are not applied, because of their name or because they contain no statement. */
export function overlookedOf(
  sqlite: SqliteDatabase,
  files: readonly MigrationFile[],
  { site }: MigrationDirectories
): Overlooked[] {
  if (site === undefined) return []
  const blank = blankOf(sqlite, files).map(({ path }) => ({
    message: `${path} contains no statement, so it is not applied`,
    cure: 'write it, or remove it'
  }))
  return [...overlookedIn(site), ...blank]
}

/** A reason on one line, without any row of the rules. */
export function headlineOf(reason: string): string {
  const [first = ''] = reason.split('\n', 1)
  return first.replace(/near ".*": syntax error/, 'syntax error').replace(/:$/, '')
}

/** A value that changes when `migrate` has changed the state of the migrations. */
export function migrationMark(sqlite: SqliteDatabase): string {
  const count = sqlite.prepare('SELECT count(*) FROM schema_migrations').pluck().get()
  const last = sqlite.prepare('SELECT max(id) FROM migration_files').pluck().get()
  return JSON.stringify([count, last, lastRefusal(sqlite)?.at])
}
