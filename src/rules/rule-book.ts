// A whole rule set as decisions read it, and what each number leads to. PURE.
import { linkWhenFull, numberLinks } from './number-links'
import { buildNumberRules } from './number-rules'
import type { NumberRules, RuleBook } from './rule'
import type { NumberDefinition, RuleIndex } from './rule-tables'

/** Every number of the set; as the store reads them, but all at once. */
export function bookOf(index: RuleIndex): RuleBook {
  return new Map(index.set.numbers.map((number) => [number.number, numberRulesIn(index, number)]))
}

/** How many other numbers a plan may go on with, and how many are read for it. */
export const maxNumbersBehind = 50

/**
 * The number itself and those that its targets, fallbacks and override may go on with, whatever the time: the nearest
 * {@link maxNumbersBehind}, as `rulesOf` gives them. Live calls and comparisons alike decide by these and no others.
 */
export function nearOf(number: string, rulesOf: (number: string) => NumberRules | undefined): RuleBook {
  const near = new Map<string, NumberRules>()
  // A Set gives also what is added while it is walked through.
  const reached = new Set([number])
  for (const each of reached) {
    if (near.size > maxNumbersBehind) break
    const rules = rulesOf(each)
    if (rules === undefined) continue
    near.set(each, rules)
    addNumbersBehind(rules, reached)
    if (each === number) addFull(rules, reached)
  }
  return near
}

/** Every number that can be reached from this one, itself included. */
export function reachOf(book: RuleBook, number: string): Set<string> {
  const reached = new Set([number])
  for (const each of reached) {
    const rules = book.get(each)
    if (rules === undefined) continue
    addNumbersBehind(rules, reached)
    if (each === number) addFull(rules, reached)
  }
  return reached
}

function addNumbersBehind(rules: NumberRules, reached: Set<string>): void {
  for (const { to, inPlan } of numberLinks(rules)) if (inPlan) reached.add(to)
}

function addFull(rules: NumberRules, reached: Set<string>): void {
  const to = linkWhenFull(rules)
  if (to !== undefined) reached.add(to)
}

/** One number of the set. */
export function numberRulesIn(index: RuleIndex, number: NumberDefinition): NumberRules {
  const rules = index.rulesOf(number.number)
  return buildNumberRules(
    {
      number,
      override: index.overrides.get(number.number) ?? null,
      rules,
      targets: rules.flatMap((rule) => index.targetsOf(rule)),
      policy: index.policy
    },
    { schedule: index.compiled, callers: index.patternsOf }
  )
}
