// Deletes the records of old calls, a few at a time, so that a live call never waits for it.
import { type Cutoff, cutoffOf, type RecordedInstants } from '../../call/retention'
import type { OldRecords } from '../../ports'
import { instant } from './call-rows'
import type { OpenDatabase } from '../database/database'
import { storePromise } from '../database/store-promise'
import type { SqliteStatement } from '../database/driver'

/**
 * Takes the connection that writes the call records, whose busy timeout is 0. The file does not shrink: SQLite reuses the space
 * for new records.
 */
export class SqliteOldRecords implements OldRecords {
  private statement!: SqliteStatement<{ before: string; most: number }>
  private latest!: SqliteStatement<[string]>
  private earliest!: SqliteStatement<[string]>
  private setAside!: SqliteStatement<[string]>

  constructor(database: OpenDatabase) {
    this.use(database)
  }

  /** Writes through this connection from now on. */
  use({ sqlite }: OpenDatabase): void {
    // Attempts and replacements are deleted with their call (ON DELETE CASCADE).
    this.statement = sqlite.prepare(
      `DELETE FROM calls WHERE rowid IN (
         SELECT rowid FROM calls WHERE started_at < :before AND ended_at IS NOT NULL ORDER BY started_at LIMIT :most)`
    )
    this.latest = sqlite.prepare('SELECT max(started_at) FROM calls WHERE started_at <= ?').pluck()
    this.earliest = sqlite.prepare('SELECT min(started_at) FROM calls WHERE started_at >= ?').pluck()
    // An unreadable row of the failsafe may have no valid time, so it is deleted immediately.
    this.setAside = sqlite.prepare(
      "DELETE FROM failsafe_calls WHERE fault IS NOT NULL AND (ended_at < ? OR ended_at NOT GLOB '2???-*Z')"
    )
  }

  cutoff(now: number, days: number): Promise<Cutoff> {
    const instants: RecordedInstants = {
      latestUntil: (at) => millisecondsOf(this.latest.get(instant(at))),
      earliestSince: (at) => millisecondsOf(this.earliest.get(instant(at)))
    }
    return storePromise(() => cutoffOf(now, days, instants))
  }

  remove(before: number, most: number): Promise<number> {
    return storePromise(() => {
      this.setAside.run(instant(before))
      return this.statement.run({ before: instant(before), most }).changes
    })
  }
}

function millisecondsOf(text: unknown): number | null {
  return typeof text === 'string' ? Date.parse(text) : null
}
