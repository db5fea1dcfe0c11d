// Stores records in SQLite: writes them in batches, one transaction each, and reads and closes open calls for recovery.
import type { CallRecord } from '../../call/record'
import type { RecordedCall, RecordStore } from '../../ports'
import { closeOpenCalls, openCalls } from './call-history'
import { instant } from './call-rows'
import { batchWriter, type WriteBatch } from './call-writer'
import { type OpenDatabase, retryWhileBusy } from '../database/database'
import { storePromise } from '../database/store-promise'

export interface RecordConnections {
  readonly reading: OpenDatabase
  /** Its busy timeout becomes 0, because waiting for a lock would block the event loop. */
  readonly writing: OpenDatabase
  /** Throws `unavailable` if anything written now would be lost. Default: never throws. */
  readonly requireInPlace?: () => void
}

/** How long to wait for a lock when reading open calls: once, at the start, while callers wait. */
const patienceMs = 2_000

export class SqliteRecordStore implements RecordStore {
  private writeBatch!: WriteBatch
  private recordIfUnseen!: (call: CallRecord) => boolean

  constructor(private database: RecordConnections) {
    this.use(database)
  }

  /** Reads and writes through these connections from now on. */
  use(database: RecordConnections): void {
    this.database = database
    const { sqlite } = database.writing
    sqlite.pragma('busy_timeout = 0')
    this.writeBatch = batchWriter(database.writing)
    // Imported already, or still to be imported.
    const carried = sqlite.prepare<{ aLeg: string; from: string }>(
      `SELECT 1 FROM calls WHERE a_leg = :aLeg AND failsafe_at >= :from UNION ALL
       SELECT 1 FROM failsafe_calls WHERE a_leg = :aLeg AND entered_at >= :from AND fault IS NULL LIMIT 1`
    )
    const record = sqlite.transaction((call: CallRecord): boolean => {
      const isCarried = carried.get({ aLeg: call.aLeg, from: instant(call.startedAt) }) !== undefined
      if (!isCarried) this.writeBatch([{ call, attempts: [], replacements: [] }])
      return !isCarried
    })
    this.recordIfUnseen = (call) => record.immediate(call)
  }

  write(calls: readonly RecordedCall[]): Promise<void> {
    return this.inPlace(() => this.writeBatch(calls))
  }

  openCalls(): Promise<readonly RecordedCall[]> {
    return retryWhileBusy(patienceMs, () => openCalls(this.database.reading.db))
  }

  closeLost(calls: readonly RecordedCall[], endedAt: number): Promise<void> {
    return this.inPlace(() => void closeOpenCalls(this.database.writing, calls, endedAt))
  }

  recordUnseen(call: CallRecord): Promise<boolean> {
    return this.inPlace(() => this.recordIfUnseen(call))
  }

  private inPlace<T>(write: () => T): Promise<T> {
    return storePromise(() => {
      // It may open another file and replace this connection.
      this.database.requireInPlace?.()
      return write()
    })
  }
}
