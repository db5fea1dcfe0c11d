// Compares what followme believes with a snapshot of Asterisk: after every gap in the events, every minute, and every second
// while something is unsettled. Calls get what they missed as events; what no call controls any more is cleared away.
import { reasonOf } from '../../errors'
import type { AsteriskSnapshot, Clock, IncomingCall, Log, Telephony } from '../../ports'
import type { CallRegistry } from '../call-registry'
import type { CallRunner } from '../call-runner'
import type { Takeover } from './takeover'
import { sweep } from './sweeper'
import { postMissedEvents } from './missed-events'

export interface ReconcilerOptions {
  readonly telephony: Telephony
  readonly registry: CallRegistry
  readonly takeover: Takeover
  readonly clock: Clock
  readonly log: Log
  readonly maxCallSeconds: number
  /** Resumes the calls of earlier processes, and returns them. */
  readonly takeOver: (snapshot: AsteriskSnapshot) => ReadonlySet<CallRunner>
  /** Claims a caller who belongs to no call. */
  readonly claim: (incoming: IncomingCall) => void
}

const againMs = 1000
/** How long a call waits that has to know which others are in progress: well below the claim timeout. */
const patienceMs = 1000
const everyMs = 60_000

export class Reconciler {
  /** Legs of conversations that an earlier process has left to themselves. */
  private uncontrolled: ReadonlySet<string> = new Set()
  private cancel: () => void = () => undefined
  private running = false
  /** How often it was asked to run while it ran. */
  private requests = 0
  private paused = false
  /** How often the connection has gone: what was asked on an earlier one may be older than what was missed since. */
  private gaps = 0
  private stopped = false
  /** What there was of earlier processes, and what was missed in the last gap, is known. */
  private isCurrent = false

  constructor(private readonly options: ReconcilerOptions) {}

  /** Whether this leg is in a conversation that no call controls: when it ends, the other one is left alone, so run again. */
  watches(leg: string): boolean {
    return this.uncontrolled.has(leg)
  }

  /** Runs now; never twice at a time, since the older of two answers could arrive last. */
  reconcileNow(): void {
    this.paused = false
    if (this.running) this.requests += 1
    else void this.run()
  }

  /** Does not run before the next {@link reconcileNow}. */
  pause(): void {
    this.paused = true
    this.isCurrent = false
    this.gaps += 1
    this.cancel()
  }

  stop(): void {
    this.stopped = true
    this.cancel()
  }

  /** Resolves once it is known which calls are in progress, or after a second. */
  async untilCurrent(): Promise<void> {
    if (this.isCurrent) return
    let cancel = (): void => undefined
    const patience = new Promise<void>((resolve) => (cancel = this.options.clock.after(patienceMs, resolve)))
    await Promise.race([this.options.registry.until(() => this.isCurrent || this.stopped), patience])
    cancel()
  }

  private runAfter(ms: number): void {
    this.cancel()
    if (!this.stopped && !this.paused) this.cancel = this.options.clock.after(ms, () => this.reconcileNow())
  }

  private async run(): Promise<void> {
    const { registry, log } = this.options
    const { requests, gaps } = this
    this.running = true
    registry.rememberEnded()
    let nextMs = againMs
    try {
      nextMs = await this.runOnce()
    } catch (error) {
      // If the connection was lost meanwhile, the next one reconciles, or is doing so already.
      if (this.gaps !== gaps) nextMs = 0
      else log.warn('cannot read the channels and bridges of Asterisk; retrying', { reason: reasonOf(error) })
    }
    registry.forgetEnded()
    this.running = false
    this.runAfter(this.requests > requests ? againMs : nextMs)
  }

  /** Returns in how many milliseconds to run again. */
  private async runOnce(): Promise<number> {
    const { telephony, registry, takeover, log, takeOver, claim } = this.options
    await takeover.read()
    const { gaps } = this
    const { snapshot, isParted } = await postMissedEvents(registry, telephony, (found) => {
      if (this.gaps !== gaps) throw new Error('the connection was lost meanwhile')
      return takeOver(found)
    })
    // Until then, the calls of an earlier process look like orphans.
    if (!takeover.isDone) return againMs
    if (this.gaps === gaps) this.isCurrent = true
    registry.changed()
    const { legs, bridges, talking } = await sweep(snapshot, registry, telephony, log)
    if (this.gaps !== gaps) return 0
    for (const incoming of takeover.unclaimed(snapshot)) claim(incoming)
    await this.leaseTalks(snapshot, talking)
    // A leg that has just gone may still be in the snapshot: run again until there is nothing left to do.
    const isSettled =
      !isParted &&
      !takeover.isUnsure &&
      legs.length === 0 &&
      bridges.length === 0 &&
      talking.size >= this.uncontrolled.size
    this.uncontrolled = talking
    return isSettled ? everyMs : againMs
  }

  /** Conversations that an earlier process has left to themselves: its lease must not end them before their time. */
  private async leaseTalks(snapshot: AsteriskSnapshot, talking: ReadonlySet<string>): Promise<void> {
    const { telephony, maxCallSeconds } = this.options
    const callers = [...talking].filter((leg) => snapshot.legs.get(leg)?.incoming !== undefined)
    const fresh = callers.filter((leg) => !this.uncontrolled.has(leg))
    await Promise.allSettled(
      fresh.map((leg) => telephony.setLease(leg, maxCallSeconds, { talking: true, talked: false }))
    )
  }
}
