// Why a rule answers or not, in words, and what else is told of rules.
import { type Rule, matchRules, openRules, overrideText, reasonsOf } from '../../src/rules/rule'
import { brokenSchedule } from '../../src/rules/schedule/schedule'
import { at, caller, monday, numberWith, office, open, rule, sunday, vip, why } from './given-rule'

describe('the reason', () => {
  const everybody = { name: 'all', patterns: ['*'] }

  test.each<[string, Partial<Rule>, number, string]>([
    [
      'an open schedule',
      { schedule: office },
      monday,
      "schedule 'office' is open: closes Mon 2026-11-23 17:00 Europe/London, in 7 h"
    ],
    [
      'an exception that closes',
      { schedule: office },
      at('2026-12-25T10:00Z'),
      "schedule 'office' is closed, by its exception Christmas Day: opens Mon 2026-12-28 09:00 Europe/London, in 3 days"
    ],
    [
      'an exception without a label that opens',
      { schedule: office },
      at('2026-12-24T11:30Z'),
      "schedule 'office' is open, by its exception 2026-12-24: closes Thu 2026-12-24 12:00 Europe/London, in 30 min"
    ],
    [
      'a start date in the future',
      { validFrom: '2026-11-30' },
      monday,
      'not valid before 2026-11-30 (Europe/London), in 7 days'
    ],
    [
      'a schedule that never closes',
      { schedule: open('0 0 * * *', 1440) },
      monday,
      "schedule 'shop' is open, with no end in sight"
    ],
    [
      'a schedule with one skipped row',
      { schedule: open('0 0 * * *', 1440, '0 25 * * *', 60) },
      monday,
      "schedule 'shop' is open (a row of it skipped), with no end in sight"
    ],
    [
      'a schedule with several skipped rows',
      { schedule: open('0 25 * * *', 60, '60 0 * * *', 60) },
      monday,
      "schedule 'shop' is closed (2 rows of it skipped), with no end in sight"
    ],
    [
      'all conditions of a rule',
      { schedule: open('0 0 * * *', 1440), callers: everybody, validFrom: '2026-01-01', validUntil: '2026-12-31' },
      monday,
      "schedule 'shop' is open, with no end in sight; caller +442071838750 is on list 'all' (*); valid since 2026-01-01; valid until 2026-12-31"
    ],
    [
      'an end date in the past',
      { validUntil: '2026-11-01' },
      monday,
      'no longer valid: its last day was 2026-11-01 (Europe/London)'
    ],
    [
      'an invalid date',
      { validFrom: '2026-02-30' },
      monday,
      'cannot be used: date "2026-02-30" is not in the calendar: write YYYY-MM-DD'
    ],
    [
      'a broken schedule',
      { schedule: { name: 'bad', compiled: brokenSchedule('UTC', 'schedule \'bad\': time zone "X" is unknown') } },
      monday,
      'cannot be used: schedule \'bad\': time zone "X" is unknown'
    ]
  ])('for %s is shown as text', (_case, changed, when, words) => {
    expect(why(changed, when)).toBe(words)
  })

  test('for a rule with neither a valid target nor a fallback is a fault, and other rules still answer', () => {
    const local = { step: 1, dial: 'Local/x@y', ringSeconds: 20 }
    const alice = { ...local, dial: 'PJSIP/alice' }
    const answers = (changed: Partial<Rule>) => {
      const match = matchRules(numberWith([rule('bad', 1, changed), rule('good', 2)]), caller(''), monday)
      return [match.rule?.name, match.faults.length]
    }
    expect(answers({ targets: [local] })).toEqual(['good', 1])
    expect(answers({ targets: [local, alice] })).toEqual(['bad', 0])
    expect(answers({ targets: [local], fallback: 'voicemail:1@default' })).toEqual(['bad', 0])
    expect(answers({ targets: [] })).toEqual(['bad', 0])
  })

  test('for an invalid rule is a fault, and other rules still answer', () => {
    const number = numberWith([rule('bad', 1, { validFrom: 'soon' }), rule('good', 2)])
    const match = matchRules(number, caller(''), monday)
    const fault = 'date "soon" is not in the calendar: write YYYY-MM-DD'
    expect(match.considered).toEqual([
      { rule: 'bad', matched: false, why: `cannot be used: ${fault}` },
      { rule: 'good', matched: true, why: 'always, and for everyone' }
    ])
    expect(match.faults).toEqual([`rule 'bad' of +14155550100 is skipped: ${fault}`])
  })
})

test('all matching rules are listed by position, with the time of the next change', () => {
  const rules = [
    rule('rest', 30),
    rule('day', 20, { schedule: office }),
    rule('vip', 10, { callers: vip }),
    rule('off', 5, { enabled: false })
  ]
  const names = (from: string, when: number) => {
    const { open: found, nextChangeAt } = openRules(numberWith(rules), caller(from), when)
    return [found.map(({ name }) => name), nextChangeAt]
  }
  expect(names('+14155550100', monday)).toEqual([['vip', 'day', 'rest'], at('2026-11-23T17:00Z')])
  expect(names('+442071838751', sunday)).toEqual([['rest'], at('2026-11-23T09:00Z')])
})

test.each([
  [{ kind: 'closed', value: null, setBy: null }, 'closed'],
  [{ kind: 'forward', value: 'PJSIP/carol', setBy: null }, 'forward to PJSIP/carol'],
  [{ kind: 'rule', value: 'night', setBy: 'ann' }, "rule 'night', set by ann"]
] as const)('the override %j is described as %s', (override, words) => {
  expect(overrideText(override)).toBe(words)
})

test('a record keeps the reasons up to the rule that answered; of a thousand rules, the first ones and that one', () => {
  const closed = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ rule: `r${index}`, matched: false, why: 'closed' }))
  const answers = { rule: 'last', matched: true, why: 'open' }
  expect(reasonsOf([...closed(2), answers, ...closed(3)])).toEqual([...closed(2), answers])
  expect(reasonsOf([answers, ...closed(3)])).toEqual([answers])
  expect(reasonsOf(closed(3))).toEqual(closed(3))
  const kept = reasonsOf([...closed(999), answers, ...closed(5)])
  expect(kept).toHaveLength(20)
  expect(kept.at(-1)).toEqual(answers)
})
