// How far a leg has come, and its end where it is we who end it. PURE.
import { Cause } from './cause'
import type { Draft } from './draft'
import type { AttemptOutcome } from './record'
import { hangUpRetryMs } from './timers'
import type { Leg } from './types'

/** Somebody may still answer on it. */
export function isActive({ state }: Leg): boolean {
  return state === 'creating' || state === 'dialling' || state === 'ringing'
}

/** Its number has gone out, as far as is known: it may have rung. */
export function isDialled({ call: { history } }: Draft, id: string): boolean {
  return history.some((each) => each.type === 'dialled' && each.leg === id)
}

export function noteDialled(draft: Draft, id: string): void {
  if (!isDialled(draft, id)) draft.note({ at: draft.at, type: 'dialled', leg: id })
}

/** Ends every leg that has not ended; one that was answered keeps that outcome. */
export function endLegs(draft: Draft, outcome: AttemptOutcome, cause: number, except?: string): void {
  for (const leg of draft.call.legs) {
    if (leg.id === except || leg.state === 'ending' || leg.state === 'gone') continue
    endLeg(draft, leg, leg.state === 'answered' ? 'answered' : outcome, cause)
  }
}

/** Ends a leg: for its record now, in Asterisk as soon as that has confirmed it. */
export function endLeg(draft: Draft, leg: Leg, outcome: AttemptOutcome, cause: number): void {
  draft.stopTimerOf(leg)
  const ending = draft.changeLeg(leg, { state: 'ending', endCause: cause })
  draft.note({ at: draft.at, type: 'attempt-ended', leg: leg.id, outcome, cause, sipCode: undefined })
  hangUpLeg(draft, ending)
}

/** Asks for the end of a leg, and again later unless it has been confirmed by then. */
export function hangUpLeg(draft: Draft, { id, endCause }: Leg): void {
  draft.ask({ type: 'hangUpLeg', leg: id, cause: endCause ?? Cause.normalClearing })
  hangUpLegLater(draft, id)
}

export function hangUpUnconfirmed(draft: Draft, id: string): void {
  const leg = draft.leg(id)
  if (leg?.state === 'ending') hangUpLeg(draft, leg)
}

export function hangUpLegLater(draft: Draft, id: string): void {
  draft.startTimer({ kind: 'hangUp', leg: id }, hangUpRetryMs)
}
