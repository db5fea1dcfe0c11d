// What a running followme says of the site's migrations. Rules that wait, or files that were changed, are for somebody to
// see; they are no reason to refuse calls.
import { reasonOf } from './errors'
import type { Log } from './ports'
import type { OpenDatabase } from './store/database/database'
import type { MigrationDirectories } from './store/migrations/migration-files'
import { headlineOf, migrationMark, type SiteStanding, siteStanding } from './store/migrations/site-migrations'

export interface SiteKeeperOptions {
  readonly directories: MigrationDirectories
  /** The one in use now. */
  readonly database: () => OpenDatabase
  readonly log: Log
}

export class SiteKeeper {
  private mark = ''
  private found: SiteStanding = { pending: [], reason: null, overlooked: [] }

  constructor(private readonly options: SiteKeeperOptions) {
    this.look()
  }

  /** Reads the files anew, and logs what is not as it should be. */
  look(): void {
    const { directories, database, log } = this.options
    this.mark = this.markNow()
    this.found = siteStanding(database().sqlite, directories)
    const { pending, reason, overlooked } = this.found
    if (pending.length > 0 || reason !== null) {
      log.error('site migrations are not applied; calls are taken by the rules in the database', {
        pending,
        reason: reason ?? "run 'followme migrate'"
      })
    }
    for (const { message, cure } of overlooked) log.warn(`site migrations: ${message}: ${cure}`)
  }

  /** For /readyz: no row of the rules is in it. The files are read again only where a `migrate` has run meanwhile. */
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
