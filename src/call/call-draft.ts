// A call while one event is being taken: a copy that may be changed, the commands so far, and the moves that every
// transition of call.ts is made of. PURE.
import type { Call, Command, Leg, Phase, Transition } from './call-state'
import { Cause } from './cause'
import type { AttemptOutcome } from './record'

/** How long a leg may take from its creation until Asterisk shows it to us. */
export const setupMs = 5000
/** How long the caller may hear nothing while no target rings, counted from their arrival. */
export const ringbackMs = 1000
/** How long to wait before a lease that could not be set is set again. */
export const leaseRetryMs = 1000
/** How long to wait before a caller whose ringing could not be asked for is rung again. */
export const ringRetryMs = 1000
/** How long to wait for the event that tells which of two legs could not be joined. */
export const joinMs = 1000
/** How much longer than our own ring timer Asterisk's runs, and the lease than the step: each is there for our death. */
export const marginSeconds = 5
/** The lease while two are being joined: enough to ask twice where an answer does not come. */
export const joiningSeconds = 15
/** How long a hang-up may go unconfirmed before it is asked for again. */
export const hangUpRetryMs = 3000

/** The id of the call's bridge. */
export function bridgeOf(callId: string): string {
  return `${callId}.bridge`
}

export class CallDraft {
  protected readonly commands: Command[] = []
  protected readonly legs: Leg[]
  private readonly fresh: Transition[] = []

  constructor(
    protected call: Call,
    /** When the event happened, in milliseconds since the epoch. */
    protected readonly at: number
  ) {
    this.legs = [...call.legs]
  }

  /** The call as it is now. What it means to do is recorded before anything is asked for, where its history has grown. */
  result(): [Call, readonly Command[]] {
    if (this.fresh.length > 0) this.commands.unshift({ type: 'record' })
    return [{ ...this.call, legs: this.legs, history: [...this.call.history, ...this.fresh] }, this.commands]
  }

  protected note(transition: Transition): void {
    this.fresh.push(transition)
  }

  protected phase(phase: Phase): void {
    this.call = { ...this.call, phase }
  }

  protected isClosed(): boolean {
    const isClose = (transition: Transition): boolean => transition.type === 'closed'
    return this.fresh.some(isClose) || this.call.history.some(isClose)
  }

  protected leg(id: string): Leg | undefined {
    return this.legs.find((leg) => leg.id === id)
  }

  protected change(leg: Leg, change: Partial<Leg>): void {
    const index = this.legs.findIndex((each) => each.id === leg.id)
    this.legs[index] = { ...leg, ...change }
  }

  /** Ends every leg that has not ended; one that was answered keeps that outcome. */
  protected endLegs(outcome: AttemptOutcome, cause: number, except?: string): void {
    for (const leg of [...this.legs]) {
      if (leg.id === except || leg.state === 'ending' || leg.state === 'gone') continue
      this.endLeg(leg, leg.state === 'answered' ? 'answered' : outcome, cause)
    }
  }

  /** Ends a leg: for its record now, in Asterisk as soon as that has confirmed it. */
  protected endLeg(leg: Leg, outcome: AttemptOutcome, cause: number): void {
    this.stopTimers(leg)
    const ending = { ...leg, state: 'ending', endCause: cause } as const
    this.change(leg, ending)
    this.note({ at: this.at, type: 'attempt-ended', leg: leg.id, outcome, cause, sipCode: undefined })
    this.hangUpLeg(ending)
  }

  /** Asks for the end of a leg, and again later unless it has been confirmed by then. */
  protected hangUpLeg({ id, endCause }: Leg): void {
    this.commands.push({ type: 'hangUpLeg', leg: id, cause: endCause ?? Cause.normalClearing })
    this.retryLater(`hangup:${id}`)
  }

  protected setLease(lease: { readonly seconds: number; readonly talking: boolean }): void {
    const { talked } = this.call
    this.call = { ...this.call, lease, talked: talked || lease.talking }
    this.commands.push({ type: 'setLease', ...lease, talked })
  }

  protected retryLater(timer: string): void {
    this.commands.push({ type: 'startTimer', timer, ms: hangUpRetryMs })
  }

  protected stopTimers(leg: Leg): void {
    const kind = { creating: 'setup', dialling: 'ring', ringing: 'ring', answered: 'join', ending: 'hangup', gone: '' }
    const name = kind[leg.state]
    if (name !== '') this.commands.push({ type: 'cancelTimer', timer: `${name}:${leg.id}` })
  }
}

/** Somebody may still answer on it. */
export function isActive(leg: Leg): boolean {
  return leg.state === 'creating' || leg.state === 'dialling' || leg.state === 'ringing'
}
