// What a snapshot of Asterisk means for a call's legs, after a gap in the events or the death of the previous process. PURE.
import { plannedAt } from '../rules/hunt-plan'
import { Cause } from './cause'
import type { Draft } from './draft'
import { placeInPlan } from './ids'
import { leaseWhileRinging } from './lease'
import { attemptedAt, endLeg, endLegs, hangUpLeg, isActive, isDialled, noteDialled } from './legs'
import { dial, legGone, createLeg } from './ringing'
import type { Leg } from './types'

/** The snapshot contains a leg that the call does not know, because the records were behind. Its id contains step and target. */
export function legFound(draft: Draft, id: string): void {
  const known = draft.leg(id)
  if (known?.state === 'gone') {
    return hangUpLeg(draft, draft.changeLeg(known, { state: 'ending', endCause: Cause.normalClearing }))
  }
  if (known !== undefined) return
  const { plan, phase } = draft.call
  const { step, target, tryNumber } = placeInPlan(draft.call.id, id)
  const planned = plannedAt(plan, { step, target })
  if (planned === undefined) return draft.ask({ type: 'hangUpLeg', leg: id, cause: Cause.normalClearing })
  const { dial: dialled, ringSeconds } = planned
  const leg: Leg = { id, step, target, tryNumber, dial: dialled, ringSeconds, state: 'dialling', endCause: null }
  const isLate = phase.kind !== 'hunting' || step < phase.step
  // Another trunk is tried only when the one before has failed.
  for (const each of draft.call.legs) {
    if (each.step === step && each.target === target && each.tryNumber < tryNumber && isActive(each))
      endLeg(draft, each, 'lost', Cause.normalClearing)
  }
  // If another contact of the target is known, the attempt has begun already.
  const since = attemptedAt(draft, leg)
  if (since === undefined) draft.note({ at: draft.at, type: 'attempt', leg: id })
  if (since === undefined || !isLate) noteDialled(draft, id)
  if (isLate) {
    draft.addLeg(leg)
    return endLeg(draft, leg, 'cancelled', Cause.normalClearing)
  }
  // The legs of earlier steps have ended, or this leg would not exist.
  if (step > phase.step) endLegs(draft, 'lost', Cause.normalClearing)
  draft.addLeg(leg)
  draft.setPhase({ kind: 'hunting', step })
  leaseWhileRinging(draft)
  const rungMs = draft.at - (since ?? draft.at)
  draft.startTimer({ kind: 'ring', leg: id }, Math.max(0, leg.ringSeconds * 1000 - rungMs))
}

/**
 * The previous process died before it created the leg, or the leg ended during the gap. A leg that was dialled may have rung, so
 * it is not dialled again. Neither is a leg whose ring time is over.
 */
export function legUnmade(draft: Draft, id: string): void {
  const leg = draft.leg(id)
  const { phase } = draft.call
  const isLate = leg === undefined || draft.at - (attemptedAt(draft, leg) ?? draft.at) >= leg.ringSeconds * 1000
  const hasGoneOut = leg?.state !== 'dialling' || isDialled(draft, id)
  if (isLate || hasGoneOut || phase.kind !== 'hunting') return legLost(draft, id)
  draft.stopTimerOf(leg)
  createLeg(draft, draft.changeLeg(leg, { state: 'creating' }))
  leaseWhileRinging(draft)
}

/** The previous process died between creating the leg and dialling it. */
export function legUndialled(draft: Draft, id: string): void {
  const leg = draft.leg(id)
  if (leg?.state !== 'dialling') return
  dial(draft, leg)
  leaseWhileRinging(draft)
}

export function legLost(draft: Draft, id: string): void {
  const leg = draft.leg(id)
  // A leg that is being created may be missing from the snapshot. Its setup timer or hang-up timer watches it.
  if (leg === undefined || leg.state === 'creating' || leg.state === 'ending') return
  legGone(draft, id, 0, undefined, leg.state === 'answered' ? undefined : { outcome: 'lost' })
}
