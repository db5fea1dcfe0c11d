// Records out: a bounded queue, written to SQLite in batches; a database that fails never fails a call.
import type { AttemptRecord, CallRecord } from '../../call/record'
import { reasonOf } from '../../errors'
import type { CallStore, Log } from '../../ports'
import { batchWriter, type Entry, type WriteBatch } from './call-writer'
import type { OpenDatabase } from '../database/database'
import { mayPass } from '../database/promised'

export interface CallStoreOptions {
  /** How long a record waits for others to share its transaction. Default 10. */
  readonly batchMs?: number
  /** How long after a transaction the next one begins, at the earliest. Default 50. */
  readonly pauseMs?: number
  /** How many calls one transaction writes; as many wait at once and it is written without waiting. Default 250. */
  readonly batchSize?: number
  /** How many calls and attempts may wait while the database cannot be written. Default 100,000. */
  readonly queueLimit?: number
  /** Throws `unavailable` where what is written now would be lost. Default: it never would. */
  readonly mayWrite?: () => void
}

const firstRetryMs = 20
const lastRetryMs = 5_000

/**
 * Give it a connection of its own: its writes must not wait for a lock, since that would stop the event loop, so it sets
 * the connection's busy timeout to 0 and tries again by itself. What a call means to do is saved before it is asked for, yet
 * no request waits for the disk: what is lost when the process dies is the records of the last `pauseMs`, as long as the
 * database takes them. That is harmless, since Asterisk itself is the better journal of those moments: the ids of legs and
 * bridges there name call, step and target, and each leg its caller, so the next process sees what the records do not tell
 * yet. Where there is no record and no leg, nothing has been done for the caller, who is taken anew.
 */
export class SqliteCallStore implements CallStore {
  private write: WriteBatch
  private readonly mayWrite: () => void
  private readonly batchMs: number
  private readonly pauseMs: number
  private readonly batchSize: number
  private readonly queueLimit: number
  // By call id, in the order of arrival: a call that is saved again keeps its place, and only the latest is written.
  private queue = new Map<string, Entry>()
  private queued = 0
  private timer: { readonly handle: NodeJS.Timeout; readonly dueAt: number } | undefined
  private fault: { readonly since: number; readonly reason: string; readonly retryMs: number } | undefined
  private lost = 0
  /** How many of them the queue had no room for since it was last empty. */
  private crowdedOut = 0
  private chores: (() => void)[] = []
  private waiting: (() => void)[] = []
  private closed = false
  /** When the last batch was begun, by the monotonic clock. */
  private writtenAt = -Infinity

  constructor(
    database: OpenDatabase,
    private readonly log: Log,
    options: CallStoreOptions = {}
  ) {
    this.write = writerTo(database)
    this.mayWrite = options.mayWrite ?? (() => undefined)
    this.batchMs = options.batchMs ?? 10
    this.pauseMs = options.pauseMs ?? 50
    this.batchSize = options.batchSize ?? 250
    this.queueLimit = options.queueLimit ?? 100_000
  }

  /** Writes to this connection from now on, and at once what waits. */
  use(database: OpenDatabase): void {
    this.write = writerTo(database)
    if (this.isWanted()) this.schedule(0)
  }

  /**
   * Has something else written along with the records, and once more until the database takes it. It must not wait for a lock.
   * As many may wait as records may; more are lost, and counted with them.
   */
  alsoWrite(chore: () => void): void {
    if (this.chores.length >= this.queueLimit) {
      this.crowdOut()
      return
    }
    this.chores.push(chore)
    if (this.fault === undefined) this.schedule(this.waitMs())
  }

  /** `attempts` are all of the call's so far. Of several saves of one call, the latest stands. */
  save(call: CallRecord, attempts: readonly AttemptRecord[]): void {
    if (this.closed) {
      this.lose(call.id, 'it came after the store was closed')
      return
    }
    const before = this.queue.get(call.id)
    const size = 1 + attempts.length
    // What waits already may grow: the end of a call matters more than the beginning of another.
    if (before === undefined && this.queued + size > this.queueLimit) {
      this.crowdOut()
      return
    }
    this.queue.set(call.id, { call, attempts })
    this.queued += size - (before === undefined ? 0 : 1 + before.attempts.length)
    if (this.fault === undefined) this.schedule(this.queue.size >= this.batchSize ? 0 : this.waitMs())
  }

  /** Resolves when everything saved so far is in the database; not before the database can be written. */
  flush(): Promise<void> {
    if (!this.isWanted()) return Promise.resolve()
    return new Promise((resolve) => {
      this.waiting.push(resolve)
      if (this.fault === undefined) this.schedule(0)
    })
  }

  /** Writes what waits, trying for at most `deadlineMs`; what cannot be written by then is lost, and reported. */
  async close(deadlineMs = 5_000): Promise<void> {
    let deadline: NodeJS.Timeout | undefined
    const tooLate = new Promise<void>((resolve) => {
      deadline = setTimeout(resolve, deadlineMs)
    })
    await Promise.race([this.flush(), tooLate])
    clearTimeout(deadline)
    this.closed = true
    clearTimeout(this.timer?.handle)
    if (this.queue.size > 0) {
      this.log.error(`stopped with call records that could not be written: ${this.fault?.reason ?? 'out of time'}`, {
        calls: this.queue.size
      })
    }
  }

  /** How many calls wait to be written, how many saves were lost since the start, and why nothing is written now. */
  get state(): { readonly waiting: number; readonly lost: number; readonly fault: string | null } {
    return { waiting: this.queue.size, lost: this.lost, fault: this.fault?.reason ?? null }
  }

  private isWanted(): boolean {
    return this.queue.size > 0 || this.chores.length > 0
  }

  private waitMs(): number {
    return Math.max(this.batchMs, this.writtenAt + this.pauseMs - performance.now())
  }

  private schedule(afterMs: number): void {
    const dueAt = performance.now() + afterMs
    if (this.timer !== undefined) {
      if (this.timer.dueAt <= dueAt) return
      clearTimeout(this.timer.handle)
    }
    const handle = setTimeout(() => {
      this.timer = undefined
      this.writeBatch()
    }, afterMs)
    this.timer = { handle, dueAt }
  }

  private writeBatch(): void {
    const batch = [...this.queue.values()].slice(0, this.batchSize)
    this.writtenAt = performance.now()
    try {
      if (this.isWanted()) this.mayWrite()
      this.doChores()
      if (batch.length > 0) this.write(batch)
      this.written(batch)
    } catch (error) {
      if (mayPass(error)) this.failed(error)
      else this.writeOneByOne(batch)
    }
    if (this.fault !== undefined || !this.isWanted()) return
    // The next batch lets the calls go first.
    this.schedule(this.queue.size >= this.batchSize || this.waiting.length > 0 ? 0 : this.waitMs())
  }

  private doChores(): void {
    for (let chore = this.chores[0]; chore !== undefined; chore = this.chores[0]) {
      try {
        chore()
      } catch (error) {
        if (mayPass(error)) throw error
        this.log.error(`what was to be written beside the call records is refused: ${reasonOf(error)}`)
      }
      this.chores.shift()
    }
  }

  // One record that the database refuses must not hold up the others, nor come back for ever.
  private writeOneByOne(batch: readonly Entry[]): void {
    for (const entry of batch) {
      try {
        this.write([entry])
      } catch (error) {
        if (mayPass(error)) {
          this.failed(error)
          return
        }
        this.lose(entry.call.id, reasonOf(error))
      }
      this.written([entry])
    }
  }

  private written(batch: readonly Entry[]): void {
    for (const { call, attempts } of batch) {
      this.queue.delete(call.id)
      this.queued -= 1 + attempts.length
    }
    if (this.fault !== undefined) {
      const afterSeconds = Math.round((Date.now() - this.fault.since) / 100) / 10
      this.log.info('call records are written again', { afterSeconds, waiting: this.queue.size })
      this.fault = undefined
    }
    if (this.isWanted()) return
    if (this.crowdedOut > 0) {
      this.log.error('call records were lost while the queue was full', { saves: this.crowdedOut })
      this.crowdedOut = 0
    }
    for (const resolve of this.waiting.splice(0)) resolve()
  }

  private failed(error: unknown): void {
    const reason = reasonOf(error)
    if (this.fault === undefined) {
      this.log.error(`call records cannot be written, they are kept and tried again: ${reason}`, {
        waiting: this.queue.size
      })
    }
    const retryMs = this.fault === undefined ? firstRetryMs : Math.min(this.fault.retryMs * 2, lastRetryMs)
    this.fault = { since: this.fault?.since ?? Date.now(), reason, retryMs }
    this.schedule(retryMs)
  }

  private crowdOut(): void {
    if (this.crowdedOut === 0) {
      this.log.error('the queue of call records is full, more are lost until it is written', {
        waiting: this.queue.size
      })
    }
    this.crowdedOut++
    this.lost++
  }

  private lose(callId: string, reason: string): void {
    this.lost++
    this.log.error(`the record of a call is lost: ${reason}`, { callId })
  }
}

function writerTo(database: OpenDatabase): WriteBatch {
  database.sqlite.pragma('busy_timeout = 0')
  return batchWriter(database)
}
