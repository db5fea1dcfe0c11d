// What is right for a call, by its profile and by what it has been through: what the carrier may see, what the record may
// say, and how often each number may ring. Anything else is wrong, and books.test.ts has it all as a table. PURE.
import type { CallOutcome, CallRecord } from '../../src/call/record'
import type { Struck } from './account'
import { mayBeFelt } from './fault-kinds'
import type { PlannedFault } from './plan'
import { hasTrunks, otherNumber, people, usersRung } from './profiles'
import type { Profile, Result } from './profiles'

/**
 * What a call has been through. `untouched`: nothing that may be noticed; `felt`: a fault that may be; `recovered`: its end
 * was not seen, but found out afterwards; `failsafe`: the failsafe took it over, or had it from the beginning.
 */
export type Circumstance = 'untouched' | 'felt' | 'recovered' | 'failsafe'

export interface Right {
  readonly result: Result
  readonly outcomes: readonly CallOutcome[]
  readonly decisions: readonly CallRecord['decision'][]
  /** The text of the fallback that the record names; null: none. */
  readonly fallback: string | null
  /** How often a number rings, at least and at most; those that are not here never. */
  readonly rings: Readonly<Record<string, readonly [least: number, most: number]>>
  /** Its record must have an attempt whose end nobody has seen in time. */
  readonly isUntold?: true
}

/** All that is right; what the profile is for comes first. */
export function rightFor(profile: Profile, circumstance: Circumstance, felt: readonly Struck[]): readonly Right[] {
  const right = [asPlanned(profile)]
  // The only one who does not wait for the caller: where nobody saw the answer in time, they have hung up, and the plan is over.
  const hungUp = profile.result.kind === 'person' && profile.result.who === people.hangsUp.number
  const isLate = circumstance !== 'failsafe' && felt.some(({ kind }) => mayBeFelt(kind))
  if (hungUp && isLate) right.push({ ...givenUp(profile), rings: dialled(profile) })
  // Whoever was not there when a trunk refused a call does not know whether it had rung, and calls nobody twice; or there is no time left.
  if (isLate && profile.steps?.flat().some(([dial]) => hasTrunks(dial)) === true) {
    const rings = Object.fromEntries(Object.keys(dialled(profile)).map((who) => [who, [0, 1] as const]))
    right.push({ ...givenUp(profile), rings, isUntold: true })
  }
  for (const fault of profile.steps === null ? [] : felt) {
    if (fault.kind === 'overridden') right.push(asOverridden(profile, fault))
  }
  // Where the rules changed meanwhile, followme may have rung one plan, and the failsafe the other.
  const either = Object.fromEntries(
    right.flatMap(({ rings }) => Object.keys(rings).map((who) => [who, [0, 1] as const]))
  )
  const isEither = circumstance === 'failsafe' && right.length > 1
  return right.map((each) => under(isEither ? { ...each, rings: { ...either, ...each.rings } } : each, circumstance))
}

function asPlanned(profile: Profile): Right {
  const { result, steps } = profile
  const decisions = [steps === null ? 'unknown-number' : 'rule'] as const
  if (result.kind === 'cancelled') {
    // They may have gone before anybody rang.
    const rings = Object.fromEntries(Object.keys(dialled(profile)).map((who) => [who, [0, 1] as const]))
    return { result, outcomes: ['abandoned'], decisions, fallback: null, rings }
  }
  if (result.kind === 'person') {
    return { result, outcomes: ['answered'], decisions, fallback: null, rings: dialled(profile) }
  }
  if (steps === null) return { result, outcomes: ['refused'], decisions, fallback: null, rings: {} }
  return { ...givenUp(profile), decisions, rings: dialled(profile) }
}

/** The fallback, nobody having answered. */
function givenUp({ fallback }: Profile): Right {
  return { result: resultOfFallback(fallback), outcomes: ['fallback'], decisions: ['rule'], fallback, rings: {} }
}

/** Once each, as far as SIPp stands behind them, and by each trunk: no profile has somebody ring after the one who answers. */
function dialled({ steps, fallback }: Profile): Right['rings'] {
  const own = (steps ?? []).flat().map(([dial]) => dial)
  const all = fallback === `number:${otherNumber}` ? [...own, people.waits.number] : own
  return Object.fromEntries(all.flatMap(usersRung).map((who) => [who, [1, 1] as const]))
}

/** What the override of a fault is, as the command has it. */
export function overrideOf({ chance }: Pick<PlannedFault, 'chance'>): string {
  return chance < 0.5 ? 'closed' : `forward:${people.waits.number}`
}

function asOverridden(profile: Profile, fault: PlannedFault): Right {
  const isOther = profile.fallback === `number:${otherNumber}`
  const decisions = ['override'] as const
  if (overrideOf(fault) === 'closed' && !isOther) return { ...givenUp(profile), decisions }
  const who = people.waits.number
  const rings = { [who]: [1, 1] as const }
  return { result: { kind: 'person', who }, outcomes: ['answered'], decisions, fallback: null, rings }
}

function resultOfFallback(fallback: string): Result {
  if (fallback.startsWith('voicemail:')) return { kind: 'voicemail' }
  if (fallback.startsWith('announce:')) return { kind: 'announcement' }
  return { kind: 'refused', code: fallback === 'hangup' ? 480 : 486 }
}

function under(right: Right, circumstance: Circumstance): Right {
  const { outcomes, decisions, rings } = right
  if (circumstance === 'recovered') return { ...right, outcomes: [...outcomes, 'lost'] }
  if (circumstance !== 'failsafe') return right
  return {
    ...right,
    // Once by followme at most, and once by the failsafe, which begins with the first step.
    rings: Object.fromEntries(Object.entries(rings).map(([who, [least]]) => [who, [least, 2] as const])),
    // Of a number that is closed the failsafe has no more than the fallback.
    decisions: decisions.includes('override') ? ['override', 'rule', 'fallback'] : decisions
  }
}
