// Records out: a bounded queue, written in batches; a store that fails never fails a call. Knows no database.
import type { AttemptRecord, CallRecord, ReplacementRecord } from '../call/record'
import { reasonOf } from '../errors'
import { type CallStore, type Clock, type Log, type RecordedCall, type RecordStore, StoreError } from '../ports'

export interface RecordQueueOptions {
  readonly store: Pick<RecordStore, 'write'>
  readonly clock: Clock
  readonly log: Log
  /** How long a record waits for others to be written with it. Default 10. */
  readonly batchMs?: number
  /** How long after a batch the next one begins, at the earliest. Default 50. */
  readonly pauseMs?: number
  /** How many calls one batch has; as many wait at once and it is written without waiting. Default 250. */
  readonly batchSize?: number
  /** How many records (calls, attempts, replacements) may wait while the store cannot be written. Default 100,000. */
  readonly queueLimit?: number
}

const firstRetryMs = 20
const lastRetryMs = 5_000

/**
 * A call's intentions are queued before Asterisk is asked for anything, but no request waits for the disk. If the process dies, the
 * records of the last `pauseMs` are lost. That is harmless: the ids of legs and bridges in Asterisk name the call, step and target,
 * and each leg names its caller, so the next process sees what the records lack. If there is neither a record nor a leg, nothing
 * has been done for the caller, and the next process claims them as a new call.
 */
export class RecordQueue implements CallStore {
  private readonly batchMs: number
  private readonly pauseMs: number
  private readonly batchSize: number
  private readonly queueLimit: number
  // By call id, in the order of arrival: a call that is saved again keeps its place, and only its latest state is written.
  private readonly queue = new Map<string, RecordedCall>()
  private queued = 0
  private timer: { readonly cancel: () => void; readonly dueAt: number } | undefined
  private writing = false
  private fault: { readonly since: number; readonly reason: string; readonly retryMs: number } | undefined
  private lost = 0
  /** How many of them the queue had no room for since it was last empty. */
  private crowdedOut = 0
  private readonly chores: (() => Promise<void>)[] = []
  private waiting: (() => void)[] = []
  private closed = false
  /** When the last batch was begun. */
  private writtenAt = -Infinity

  constructor(private readonly options: RecordQueueOptions) {
    this.batchMs = options.batchMs ?? 10
    this.pauseMs = options.pauseMs ?? 50
    this.batchSize = options.batchSize ?? 250
    this.queueLimit = options.queueLimit ?? 100_000
  }

  /** Writes at once what waits: what was wrong with the store may have passed. */
  retryNow(): void {
    if (this.isWanted()) this.schedule(0)
  }

  /**
   * Has something else written along with the records, and once more until the store takes it. As many may wait as records
   * may; more are lost, and counted with them.
   */
  alsoWrite(chore: () => Promise<void>): void {
    if (this.chores.length >= this.queueLimit) {
      this.crowdOut()
      return
    }
    this.chores.push(chore)
    if (this.fault === undefined) this.schedule(this.waitMs())
  }

  /** `attempts` and `replacements` are all of the call's so far. Of several saves of one call, the latest stands. */
  save(call: CallRecord, attempts: readonly AttemptRecord[], replacements: readonly ReplacementRecord[] = []): void {
    if (this.closed) {
      this.lose(call.id, 'it came after the store was closed')
      return
    }
    const before = this.queue.get(call.id)
    const recorded = { call, attempts, replacements }
    const size = sizeOf(recorded)
    // A call that is queued already may be saved again: its end matters more than the beginning of another call.
    if (before === undefined && this.queued + size > this.queueLimit) {
      this.crowdOut()
      return
    }
    this.queue.set(call.id, recorded)
    this.queued += size - (before === undefined ? 0 : sizeOf(before))
    if (this.fault === undefined) this.schedule(this.queue.size >= this.batchSize ? 0 : this.waitMs())
  }

  /** Resolves when everything saved so far is in the store; not before it can be written. */
  flush(): Promise<void> {
    if (!this.isWanted()) return Promise.resolve()
    return new Promise((resolve) => {
      this.waiting.push(resolve)
      if (this.fault === undefined) this.schedule(0)
    })
  }

  /** Writes what waits, trying for at most `deadlineMs`; what cannot be written by then is lost, and reported. */
  async close(deadlineMs = 5_000): Promise<void> {
    let cancel = (): void => undefined
    const tooLate = new Promise<void>((resolve) => {
      cancel = this.options.clock.after(deadlineMs, resolve)
    })
    await Promise.race([this.flush(), tooLate])
    cancel()
    this.closed = true
    this.timer?.cancel()
    if (this.queue.size === 0) return
    const reason = this.fault?.reason ?? 'time ran out before they were written'
    this.options.log.error(`stopped with call records that could not be written: ${reason}`, { calls: this.queue.size })
  }

  /** How many calls wait to be written, how many saves were lost since the start, and why nothing is written now. */
  get state(): { readonly waiting: number; readonly lost: number; readonly fault: string | null } {
    return { waiting: this.queue.size, lost: this.lost, fault: this.fault?.reason ?? null }
  }

  private isWanted(): boolean {
    return this.queue.size > 0 || this.chores.length > 0
  }

  private waitMs(): number {
    // A clock that was set back must not make the pause longer.
    const restMs = Math.min(this.pauseMs, this.writtenAt + this.pauseMs - this.options.clock.now())
    return Math.max(this.batchMs, restMs)
  }

  private schedule(afterMs: number): void {
    const { clock } = this.options
    const dueAt = clock.now() + afterMs
    if (this.timer !== undefined) {
      if (this.timer.dueAt <= dueAt) return
      this.timer.cancel()
    }
    const cancel = clock.after(afterMs, () => {
      this.timer = undefined
      void this.writeBatch()
    })
    this.timer = { cancel, dueAt }
  }

  private async writeBatch(): Promise<void> {
    // The batch that is being written has the next one follow.
    if (this.writing) return
    this.writing = true
    const batch = [...this.queue.values()].slice(0, this.batchSize)
    this.writtenAt = this.options.clock.now()
    try {
      await this.doChores()
      if (batch.length > 0) await this.options.store.write(batch)
      this.written(batch)
    } catch (error) {
      if (error instanceof StoreError) this.failed(error)
      else await this.writeOneByOne(batch)
    }
    this.writing = false
    if (this.closed || this.fault !== undefined || !this.isWanted()) return
    // The next batch lets the calls go first.
    this.schedule(this.queue.size >= this.batchSize || this.waiting.length > 0 ? 0 : this.waitMs())
  }

  private async doChores(): Promise<void> {
    for (let chore = this.chores[0]; chore !== undefined; chore = this.chores[0]) {
      try {
        await chore()
      } catch (error) {
        if (error instanceof StoreError) throw error
        this.options.log.error(`a write queued with the call records was refused: ${reasonOf(error)}`)
      }
      this.chores.shift()
    }
  }

  // A record that the store refuses must not hold up the others, nor be retried forever.
  private async writeOneByOne(batch: readonly RecordedCall[]): Promise<void> {
    for (const each of batch) {
      try {
        await this.options.store.write([each])
      } catch (error) {
        if (error instanceof StoreError) {
          this.failed(error)
          return
        }
        this.lose(each.call.id, reasonOf(error))
      }
      this.written([each])
    }
  }

  private written(batch: readonly RecordedCall[]): void {
    for (const each of batch) {
      // What was saved meanwhile is still to be written.
      if (this.queue.get(each.call.id) !== each) continue
      this.queue.delete(each.call.id)
      this.queued -= sizeOf(each)
    }
    const { clock, log } = this.options
    if (this.fault !== undefined) {
      const afterSeconds = Math.round((clock.now() - this.fault.since) / 100) / 10
      log.info('call records are written again', { afterSeconds, waiting: this.queue.size })
      this.fault = undefined
    }
    if (this.isWanted()) return
    if (this.crowdedOut > 0) {
      log.error('call records were lost while the queue was full', { saves: this.crowdedOut })
      this.crowdedOut = 0
    }
    for (const resolve of this.waiting.splice(0)) resolve()
  }

  private failed(error: StoreError): void {
    const reason = reasonOf(error)
    const { clock, log } = this.options
    if (this.fault === undefined) {
      log.error(`call records cannot be written, they are kept and tried again: ${reason}`, {
        waiting: this.queue.size
      })
    }
    const retryMs = this.fault === undefined ? firstRetryMs : Math.min(this.fault.retryMs * 2, lastRetryMs)
    this.fault = { since: this.fault?.since ?? clock.now(), reason, retryMs }
    if (!this.closed) this.schedule(retryMs)
  }

  private crowdOut(): void {
    if (this.crowdedOut === 0) {
      this.options.log.error(
        'the queue of call records is full; further records will be lost until it can be written',
        {
          waiting: this.queue.size
        }
      )
    }
    this.crowdedOut++
    this.lost++
  }

  private lose(callId: string, reason: string): void {
    this.lost++
    this.options.log.error(`the record of a call is lost: ${reason}`, { callId })
  }
}

function sizeOf({ attempts, replacements }: RecordedCall): number {
  return 1 + attempts.length + replacements.length
}
