// A whole rule set as decisions read it, and what each number leads to. PURE: imports only core/.
import type { NumberRules, RuleBook } from './rule'
import type { NumberDefinition, RuleIndex } from './rule-set'

/** Every number of the set; as the store reads them, but all at once. */
export function bookOf(index: RuleIndex): RuleBook {
  return new Map(index.set.numbers.map((number) => [number.number, numberRules(index, number)]))
}

/** The number itself, and those that its targets, fallbacks and override may go on with, whatever the time. */
export function reachOf(book: RuleBook, number: string): Set<string> {
  const reached = new Set([number])
  // A Set gives also what is added while it is walked through.
  for (const each of reached) {
    const rules = book.get(each)
    if (rules === undefined) continue
    const texts = [rules.fallback, rules.override?.value ?? '']
    for (const { fallback, targets } of rules.rules) texts.push(fallback ?? '', ...targets.map(({ dial }) => dial))
    for (const text of texts) if (text.startsWith('number:')) reached.add(text.slice('number:'.length))
  }
  return reached
}

function numberRules(index: RuleIndex, { number, label, enabled, timeZone, fallback }: NumberDefinition): NumberRules {
  return {
    number,
    label,
    enabled,
    timeZone,
    fallback,
    rules: index.rulesOf(number).map((rule) => ({
      name: rule.name,
      position: rule.position,
      enabled: rule.enabled,
      schedule: rule.schedule === null ? null : { name: rule.schedule, compiled: index.compiled(rule.schedule) },
      callers:
        rule.callers === null ? null : { name: rule.callers, patterns: index.callerLists.get(rule.callers) ?? [] },
      validFrom: rule.validFrom,
      validUntil: rule.validUntil,
      fallback: rule.fallback,
      targets: index
        .targetsOf(rule)
        .filter((target) => target.enabled)
        .map(({ step, dial, ringSeconds }) => ({ step, dial, ringSeconds }))
    })),
    override: index.overrides.get(number) ?? null
  }
}
