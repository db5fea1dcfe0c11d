// How a site's migrations stand: what is not applied, and why. For those who only look: it changes nothing.
import { reasonOf } from '../../errors'
import type { SqliteDatabase } from '../database/driver'
import { blankOf, pendingOf } from './migration-conflicts'
import { type MigrationDirectories, type MigrationFile, readMigrations } from './migration-files'
import { lastRefusal } from './migration-history'
import { type Overlooked, overlookedIn } from './migration-names'

export interface SiteStanding {
  /** The names of those that are not applied, such as `0007_night_rota`; those without a statement are none of them. */
  readonly pending: readonly string[]
  /** Why not: in which way files and database disagree, or what `migrate` said when it refused one; null: it was not tried. */
  readonly reason: string | null
  /** What is not read, and what has no statement yet. */
  readonly overlooked: readonly Overlooked[]
}

/** Never throws. What is wrong in a file that waits is known only once `migrate` has tried it. */
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

/** What may be meant for a migration, and is not applied: by its name, or since it holds nothing to run. */
export function overlookedOf(
  sqlite: SqliteDatabase,
  files: readonly MigrationFile[],
  { site }: MigrationDirectories
): Overlooked[] {
  if (site === undefined) return []
  const blank = blankOf(sqlite, files).map(({ path }) => ({
    message: `${path} holds no statement, and is not applied`,
    cure: 'write it, or remove it'
  }))
  return [...overlookedIn(site), ...blank]
}

/** A reason in one line, in which no row of the rules is. */
export function headlineOf(reason: string): string {
  const [first = ''] = reason.split('\n', 1)
  return first.replace(/near ".*": syntax error/, 'syntax error').replace(/:$/, '')
}

/** Changes when a `migrate` has changed how the migrations stand. */
export function migrationMark(sqlite: SqliteDatabase): string {
  const count = sqlite.prepare('SELECT count(*) FROM schema_migrations').pluck().get()
  const last = sqlite.prepare('SELECT max(id) FROM migration_files').pluck().get()
  return JSON.stringify([count, last, lastRefusal(sqlite)?.at])
}
