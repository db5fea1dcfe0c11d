// Takes the calls that the failsafe has carried into the records: at the start, and as long as followme runs, since
// callers may be with the failsafe at any time.
import type { FailsafeCalls } from '../../failsafe/failsafe-call'
import { reasonOf } from '../../errors'
import { type CallStore, type Clock, isStoreBusy, type Log, type RecordedCall } from '../../ports'

export interface FailsafeCdrImportOptions {
  readonly failsafeCalls: FailsafeCalls
  readonly calls: Pick<CallStore, 'flush'>
  /** Called with each call that is in the records now. Default: nobody is. */
  readonly imported?: (call: RecordedCall) => void
  readonly clock: Clock
  readonly log: Log
}

const lookMs = 1000
/** The pause between two batches, for calls. */
const pauseMs = 5

export class FailsafeCdrImport {
  private cancel: () => void = () => undefined
  private fault: string | undefined
  private stopped = false
  private taken = 0

  constructor(private readonly options: FailsafeCdrImportOptions) {}

  /** Resolves once the calls that are there now are imported, or cannot be imported yet; never if it is stopped first. */
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

  private async turn(importedAll: () => void): Promise<void> {
    // Write our own records first: otherwise the failsafe's part of a call would become a call of its own.
    await this.options.calls.flush()
    if (!this.stopped) await this.importAndReschedule(importedAll)
  }

  private async importAndReschedule(importedAll: () => void): Promise<void> {
    const isFull = await this.importOnce()
    if (this.stopped) return
    if (!isFull) importedAll()
    this.cancel = this.options.clock.after(isFull ? pauseMs : lookMs, () => void this.turn(importedAll))
  }

  private async importOnce(): Promise<boolean> {
    const { log, failsafeCalls } = this.options
    try {
      const { calls, faults, isFull } = await failsafeCalls.importCalls()
      this.fault = undefined
      this.taken += calls.length
      for (const each of calls) {
        const { call } = each
        this.options.imported?.(each)
        log.info('imported a call that the failsafe handled', { callId: call.id, outcome: call.outcome })
      }
      for (const reason of faults)
        log.warn('a call that the failsafe handled could not be imported: its row is invalid and was set aside', {
          reason
        })
      return isFull
    } catch (error) {
      if (this.stopped || isStoreBusy(error)) return false
      const reason = reasonOf(error)
      if (this.fault !== reason)
        log.warn('calls that the failsafe handled cannot be imported at the moment', { reason })
      this.fault = reason
      return false
    }
  }
}
