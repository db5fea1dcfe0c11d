// Which numbers a number leads to, and what is read of them.
import { numberLinks } from '../../src/rules/number-links'
import { maxNumbersBehind, nearOf, reachOf } from '../../src/rules/rule-book'
import { buildNumberRules } from '../../src/rules/number-rules'
import type { NumberRules, Override, Rule } from '../../src/rules/rule'
import { compileSchedule, missingSchedule } from '../../src/rules/schedule/schedule'
import { callerAsTheyCame, hunting, number, rule as ruleOf } from './given-numbers'
import { everyCountry } from './policies'

const names = Array.from({ length: 60 }, (_, index) => `+141555501${String(index).padStart(2, '0')}`)
const [a, b, c, d] = names as [string, string, string, string]

function rule(name: string, dials: readonly string[], changed: Partial<Rule> = {}): Rule {
  return ruleOf(name, hunting(dials), changed)
}

const override = (changed: Partial<Override>): Override => ({
  kind: 'closed',
  value: null,
  expiresAt: null,
  setBy: null,
  ...changed
})

/** Each lead as a line. */
const told = (rules: NumberRules) =>
  numberLinks(rules).map(({ by, to, inPlan }) => `${by} ${inPlan ? 'goes on with' : 'dials'} ${to}`)

describe('a number leads', () => {
  test('nowhere through phones, voicemail and names', () => {
    expect(told(number(a, [rule('day', ['PJSIP/alice', 'nobody'], { fallback: 'voicemail:1@default' })]))).toEqual([])
  })

  test("to the numbers of its override, its targets, its rules' fallbacks and its own fallback, in that order", () => {
    const rules = [rule('day', [b, `number:${c}`], { fallback: `number:${d}` }), rule('night', [`number:${b}`])]
    const forward = override({ kind: 'forward', value: `number:${d}` })
    expect(told(number(a, rules, { override: forward, fallback: `number:${c}` }))).toEqual([
      `override goes on with ${d}`,
      `target dials ${b}`,
      `target goes on with ${c}`,
      `rule goes on with ${d}`,
      `target goes on with ${b}`,
      `number goes on with ${c}`
    ])
  })

  test.each<[string, Partial<Override>, readonly string[]]>([
    ['closed', {}, []],
    ['forward to a phone', { kind: 'forward', value: 'PJSIP/alice' }, []],
    ['forward without a value', { kind: 'forward' }, []],
    ['forward through the trunk', { kind: 'forward', value: b }, [`override dials ${b}`]],
    ['rule with another name', { kind: 'rule', value: 'day' }, []],
    ['rule with that name', { kind: 'rule', value: 'storm' }, [`target goes on with ${c}`]],
    ['forward with that name', { kind: 'forward', value: 'storm' }, []]
  ])('nowhere through a disabled rule unless an override names it: %s', (_, changed, leads) => {
    const storm = rule('storm', [`number:${c}`], { enabled: false })
    expect(told(number(a, [storm], { override: override(changed) }))).toEqual(leads)
    expect(told(number(a, [storm]))).toEqual([])
  })
})

describe('the numbers read for a call', () => {
  const bookOf = (numbers: readonly NumberRules[]) => new Map(numbers.map((each) => [each.number, each]))

  test('are the number itself and those that its plan may continue with, not those that it dials', () => {
    const book = bookOf([
      number(a, [rule('day', [`number:${b}`, c, `number:${names[9]!}`])]),
      number(b, [], { fallback: `number:${d}` }),
      number(c, []),
      number(d, [], { fallback: `number:${a}` })
    ])
    expect([...nearOf(a, (each) => book.get(each)).keys()]).toEqual([a, b, d])
    expect([...reachOf(book, a)]).toEqual([a, b, names[9], d])
    expect([...reachOf(book, c)]).toEqual([c])
    expect([...reachOf(new Map(), a)]).toEqual([a])
  })

  test('are at most fifty others, the nearest ones', () => {
    const chain = names.map((each, index) => number(each, [], { fallback: `number:${names[index + 1] ?? a}` }))
    const book = bookOf(chain)
    expect([...nearOf(a, (each) => book.get(each)).keys()]).toEqual(names.slice(0, maxNumbersBehind + 1))
    expect(reachOf(book, a).size).toBe(names.length)
  })
})

describe("the rules built from a number's rows", () => {
  const office = compileSchedule({ name: 'office', timeZone: 'UTC', windows: [], exceptions: [] })
  const named = {
    schedule: (name: string) => (name === 'office' ? office : undefined),
    callers: (name: string) => (name === 'vip' ? ['+1415*'] : [])
  }
  const row = { position: 10, enabled: true, callers: null, validFrom: null, validUntil: null, fallback: null }
  const target = { rule: 'day', step: 1, ringSeconds: 20, enabled: true }
  type Rows = Parameters<typeof buildNumberRules>[0]
  const forward = override({ kind: 'forward', value: b, expiresAt: 1, setBy: 'ann' })
  const build = (rules: Rows['rules'], override: Rows['override'] = forward) =>
    buildNumberRules(
      {
        number: {
          number: a,
          label: 'Sales',
          enabled: true,
          timeZone: 'UTC',
          fallback: 'busy',
          maxCalls: null,
          fallbackFull: null,
          ...callerAsTheyCame
        },
        override,
        rules,
        policy: everyCountry,
        targets: [
          { ...target, dial: 'PJSIP/alice' },
          { ...target, dial: 'PJSIP/bob', enabled: false },
          { ...target, dial: 'PJSIP/carol', step: 2 }
        ]
      },
      named
    )

  test('have their targets, schedules and lists', () => {
    const rules = build([
      { ...row, name: 'day', schedule: 'office', callers: 'vip' },
      { ...row, name: 'night', schedule: null, callers: 'gone' }
    ])
    expect(rules).toEqual({
      number: a,
      label: 'Sales',
      enabled: true,
      timeZone: 'UTC',
      fallback: 'busy',
      maxCalls: null,
      fallbackFull: null,
      ...callerAsTheyCame,
      policy: everyCountry,
      override: { kind: 'forward', value: b, expiresAt: 1, setBy: 'ann' },
      rules: [
        {
          ...row,
          name: 'day',
          schedule: { name: 'office', compiled: office },
          callers: { name: 'vip', patterns: ['+1415*'] },
          targets: [
            { step: 1, dial: 'PJSIP/alice', ringSeconds: 20 },
            { step: 2, dial: 'PJSIP/carol', ringSeconds: 20 }
          ]
        },
        { ...row, name: 'night', schedule: null, callers: { name: 'gone', patterns: [] }, targets: [] }
      ]
    })
    expect(rules.rules[0]?.schedule?.compiled).toBe(office)
  })

  test('apply to everybody without a list, and have no override without one', () => {
    const { rules, override } = build([{ ...row, name: 'day', schedule: null }], null)
    expect([rules[0]?.callers, override]).toEqual([null, null])
  })

  test('have a schedule that is never open, with a fault, if the schedule is missing', () => {
    const [day] = build([{ ...row, name: 'day', schedule: 'gone' }]).rules
    expect(day?.schedule?.compiled.faults).toEqual(missingSchedule('gone').faults)
    expect(day?.schedule?.compiled.faults).toEqual([expect.stringContaining("'gone'")])
  })
})
