// A call while one event is handled: what it has become so far, and the commands so far. The moves that change it are functions
// grouped by concern: ringing.ts, joining.ts, ending.ts, lease.ts, resync.ts. PURE.
import type { IncomingCall } from '../ports'
import { timerOf } from './timers'
import type { Call, Command, Decided, Leg, Phase, Timer, Transition } from './types'

/** A call of which nothing has happened yet. */
export function newCall(id: string, incoming: IncomingCall, decided: Decided, maxCallSeconds: number): Call {
  return {
    id,
    incoming,
    decision: decided.decision,
    rule: decided.rule,
    plan: decided.plan,
    maxCallSeconds,
    phase: { kind: 'hunting', step: 0 },
    ringback: false,
    callerUpAt: null,
    legs: [],
    bridge: 'none',
    lease: null,
    talked: false,
    closing: null,
    unsent: [],
    history: []
  }
}

export class Draft {
  private readonly commands: Command[] = []
  private current: Call

  constructor(
    private readonly before: Call,
    /** When the event happened, in milliseconds since the epoch. */
    readonly at: number
  ) {
    this.current = before
  }

  /** The call as it is now. */
  get call(): Call {
    return this.current
  }

  /** What the call means to do is recorded before anything is asked for, where its history has grown. */
  result(): [Call, readonly Command[]] {
    const hasNews = this.current.history.length > this.before.history.length
    return [this.current, hasNews ? [{ type: 'record' }, ...this.commands] : this.commands]
  }

  set(change: Partial<Call>): void {
    this.current = { ...this.current, ...change }
  }

  setPhase(phase: Phase): void {
    this.set({ phase })
  }

  note(transition: Transition): void {
    this.set({ history: [...this.current.history, transition] })
  }

  ask(...commands: readonly Command[]): void {
    this.commands.push(...commands)
  }

  startTimer(timer: Timer, ms: number): void {
    this.ask({ type: 'startTimer', timer, ms })
  }

  cancelTimer(timer: Timer): void {
    this.ask({ type: 'cancelTimer', timer })
  }

  /** Stops the timer that watches the leg in its present state. */
  stopTimerOf(leg: Leg): void {
    const timer = timerOf(leg)
    if (timer !== undefined) this.cancelTimer(timer)
  }

  leg(id: string): Leg | undefined {
    return this.current.legs.find((leg) => leg.id === id)
  }

  addLeg(leg: Leg): void {
    this.set({ legs: [...this.current.legs, leg] })
  }

  changeLeg(leg: Leg, change: Partial<Leg>): Leg {
    const changed = { ...leg, ...change }
    this.set({ legs: this.current.legs.map((each) => (each.id === leg.id ? changed : each)) })
    return changed
  }
}
