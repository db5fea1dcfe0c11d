// Takes the calls that the failsafe has carried into the records: at the start, and as long as followme runs, since
// callers may be with the failsafe at any time.
import type { ImportResult } from '../../failsafe/failsafe-call'
import { reasonOf } from '../../errors'
import type { CallStore, Clock, Log } from '../../ports'

export interface FailsafeCdrImportOptions {
  /** Moves some into the records; null where another program is writing. Throws where that cannot be done now. */
  readonly importCalls: () => ImportResult | null
  readonly calls: Pick<CallStore, 'flush'>
  readonly clock: Clock
  readonly log: Log
}

const lookMs = 1000
/** Between two slices others have their turn. */
const pauseMs = 5

export class FailsafeCdrImport {
  private cancel: () => void = () => undefined
  private fault: string | undefined
  private stopped = false
  private taken = 0

  constructor(private readonly options: FailsafeCdrImportOptions) {}

  /** Resolves once those that are there already have been taken, or cannot be for now; not where it is stopped before. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      this.cancel = this.options.clock.after(0, () => void this.turn(resolve))
    })
  }

  stop(): void {
    this.stopped = true
    this.cancel()
  }

  /** How many calls have been taken into the records. */
  get total(): number {
    return this.taken
  }

  private async turn(eventBarrier: () => void): Promise<void> {
    // What a call of ours has been through comes first: else the failsafe's part of it would be a call of its own.
    await this.options.calls.flush()
    if (this.stopped) return
    const isFull = this.importOnce()
    if (!isFull) eventBarrier()
    this.cancel = this.options.clock.after(isFull ? pauseMs : lookMs, () => void this.turn(eventBarrier))
  }

  private importOnce(): boolean {
    const { log } = this.options
    try {
      const folded = this.options.importCalls()
      if (folded === null) return false
      const { calls, faults, isFull } = folded
      this.fault = undefined
      this.taken += calls.length
      for (const { call } of calls) {
        log.info('a call that the failsafe carried is in the records', { callId: call.id, outcome: call.outcome })
      }
      for (const reason of faults)
        log.warn('a call that the failsafe carried cannot be read, and is set aside', { reason })
      return isFull
    } catch (error) {
      const reason = reasonOf(error)
      if (this.fault !== reason) log.warn('the calls that the failsafe carried cannot be recorded now', { reason })
      this.fault = reason
      return false
    }
  }
}
