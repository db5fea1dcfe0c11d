// The state of the site's migrations, as a running followme logs and reports it. Pending or changed migrations need attention,
// but they are no reason to refuse calls.
import { reasonOf } from './errors'
import type { Log } from './ports'
import type { OpenDatabase } from './store/database/database'
import type { MigrationDirectories } from './store/migrations/migration-files'
import { headlineOf, migrationMark, type SiteStanding, siteStanding } from './store/migrations/site-migrations'

export interface SiteMigrationMonitorOptions {
  readonly directories: MigrationDirectories
  /** The database in use now. */
  readonly database: () => OpenDatabase
  readonly log: Log
}

export class SiteMigrationMonitor {
  private mark = ''
  private found: SiteStanding = { pending: [], reason: null, overlooked: [] }

  constructor(private readonly options: SiteMigrationMonitorOptions) {
    this.look()
  }

  /** Reads the migration files again, and logs what is wrong. */
  look(): void {
    const { directories, database, log } = this.options
    this.mark = this.markNow()
    this.found = siteStanding(database().sqlite, directories)
    const { pending, reason, overlooked } = this.found
    if (pending.length > 0 || reason !== null) {
      log.error('site migrations are not applied; calls use the rules in the database', {
        pending,
        reason: reason ?? "run 'followme migrate'"
      })
    }
    for (const { message, cure } of overlooked) log.warn(`site migrations: ${message}: ${cure}`)
  }

  /** For /readyz, without any row of the rules. The files are read again only if `migrate` has run since. */
  readiness(): { readonly pending: readonly string[]; readonly reason: string | null } {
    if (this.markNow() !== this.mark) this.look()
    const { pending, reason } = this.found
    return { pending, reason: reason === null ? null : headlineOf(reason) }
  }

  private markNow(): string {
    try {
      return migrationMark(this.options.database().sqlite)
    } catch (error) {
      return reasonOf(error)
    }
  }
}
