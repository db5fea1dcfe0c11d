// A number that is tried through one trunk after another, while they fail before it rings. PURE.
import { tryLegIdOf } from './ids'
import type { Draft } from './draft'
import { leastTryMs, progressMs } from './timers'
import { type HuntPlan, plannedAt, type PlannedTrunk } from '../rules/hunt-plan'
import type { Leg } from './types'

/** The trunk of a leg; undefined: a phone, or a number through FOLLOWME_TRUNK. */
export function trunkOf(plan: HuntPlan, leg: Pick<Leg, 'step' | 'target' | 'tryNumber'>): PlannedTrunk | undefined {
  return plannedAt(plan, leg)?.trunks?.[leg.tryNumber - 1]
}

/** Whether another trunk is there after that of this leg. */
export function hasNextTrunk({ call: { plan } }: Draft, leg: Leg): boolean {
  return trunkOf(plan, { ...leg, tryNumber: leg.tryNumber + 1 }) !== undefined
}

/** The leg for the next trunk, added to the call; undefined: there is none, or too little of the ring time is left. */
export function addNextTry(draft: Draft, leg: Leg): Leg | undefined {
  if (!hasNextTrunk(draft, leg)) return undefined
  const { step, target, dial } = leg
  const leftMs = ringMs(draft, leg) - (draft.at - (triedSince(draft, leg) ?? draft.at))
  if (leftMs < leastTryMs) return undefined
  const tryNumber = leg.tryNumber + 1
  const id = tryLegIdOf(draft.call.id, step, target, tryNumber)
  const next: Leg = {
    id,
    step,
    target,
    tryNumber,
    dial,
    ringSeconds: Math.round(leftMs / 1000),
    state: 'creating',
    endCause: null
  }
  draft.addLeg(next)
  draft.note({ at: draft.at, type: 'attempt', leg: id })
  return next
}

/** Gives the trunk of a leg that has been dialled for so long its time to show something, if another one is there. */
export function watchProgress(draft: Draft, leg: Leg, dialledMs = 0): void {
  if (!hasNextTrunk(draft, leg)) return
  const patience = Math.min(progressMs, (leg.ringSeconds * 1000) / 2)
  draft.startTimer({ kind: 'progress', leg: leg.id }, Math.max(0, patience - dialledMs))
}

function ringMs({ call: { plan } }: Draft, leg: Leg): number {
  return (plannedAt(plan, leg)?.ringSeconds ?? 0) * 1000
}

/** When the first try of the same target began. */
function triedSince({ call: { history, legs } }: Draft, { step, target }: Leg): number | undefined {
  const own = legs.filter((each) => each.step === step && each.target === target).map(({ id }) => id)
  return history.find((each) => each.type === 'attempt' && own.includes(each.leg))?.at
}
