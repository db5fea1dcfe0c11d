// Rules of one number, and callers and instants to ask them about.
import { type NumberRules, type Rule, matchRules } from '../../src/rules/rule'
import { compileSchedule } from '../../src/rules/schedule/schedule'
import { a, number, rule as ruleOf } from './given-numbers'

export const london = 'Europe/London'
export const office = {
  name: 'office',
  compiled: compileSchedule({
    name: 'office',
    timeZone: london,
    windows: [{ opens: '0 9 * * MON-FRI', minutes: 480 }],
    exceptions: [
      { fromDate: '2026-12-25', toDate: '2026-12-25', opensAt: null, closesAt: null, label: 'Christmas Day' },
      { fromDate: '2026-12-24', toDate: '2026-12-24', opensAt: '10:00', closesAt: '12:00', label: null }
    ]
  })
}
export const vip = { name: 'vip', patterns: ['+14155550100', '+1415*', '+44 20 7183 8750'] }

export function rule(name: string, position: number, changed: Partial<Rule> = {}): Rule {
  return ruleOf(name, [], { position, ...changed })
}

export function numberWith(rules: readonly Rule[]): NumberRules {
  return number(a, rules)
}

export const caller = (number: string) => ({ number, name: '' })
export const at = (text: string) => Date.parse(text)
export const sunday = at('2026-11-22T19:00Z')
export const monday = at('2026-11-23T10:00Z')

/** The one rule's reason for a caller at an instant. */
export function why(changed: Partial<Rule>, when = sunday, from = '+442071838750'): string {
  return matchRules(numberWith([rule('day', 10, changed)]), caller(from), when).considered[0]!.why
}

/** A schedule of these windows: cron expressions and minutes, in turn. */
export function open(...windows: readonly (string | number)[]) {
  const rows = windows.flatMap((opens, index) =>
    typeof opens === 'string' ? [{ opens, minutes: Number(windows[index + 1]) }] : []
  )
  return {
    name: 'shop',
    compiled: compileSchedule({ name: 'shop', timeZone: london, windows: rows, exceptions: [] })
  }
}
