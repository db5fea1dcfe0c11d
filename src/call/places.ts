// Who has a place in a call now: another leg may take the caller's or a target's (call pickup, a transfer, INVITE with Replaces).
// The place keeps its id; commands go to the leg that has it, and its end is the end of the place. PURE.
import { plannedAt } from '../rules/hunt-plan'
import { placeInPlan } from './ids'
import type { Call, Leg } from './types'

/** The leg that has the caller's place. */
export function currentCaller({ callerReplacedBy, incoming }: Call): string {
  return callerReplacedBy ?? incoming.aLeg
}

/** The leg that has this target's place. */
export function currentLeg({ replacedBy, id }: Leg): string {
  return replacedBy ?? id
}

/** The leg that has the place of this target's, by the place's id. */
export function currentLegOf({ legs }: Call, id: string): string {
  return legs.find((leg) => leg.id === id)?.replacedBy ?? id
}

/** The virtual number whose rules name the target of this leg: its country reads digits without a plus. */
export function ruleNumberOf({ id, plan, incoming }: Call, leg: string): string {
  const { step, target } = placeInPlan(id, leg)
  return plannedAt(plan, { step, target })?.from ?? incoming.number
}
