// A past call decided again, by other rules than it met. PURE.
import { readCaller } from '../rules/caller'
import type { BareNumbers } from '../rules/numbering/read-number'
import { type HuntPlan, ringingIn } from '../rules/hunt-plan'
import { type Decision, decide } from '../rules/decide'
import type { CallRecord } from './record'
import type { RuleBook } from '../rules/rule'

/** What decided about a call, and the plan that it gave: of the record, or decided again. */
export type Answer = Pick<CallRecord, 'decision' | 'rule' | 'plan' | 'reason'>

/**
 * What the call would do by these rules, its caller read as one is today. By rules alone: an override is of its day, and
 * that is over. A call that met a full number meets one again, where the number still has a limit; a loop stays one. Never throws.
 */
export function decideAgain(call: CallRecord, book: RuleBook, bare: BareNumbers): Answer & Pick<Decision, 'notes'> {
  const { number, callerNumber, callerName, startedAt } = call
  const rules: RuleBook = new Map([...book].map(([each, rules]) => [each, { ...rules, override: null }]))
  const caller = readCaller({ number: callerNumber, name: callerName }, number, bare)
  const { outcome, rule, plan, limit, notes } = decide(number, caller, startedAt, rules)
  const { reason } = call
  if (call.decision === 'loop') return { decision: 'loop', rule: null, plan: call.plan, reason, notes }
  if (reason !== null && limit !== null) return { decision: 'fallback', rule: null, plan: limit.plan, reason, notes }
  return { decision: outcome, rule, plan, reason: null, notes }
}

/** Whether the same phones ring, as long, and the caller then gets the same; whatever rule says so. */
export function ringsAlike(one: Answer, other: Answer): boolean {
  return isRefused(one) === isRefused(other) && ringing(one.plan) === ringing(other.plan)
}

function isRefused({ decision }: Answer): boolean {
  return decision === 'unknown-number' || decision === 'disabled' || decision === 'loop'
}

function ringing(plan: HuntPlan): string {
  // In what order a step names those who ring together is nothing that anyone hears.
  const rung = ringingIn(plan).map((targets) => targets.map(({ dial, ringSeconds }) => [dial, ringSeconds]).sort())
  return JSON.stringify([rung, plan.fallback])
}
