// A call while one event is handled: what it has become so far, what it wants done, and what happened to it. The functions that
// change it are in files by concern: ringing.ts, joining.ts, ending.ts and others. PURE.
import type { IncomingCall } from '../ports'
import { timerOf } from './timers'
import type { Call, Command, Decided, Leg, Milestone, Phase, Timer, Transition, Turn } from './types'

/** A call of which nothing has happened yet. */
export function newCall(id: string, incoming: IncomingCall, decided: Decided, maxCallSeconds: number): Call {
  return {
    id,
    incoming,
    decision: decided.decision,
    rule: decided.rule,
    plan: decided.plan,
    reason: decided.reason ?? null,
    cameFrom: decided.cameFrom ?? null,
    maxCallSeconds,
    phase: { kind: 'hunting', step: 0 },
    dropped: [],
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
  private readonly transitions: Transition[] = []

  constructor(
    private current: Call,
    /** When the event happened, in milliseconds since the epoch. */
    readonly at: number
  ) {}

  /** The call as it is now. */
  get call(): Call {
    return this.current
  }

  result(): Turn {
    return [this.current, this.commands, this.transitions]
  }

  /** What the call is before its first event counts as having happened now. */
  begin(): void {
    const { phase, legs } = this.current
    this.transitions.push({ at: this.at, type: 'phase', from: undefined, to: phase.kind })
    for (const { id, state } of legs) this.legMoved(id, undefined, state)
  }

  set(change: Partial<Omit<Call, 'phase' | 'legs' | 'history'>>): void {
    this.current = { ...this.current, ...change }
  }

  setPhase(phase: Phase): void {
    const from = this.current.phase.kind
    this.current = { ...this.current, phase }
    if (from !== phase.kind) this.transitions.push({ at: this.at, type: 'phase', from, to: phase.kind })
  }

  /** Adds to the call's history. */
  note(milestone: Milestone): void {
    this.current = { ...this.current, history: [...this.current.history, milestone] }
    this.transitions.push(milestone)
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

  /** Stops the timer that watches the leg in its current state. */
  stopTimerOf(leg: Leg): void {
    const timer = timerOf(leg)
    if (timer !== undefined) this.cancelTimer(timer)
  }

  leg(id: string): Leg | undefined {
    return this.current.legs.find((leg) => leg.id === id)
  }

  addLeg(leg: Leg): void {
    this.current = { ...this.current, legs: [...this.current.legs, leg] }
    this.legMoved(leg.id, undefined, leg.state)
  }

  changeLeg(leg: Leg, change: Partial<Leg>): Leg {
    const changed = { ...leg, ...change }
    this.current = { ...this.current, legs: this.current.legs.map((each) => (each.id === leg.id ? changed : each)) }
    if (leg.state !== changed.state) this.legMoved(leg.id, leg.state, changed.state)
    return changed
  }

  private legMoved(leg: string, from: Leg['state'] | undefined, to: Leg['state']): void {
    this.transitions.push({ at: this.at, type: 'leg', leg, from, to })
  }
}
