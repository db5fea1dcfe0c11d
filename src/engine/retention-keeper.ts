// Forgets calls in time: once an hour, the records of those that are older than they are to be kept. In slices, so that
// live calls go first.
import { reasonOf } from '../core/errors'
import type { Clock, Log, OldRecords } from '../core/ports'

export interface RetentionKeeperOptions {
  readonly records: OldRecords
  /** How long records are kept; 0: for ever. */
  readonly days: number
  readonly clock: Clock
  readonly log: Log
}

const dayMs = 86_400_000
const runEveryMs = 3_600_000
/** A slice takes less than a millisecond; 500 calls a second go, more than any machine takes. */
const mostInSlice = 25
const pauseMs = 50
/** Another program is writing. */
const busyMs = 1000

export class RetentionKeeper {
  private run: { readonly before: number; readonly removed: number } | undefined
  private cancel: () => void = () => undefined

  constructor(private readonly options: RetentionKeeperOptions) {}

  start(): void {
    if (this.options.days > 0) this.after(0)
  }

  stop(): void {
    this.cancel()
  }

  private after(ms: number): void {
    this.cancel = this.options.clock.after(ms, () => this.turn())
  }

  private turn(): void {
    const { records, days, clock, log } = this.options
    const { before, removed } = this.run ?? { before: clock.now() - days * dayMs, removed: 0 }
    let more: number | null = 0
    try {
      more = records.remove(before, mostInSlice)
    } catch (error) {
      log.warn(`old call records cannot be removed, trying again in an hour: ${reasonOf(error)}`)
    }
    this.run = { before, removed: removed + (more ?? 0) }
    if (more === null) return this.after(busyMs)
    if (more === mostInSlice) return this.after(pauseMs)
    if (this.run.removed > 0) log.info('old call records removed', { calls: this.run.removed, olderThanDays: days })
    this.run = undefined
    this.after(runEveryMs)
  }
}
