// Which other numbers a number leads to: by its override, its targets and its fallbacks. Live calls, comparisons and check
// all go by this. PURE.
import type { NumberRules, Rule, RuleTarget } from './rule'

/** One row that makes a call to a number go on with `to`, whether that exists or not. */
export type NumberLink = {
  readonly to: string
  /** True: written `number:`, and the plan goes on there. False: dialled through the trunk; if it is ours, it comes back as a new call. */
  readonly inPlan: boolean
} & (
  | { readonly by: 'override' }
  | { readonly by: 'number' }
  | { readonly by: 'rule'; readonly rule: Rule }
  | { readonly by: 'target'; readonly rule: Rule; readonly target: RuleTarget }
)

/**
 * In the order in which a plan meets them, whatever the time and whoever calls. A disabled rule leads nowhere, unless the
 * override names it.
 */
export function numberLinks({ fallback, override, rules }: NumberRules): NumberLink[] {
  const links: NumberLink[] = []
  if (override?.kind === 'forward') {
    const link = dialledIn(override.value ?? '')
    if (link !== undefined) links.push({ by: 'override', ...link })
  }
  for (const rule of rules) {
    if (!rule.enabled && !isNamed(override, rule)) continue
    for (const target of rule.targets) {
      const link = dialledIn(target.dial)
      if (link !== undefined) links.push({ by: 'target', rule, target, ...link })
    }
    const to = inPlan(rule.fallback ?? '')
    if (to !== undefined) links.push({ by: 'rule', rule, to, inPlan: true })
  }
  const to = inPlan(fallback)
  if (to !== undefined) links.push({ by: 'number', to, inPlan: true })
  return links
}

/** The number that a call goes on with where this one is full: only a call to this one, not a plan that comes here from another. */
export function linkWhenFull({
  maxCalls,
  fallbackFull
}: Pick<NumberRules, 'maxCalls' | 'fallbackFull'>): string | undefined {
  return maxCalls === null ? undefined : inPlan(fallbackFull ?? '')
}

/** Whether the override chooses this rule, whatever its schedule and its own switch say. */
export function isNamed(override: NumberRules['override'], rule: Pick<Rule, 'name'>): boolean {
  return override?.kind === 'rule' && override.value === rule.name
}

function dialledIn(dial: string): Pick<NumberLink, 'to' | 'inPlan'> | undefined {
  if (dial.startsWith('+')) return { to: dial, inPlan: false }
  const to = inPlan(dial)
  return to === undefined ? undefined : { to, inPlan: true }
}

const prefix = 'number:'

function inPlan(text: string): string | undefined {
  return text.startsWith(prefix) ? text.slice(prefix.length) : undefined
}
