import { grouped, indexOf } from '../../src/rules/rule-tables'
import { rulesAfter } from './given-rules'

const london = '+442071838750'
const index = () =>
  indexOf(
    rulesAfter(`INSERT INTO rules (number, name, position, enabled) VALUES ('${london}', 'first', 1, 0);
      INSERT INTO targets (number, rule, step, dial, enabled) VALUES ('${london}', 'first', 2, 'PJSIP/zoe', 0), ('${london}', 'first', 1, 'PJSIP/bob', 1);
      INSERT INTO caller_lists VALUES ('nobody');
      INSERT INTO schedules VALUES ('empty', 'UTC');
      INSERT INTO overrides (number, kind) VALUES ('${london}', 'closed')`)
  )

test('the rules of a number are sorted by position, and their targets by step, including disabled ones', () => {
  const { rulesOf, targetsOf, rules } = index()
  expect(rulesOf(london).map(({ name }) => name)).toEqual(['first', 'vip', 'day'])
  expect(rulesOf('+14155550199')).toEqual([])
  expect(targetsOf(rulesOf(london)[0]!).map(({ dial }) => dial)).toEqual(['PJSIP/bob', 'PJSIP/zoe'])
  expect(targetsOf({ ...rulesOf(london)[0]!, name: 'unknown' })).toEqual([])
  expect(rules.get(`${london}, day`)).toMatchObject({ number: london, name: 'day', position: 20 })
})

test('the rules of a number are sorted by position, in whatever order they are read', () => {
  const { set } = index()
  const { rulesOf } = indexOf({ ...set, rules: [...set.rules].reverse() })
  expect(rulesOf(london).map(({ name }) => name)).toEqual(['first', 'vip', 'day'])
})

test('lists have their patterns, even lists that only have entries', () => {
  const { callerLists, patternsOf } = index()
  expect([...callerLists]).toEqual([
    ['nobody', []],
    ['vip', ['+1415*', 'anonymous']]
  ])
  expect([patternsOf('vip'), patternsOf('nobody'), patternsOf('unknown')]).toEqual([['+1415*', 'anonymous'], [], []])
  const set = { ...rulesAfter(''), callerLists: [] }
  expect([...indexOf(set).callerLists]).toEqual([])
  expect(indexOf(set).patternsOf('vip')).toEqual(['+1415*', 'anonymous'])
})

test('schedules have their windows and exceptions, and are compiled only once', () => {
  const { schedules, compiled } = index()
  expect(schedules.get('empty')).toEqual({ name: 'empty', timeZone: 'UTC', windows: [], exceptions: [] })
  expect(schedules.get('office')).toMatchObject({
    timeZone: 'Europe/London',
    windows: [{ opens: '30 8 * * MON-FRI', minutes: 540 }],
    exceptions: [{ fromDate: '2026-12-25', label: 'Christmas Day' }]
  })
  expect(compiled('office').stateAt(Date.UTC(2026, 10, 23, 9)).open).toBe(true)
  expect(compiled('office')).toBe(compiled('office'))
  expect(compiled('unknown').faults).toEqual([
    "there is no schedule 'unknown': add it to schedules, or correct rules.schedule"
  ])
})

test('numbers, overrides and the policy are indexed', () => {
  const { numbers, overrides, policy } = index()
  expect([...numbers.keys()]).toEqual(['+14155550100', london])
  expect([...overrides].map(([number, { kind }]) => [number, kind])).toEqual([[london, 'closed']])
  const kindOf = (number: string) => policy.refusalOf(number)?.kind
  expect(['+33123456789', '+442079460000', '+12125550123', '+4930123456'].map(kindOf)).toEqual([
    undefined,
    undefined,
    undefined,
    'country'
  ])
})

test('grouping by a key keeps the order', () => {
  expect([...grouped(['b1', 'a1', 'b2'], (each) => each.slice(0, 1))]).toEqual([
    ['b', ['b1', 'b2']],
    ['a', ['a1']]
  ])
})
