// What each target and each trunk does now, from the rules, the records and what Asterisk says. PURE.
import type { AttemptRecord } from './record'
import { type Figures, figuresOf, restingTrunks, type Usage } from './target-use'
import { phoneNameIn } from '../rules/number'
import { grouped, type RuleSet, ruleKey } from '../rules/rule-tables'
import { type TargetLimit, TargetLimits } from '../rules/target-limits'

/** What the records say, and which devices are registered. */
export interface TargetFacts {
  readonly now: number
  readonly usages: readonly Usage[]
  /** Attempts that last; `who` has taken the target's place. */
  readonly open: readonly (AttemptRecord & { readonly who: string | null })[]
  /** Conversations that have ended, of the last hour. */
  readonly talked: readonly AttemptRecord[]
  /** Attempts through trunks, of the last hour, in the order of their ends. */
  readonly throughTrunks: readonly AttemptRecord[]
  /** The contacts of each phone by its name; null: Asterisk was not asked. */
  readonly contacts: ReadonlyMap<string, readonly string[]> | null
}

/** Since when a call rings it or talks with it. */
export interface InCall {
  readonly call: string
  readonly since: number
  readonly isAnswered: boolean
}

export interface TargetState extends Figures {
  readonly dial: string
  readonly limit: Omit<TargetLimit, 'dial'> | null
  readonly calls: readonly InCall[]
  /** While it wraps up; null: it does not. */
  readonly wrapsUpUntil: number | null
  /** The devices that are registered; null: Asterisk was not asked, or it is no phone. */
  readonly contacts: readonly string[] | null
}

export interface TrunkUse extends Figures {
  readonly name: string
  readonly calls: readonly InCall[]
  /** While it is passed over because its calls fail; null: it is not. */
  readonly restsUntil: number | null
}

/** Every target that an enabled rule or a forwarding override names, each once, in alphabetical order. */
export function targetsIn({ numbers, rules, targets, overrides, targetLimits }: RuleSet): readonly string[] {
  const on = new Set(numbers.flatMap(({ number, enabled }) => (enabled ? [number] : [])))
  const inForce = new Set(
    rules.flatMap((rule) => (rule.enabled && on.has(rule.number) ? [ruleKey(rule.number, rule.name)] : []))
  )
  const dials = [
    ...targets.flatMap(({ number, rule, dial, enabled }) =>
      enabled && inForce.has(ruleKey(number, rule)) ? [dial] : []
    ),
    ...overrides.flatMap(({ number, kind, value }) =>
      kind === 'forward' && value !== null && on.has(number) ? [value] : []
    ),
    ...targetLimits.map(({ dial }) => dial)
  ]
  return [...new Set(dials)].filter((dial) => !dial.startsWith('number:')).sort()
}

export function targetStates(set: RuleSet, facts: TargetFacts): readonly TargetState[] {
  const limits = new TargetLimits(set.targetLimits)
  const usages = grouped(facts.usages, ({ dial }) => dial)
  const open = grouped(facts.open, ({ dial, who }) => who ?? dial)
  const talked = grouped(facts.talked, ({ dial }) => dial)
  return targetsIn(set).map((dial) => {
    const limit = limits.for(dial)
    const phone = phoneNameIn(dial)
    const wrapUpMs = (limit?.wrapUpSeconds ?? 0) * 1000
    const untils = (talked.get(dial) ?? []).map(({ endedAt }) => (endedAt ?? 0) + wrapUpMs)
    const until = Math.max(0, ...untils)
    return {
      dial,
      limit: limit === undefined ? null : { maxCalls: limit.maxCalls, wrapUpSeconds: limit.wrapUpSeconds },
      calls: (open.get(dial) ?? []).map(inCall),
      wrapsUpUntil: wrapUpMs > 0 && until > facts.now ? until : null,
      contacts: phone === undefined ? null : (facts.contacts?.get(phone) ?? null),
      ...figuresOf(usages.get(dial) ?? [])
    }
  })
}

export function trunkUses({ trunks }: RuleSet, facts: TargetFacts): readonly TrunkUse[] {
  const resting = restingTrunks(facts.throughTrunks, facts.now)
  return trunks.map(({ name }) => ({
    name,
    calls: facts.open.filter(({ trunk }) => trunk === name).map(inCall),
    restsUntil: resting.get(name) ?? null,
    ...figuresOf(facts.usages.filter(({ trunk }) => trunk === name))
  }))
}

function inCall({ call, startedAt, answeredAt }: AttemptRecord): InCall {
  return { call, since: answeredAt ?? startedAt, isAnswered: answeredAt !== null }
}
