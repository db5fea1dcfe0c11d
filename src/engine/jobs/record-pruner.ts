// Removes old call records once an hour, by the retention period (call/retention.ts). Works in slices, so that live calls go first.
import { reasonOf } from '../../errors'
import { type Clock, isStoreBusy, type Log, type OldRecords } from '../../ports'
import { type Cutoff, longestQuiet } from '../../call/retention'

export interface RecordPrunerOptions {
  readonly records: OldRecords
  /** How long records are kept; 0: for ever. */
  readonly days: number
  readonly clock: Clock
  readonly log: Log
}

const runEveryMs = 3_600_000
/** A slice takes less than a millisecond; 500 calls a second go, more than any machine takes. */
const batchSize = 25
const pauseMs = 50
/** Another program is writing. */
const busyMs = 1000

export class RecordPruner {
  private run: { readonly before: number; readonly removed: number } | undefined
  private cancel: () => void = () => undefined
  private stopped = false
  /** The end of the stretch without calls that was warned of last. */
  private warnedOf = NaN

  constructor(private readonly options: RecordPrunerOptions) {}

  start(): void {
    if (this.options.days > 0) this.after(0)
  }

  stop(): void {
    this.stopped = true
    this.cancel()
  }

  private after(ms: number): void {
    this.cancel = this.options.clock.after(ms, () => void this.turn())
  }

  private async turn(): Promise<void> {
    let restMs = runEveryMs
    try {
      restMs = await this.slice()
    } catch (error) {
      if (isStoreBusy(error)) restMs = busyMs
      else if (!this.stopped) this.giveUp(error)
    }
    if (!this.stopped) this.after(restMs)
  }

  /** Removes some; returns in how many milliseconds to go on. */
  private async slice(): Promise<number> {
    const { records, days, clock, log } = this.options
    this.run ??= this.begin(await records.cutoff(clock.now(), days))
    if (this.run === undefined) return runEveryMs
    const { before } = this.run
    const more = await records.remove(before, batchSize)
    const removed = this.run.removed + more
    this.run = { before, removed }
    if (more === batchSize) return pauseMs
    if (removed > 0) log.info('old call records removed', { calls: removed, olderThanDays: days })
    this.run = undefined
    return runEveryMs
  }

  private giveUp(error: unknown): void {
    const { log, days } = this.options
    log.warn(`old call records cannot be removed, trying again in an hour: ${reasonOf(error)}`)
    const removed = this.run?.removed ?? 0
    if (removed > 0) log.info('old call records removed', { calls: removed, olderThanDays: days })
    this.run = undefined
  }

  private begin({ before, doubted }: Cutoff): RecordPruner['run'] {
    if (doubted !== null && doubted.from !== this.warnedOf) {
      const [from, to] = [new Date(doubted.from).toISOString(), new Date(doubted.to).toISOString()]
      const { days, log } = this.options
      log.warn(
        `no call is recorded between ${from} and ${to}: if the clock is wrong, correct it; older records are kept longer, ` +
          `because a gap of more than ${longestQuiet(days)} days without calls does not count towards FOLLOWME_RETENTION_DAYS`
      )
      this.warnedOf = doubted.from
    }
    return before === null ? undefined : { before, removed: 0 }
  }
}
