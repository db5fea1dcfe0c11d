// Forgets calls in time: once an hour, the records of those that are older than they are to be kept (call/retention.ts). In
// slices, so that live calls go first.
import { reasonOf } from '../../errors'
import type { Clock, Log, OldRecords } from '../../ports'
import { type Cutoff, cutoffOf, longestQuiet } from '../../call/retention'

export interface RecordPrunerOptions {
  readonly records: OldRecords
  /** How long records are kept; 0: for ever. */
  readonly days: number
  readonly clock: Clock
  readonly log: Log
}

const runEveryMs = 3_600_000
/** A slice takes less than a millisecond; 500 calls a second go, more than any machine takes. */
const mostInSlice = 25
const pauseMs = 50
/** Another program is writing. */
const busyMs = 1000

export class RecordPruner {
  private run: { readonly before: number; readonly removed: number } | undefined
  private cancel: () => void = () => undefined
  /** The end of the stretch without calls that was warned of last. */
  private warnedOf = NaN

  constructor(private readonly options: RecordPrunerOptions) {}

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
    let more: number | null = 0
    try {
      this.run ??= this.begin(cutoffOf(clock.now(), days, records))
      if (this.run !== undefined) more = records.remove(this.run.before, mostInSlice)
    } catch (error) {
      log.warn(`old call records cannot be removed, trying again in an hour: ${reasonOf(error)}`)
    }
    if (this.run === undefined) return this.after(runEveryMs)
    const { before, removed } = this.run
    this.run = { before, removed: removed + (more ?? 0) }
    if (more === null) return this.after(busyMs)
    if (more === mostInSlice) return this.after(pauseMs)
    if (this.run.removed > 0) log.info('old call records removed', { calls: this.run.removed, olderThanDays: days })
    this.run = undefined
    this.after(runEveryMs)
  }

  private begin({ before, doubted }: Cutoff): RecordPruner['run'] {
    if (doubted !== null && doubted.from !== this.warnedOf) {
      const [from, to] = [new Date(doubted.from).toISOString(), new Date(doubted.to).toISOString()]
      const { days, log } = this.options
      log.warn(
        `no call is recorded between ${from} and ${to}: if the clock is wrong, correct it; records that are older are kept ` +
          `longer, as a time without calls of more than ${longestQuiet(days)} days does not count for FOLLOWME_RETENTION_DAYS`
      )
      this.warnedOf = doubted.from
    }
    return before === null ? undefined : { before, removed: 0 }
  }
}
