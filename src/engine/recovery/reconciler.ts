// Looks at what is alive in Asterisk: after every gap, every minute, and every second while something is unsettled. What a
// look tells is told to the calls, and what nobody controls any more is cleared away.
import { reasonOf } from '../../errors'
import type { Alive, Clock, IncomingCall, Log, Telephony } from '../../ports'
import type { CallRegistry } from '../call-registry'
import type { CallRunner } from '../call-runner'
import type { Inheritance } from './takeover'
import { clearOrphans, reconcile } from './reconcile'

export interface LookoutOptions {
  readonly telephony: Telephony
  readonly registry: CallRegistry
  readonly inheritance: Inheritance
  readonly clock: Clock
  readonly log: Log
  readonly maxCallSeconds: number
  /** Goes on with what earlier processes have begun; returns those calls. */
  readonly takeOver: (alive: Alive) => ReadonlySet<CallRunner>
  /** Takes a caller whom nobody has in hand. */
  readonly claim: (incoming: IncomingCall) => void
}

const againMs = 1000
const everyMs = 60_000

export class Lookout {
  /** Legs of conversations that an earlier process has left to themselves. */
  private uncontrolled: ReadonlySet<string> = new Set()
  private cancel: () => void = () => undefined
  private looking = false
  /** How often it was asked to look while looking. */
  private asked = 0
  private paused = false
  /** How often the connection has gone: what was asked on an earlier one may be older than what was missed since. */
  private gaps = 0
  private stopped = false

  constructor(private readonly options: LookoutOptions) {}

  /** The end of this leg leaves somebody alone whom no call has in hand: it takes a look. */
  watches(leg: string): boolean {
    return this.uncontrolled.has(leg)
  }

  /** Looks now; one look at a time, since of two the older answer could come last. */
  look(): void {
    this.paused = false
    if (this.looking) this.asked += 1
    else void this.lookAround()
  }

  /** Not before the next {@link look}. */
  pause(): void {
    this.paused = true
    this.gaps += 1
    this.cancel()
  }

  stop(): void {
    this.stopped = true
    this.cancel()
  }

  private lookAfter(ms: number): void {
    this.cancel()
    if (!this.stopped && !this.paused) this.cancel = this.options.clock.after(ms, () => this.look())
  }

  private async lookAround(): Promise<void> {
    const { registry, log } = this.options
    const { asked, gaps } = this
    this.looking = true
    registry.rememberEnded()
    let nextMs = againMs
    try {
      nextMs = await this.see()
    } catch (error) {
      // Where the connection has gone meanwhile, the next one looks, or does so already.
      if (this.gaps !== gaps) nextMs = 0
      else log.warn('could not see what is alive in Asterisk; looking again', { reason: reasonOf(error) })
    }
    registry.forgetEnded()
    this.looking = false
    this.lookAfter(this.asked > asked ? againMs : nextMs)
  }

  /** Returns in how many milliseconds to look again. */
  private async see(): Promise<number> {
    const { telephony, registry, inheritance, log, takeOver, claim } = this.options
    await inheritance.read()
    const { gaps } = this
    const { alive, isParted } = await reconcile(registry, telephony, (found) => {
      if (this.gaps !== gaps) throw new Error('the connection was lost during the look')
      return takeOver(found)
    })
    // What an earlier process has in Asterisk cannot be told from what nobody needs any more.
    if (!inheritance.hasLooked) return againMs
    const { legs, bridges, talking } = await clearOrphans(alive, registry, telephony, log)
    if (this.gaps !== gaps) return 0
    for (const incoming of inheritance.forgotten(alive)) claim(incoming)
    await this.leaseTalks(alive, talking)
    // Somebody has gone, but Asterisk's list may still have shown them: look until there is nothing left to do.
    const isSettled =
      !isParted &&
      !inheritance.isUnsure &&
      legs.length === 0 &&
      bridges.length === 0 &&
      talking.size >= this.uncontrolled.size
    this.uncontrolled = talking
    return isSettled ? everyMs : againMs
  }

  /** Conversations that an earlier process has left to themselves: its lease must not end them before their time. */
  private async leaseTalks(alive: Alive, talking: ReadonlySet<string>): Promise<void> {
    const { telephony, maxCallSeconds } = this.options
    const callers = [...talking].filter((leg) => alive.legs.get(leg)?.incoming !== undefined)
    const fresh = callers.filter((leg) => !this.uncontrolled.has(leg))
    await Promise.allSettled(
      fresh.map((leg) => telephony.setLease(leg, maxCallSeconds, { talking: true, talked: false }))
    )
  }
}
