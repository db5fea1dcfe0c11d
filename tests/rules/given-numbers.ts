// Numbers with their rules, with defaults for whatever is not given, and what is decided by them.
import { type Decision, decide } from '../../src/rules/decide'
import type { NumberRules, Rule, RuleTarget } from '../../src/rules/rule'
import type { CallerIdRules } from '../../src/rules/shown-caller'
import { everyCountry } from './policies'

export const [a, b, c] = ['+14155550100', '+14155550101', '+14155550102'] as const
export const monday = Date.parse('2026-11-23T10:00Z')
export const nobody = { number: '', name: '' }

/** Everybody called is shown the caller, and nothing else. */
export const callerAsTheyCame: CallerIdRules = {
  callerIdPolicy: 'caller',
  callerId: null,
  namePrefix: null,
  alertInfo: null
}

export function rule(name: string, targets: readonly RuleTarget[], changed: Partial<Rule> = {}): Rule {
  return {
    name,
    position: 10,
    enabled: true,
    schedule: null,
    callers: null,
    validFrom: null,
    validUntil: null,
    fallback: null,
    targets,
    ...changed
  }
}

/** Targets by step: `[['PJSIP/alice', 'PJSIP/bob'], ['+44…']]`. */
export function hunting(...steps: readonly (readonly string[])[]): RuleTarget[] {
  return steps.flatMap((dials, index) => dials.map((dial) => ({ step: index + 1, dial, ringSeconds: 20 })))
}

export function number(of: string, rules: readonly Rule[], changed: Partial<NumberRules> = {}): NumberRules {
  return {
    number: of,
    label: '',
    enabled: true,
    timeZone: 'Europe/London',
    fallback: 'busy',
    maxCalls: null,
    fallbackFull: null,
    ...callerAsTheyCame,
    rules,
    override: null,
    policy: everyCountry,
    ...changed
  }
}

export function decideWith(numbers: readonly NumberRules[], at = monday): Decision {
  return decide(a, nobody, at, new Map(numbers.map((each) => [each.number, each])))
}

/** Who rings, step by step, then the fallback: `alice+bob > +44… > busy`. */
export function planOf({ plan }: Decision): string {
  const steps = plan.steps.map(({ targets }) => targets.map(({ dial }) => dial.replace('PJSIP/', '')).join('+'))
  return [...steps, plan.fallback].join(' > ')
}
