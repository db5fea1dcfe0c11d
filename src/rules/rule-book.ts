// A whole rule set as decisions read it, and what each number leads to. PURE.
import { buildNumberRules } from './number-rules'
import type { NumberRules, RuleBook } from './rule'
import type { NumberDefinition, RuleIndex } from './rule-tables'

/** Every number of the set; as the store reads them, but all at once. */
export function bookOf(index: RuleIndex): RuleBook {
  return new Map(index.set.numbers.map((number) => [number.number, numberRules(index, number)]))
}

/** How many other numbers a plan may go on with, and how many are read for it. */
export const mostNumbersBehind = 50

/**
 * The number itself and those that its targets, fallbacks and override may go on with, whatever the time: the nearest
 * {@link mostNumbersBehind}, as `rulesOf` gives them. Live calls and comparisons alike decide by these and no others.
 */
export function nearOf(number: string, rulesOf: (number: string) => NumberRules | undefined): RuleBook {
  const near = new Map<string, NumberRules>()
  // A Set gives also what is added while it is walked through.
  const reached = new Set([number])
  for (const each of reached) {
    if (near.size > mostNumbersBehind) break
    const rules = rulesOf(each)
    if (rules === undefined) continue
    near.set(each, rules)
    for (const next of leadsTo(rules)) reached.add(next)
  }
  return near
}

/** Every number that can be reached from this one, itself included. */
export function reachOf(book: RuleBook, number: string): Set<string> {
  const reached = new Set([number])
  for (const each of reached) {
    const rules = book.get(each)
    if (rules !== undefined) for (const next of leadsTo(rules)) reached.add(next)
  }
  return reached
}

/** The numbers that a number's targets, fallbacks and override continue with. */
function leadsTo({ fallback, override, rules }: NumberRules): string[] {
  const texts = [fallback, override?.value ?? '']
  for (const rule of rules) {
    texts.push(rule.fallback ?? '')
    for (const { dial } of rule.targets) texts.push(dial)
  }
  return texts.filter((text) => text.startsWith('number:')).map((text) => text.slice('number:'.length))
}

function numberRules(index: RuleIndex, number: NumberDefinition): NumberRules {
  const rules = index.rulesOf(number.number)
  return buildNumberRules(
    {
      number,
      override: index.overrides.get(number.number) ?? null,
      rules,
      targets: rules.flatMap((rule) => index.targetsOf(rule))
    },
    { schedule: index.compiled, callers: index.patternsOf }
  )
}
