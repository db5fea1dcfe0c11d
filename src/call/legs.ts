// How far a leg has come, and its end where it is we who end it. PURE.
import { Cause } from './cause'
import type { Draft } from './draft'
import type { AttemptOutcome } from './record'
import { hangUpRetryMs } from './timers'
import type { Leg, Milestone } from './types'

/** Somebody may still answer on it. */
export function isActive({ state }: Leg): boolean {
  return state === 'creating' || state === 'dialling' || state === 'ringing'
}

/** Its number has gone out, as far as is known: it may have rung. */
export function isDialled({ call: { history } }: Pick<Draft, 'call'>, id: string): boolean {
  return history.some((each) => each.type === 'dialled' && each.leg === id)
}

export function noteDialled(draft: Draft, id: string): void {
  if (!isDialled(draft, id)) draft.note({ at: draft.at, type: 'dialled', leg: id })
}

/** The legs of the same attempt, itself included. */
export function legsOfAttempt({ call: { legs } }: Draft, { step, target, tryNumber }: Leg): readonly Leg[] {
  return legs.filter((each) => each.step === step && each.target === target && each.tryNumber === tryNumber)
}

/** The leg with this id; undefined unless the call is hunting and at the step of that leg. */
export function legInCurrentStep(draft: Draft, id: string): Leg | undefined {
  const leg = draft.leg(id)
  const { phase } = draft.call
  return phase.kind === 'hunting' && phase.step === leg?.step ? leg : undefined
}

/** When the attempt began; undefined: it has not. */
export function attemptedAt(draft: Draft, leg: Leg): number | undefined {
  const own = legsOfAttempt(draft, leg).map(({ id }) => id)
  return draft.call.history.find((each) => each.type === 'attempt' && own.includes(each.leg))?.at
}

type Ended = Extract<Milestone, { type: 'attempt-ended' | 'contact-ended' }>

/** The outcome of a target with several contacts is the first of these that one of its contacts has. */
const precedence: readonly AttemptOutcome[] = [
  'answered',
  'cancelled',
  'answered-elsewhere',
  'declined',
  'no-answer',
  'busy',
  'wrong-number',
  'unavailable',
  'congestion',
  'unreachable',
  'limited',
  'refused',
  'failed',
  'lost'
]

/** A leg has ended. When the last leg of an attempt ends, the attempt ends too, with the outcome that ranks first. */
export function noteEnded(draft: Draft, leg: Leg, ended: Omit<Ended, 'type' | 'at' | 'leg'>): void {
  const { at } = draft
  const all = legsOfAttempt(draft, leg)
  if (all.length === 1) return draft.note({ at, type: 'attempt-ended', leg: leg.id, ...ended })
  if (!all.every(({ state }) => state === 'ending' || state === 'gone')) {
    return draft.note({ at, type: 'contact-ended', leg: leg.id, ...ended })
  }
  const ids = all.map(({ id }) => id)
  const before = draft.call.history.filter(
    (each): each is Ended => (each.type === 'contact-ended' || each.type === 'attempt-ended') && ids.includes(each.leg)
  )
  const ends: readonly Omit<Ended, 'type' | 'at'>[] = [...before, { leg: leg.id, ...ended }]
  const decisive = precedence.flatMap((outcome) => ends.filter((each) => each.outcome === outcome))[0]
  draft.note({ leg: leg.id, ...ended, ...decisive, type: 'attempt-ended', at })
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
  noteEnded(draft, ending, { outcome, cause, sipCode: undefined })
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
