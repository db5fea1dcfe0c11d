import { answerKey, coverageOf, gapsOf, inWallTime } from '../../../src/rules/analysis/coverage'
import { decide } from '../../../src/rules/decide'
import type { Override, Rule } from '../../../src/rules/rule'
import { compileSchedule } from '../../../src/rules/schedule/schedule'
import { wallClockOf } from '../../../src/rules/schedule/time-zones'
import { dayMs, minuteMs } from '../../../src/rules/schedule/wall-clock'
import { hunting, number, rule as ruleOf } from '../given-numbers'

const a = '+442071838750'
const b = '+14155550101'
const caller = { number: 'somebody', name: '' }
const at = (text: string) => Date.parse(text)

function open(name: string, timeZone: string, opens: string, minutes: number) {
  return { name, compiled: compileSchedule({ name, timeZone, windows: [{ opens, minutes }], exceptions: [] }) }
}

function rule(name: string, schedule: Rule['schedule'], dial: string | null, changed: Partial<Rule> = {}): Rule {
  return ruleOf(name, dial === null ? [] : hunting([dial]), { schedule, ...changed })
}

function book(rules: readonly Rule[], override: Override | null = null, further: readonly Rule[] = []) {
  return new Map([
    [a, number(a, rules, { override })],
    [b, number(b, further)]
  ])
}

const day = rule('day', open('day', 'Europe/London', '0 9 * * MON-FRI', 480), 'PJSIP/alice')
const monday = at('2026-11-23T00:00Z')

test('coverage consists of consecutive spans without holes', () => {
  const spans = coverageOf(a, caller, monday, monday + 2 * dayMs, book([day]))
  expect(spans.map(({ from, to, rule: name }) => [new Date(from).toISOString().slice(8, 16), to - from, name])).toEqual(
    [
      ['23T00:00', 540 * minuteMs, null],
      ['23T09:00', 480 * minuteMs, 'day'],
      ['23T17:00', 960 * minuteMs, null],
      ['24T09:00', 480 * minuteMs, 'day'],
      ['24T17:00', 420 * minuteMs, null]
    ]
  )
  expect(gapsOf(spans)).toHaveLength(3)
})

test('coverage agrees with a decision every five minutes, with other numbers, overrides, dates and clock changes', () => {
  const rules = [
    rule('season', null, 'PJSIP/zoe', { position: 1, validFrom: '2027-03-20', validUntil: '2027-03-21' }),
    rule('sydney', open('sydney', 'Australia/Sydney', '15 8 * * MON-FRI', 605), 'PJSIP/carol', { position: 2 }),
    rule('on', open('late', 'America/New_York', '0 22 * * *', 240), `number:${b}`, { position: 3 }),
    { ...day, position: 4 }
  ]
  const override: Override = { kind: 'closed', value: null, expiresAt: at('2027-03-12T15:25Z'), setBy: null }
  const further = [rule('odd', open('odd', 'Asia/Kathmandu', '*/25 * * * *', 5), 'PJSIP/dora')]
  const all = book(rules, override, further)
  const from = at('2027-03-10T00:00Z')
  const spans = coverageOf(a, caller, from, from + 30 * dayMs, all)
  let index = 0
  for (let now = from; now < from + 30 * dayMs; now += 5 * minuteMs) {
    while (now >= spans[index]!.to) index += 1
    const asked = decide(a, caller, now, all)
    expect(answerKey(spans[index]!)).toBe(answerKey({ ...asked, from: now, to: now }))
  }
  expect(new Set(spans.map(answerKey)).size).toBeGreaterThan(5)
})

test('if another number changes without effect, the span continues', () => {
  const all = book(
    [
      rule('on', null, 'PJSIP/alice', {
        targets: [
          { step: 1, dial: 'PJSIP/alice', ringSeconds: 20 },
          { step: 2, dial: `number:${b}`, ringSeconds: 20 }
        ]
      })
    ],
    null,
    [{ ...day, targets: [] }]
  )
  expect(decide(a, caller, monday, all).nextChangeAt).toBe(monday + 540 * minuteMs)
  expect(coverageOf(a, caller, monday, monday + dayMs, all)).toMatchObject([
    { from: monday, to: monday + dayMs, rule: 'on' }
  ])
})

test('consecutive gaps are merged, with all their fallbacks', () => {
  const nobody = rule('nobody', day.schedule, null, { fallback: 'voicemail:100@default' })
  expect(gapsOf(coverageOf(a, caller, monday, monday + dayMs, book([nobody])))).toEqual([
    { from: monday, to: monday + dayMs, fallbacks: ['busy', 'voicemail:100@default'] }
  ])
})

test('a number that always rings has no gaps; a number without rules is one gap', () => {
  expect(gapsOf(coverageOf(a, caller, monday, monday + dayMs, book([rule('on', null, 'PJSIP/x')])))).toEqual([])
  expect(gapsOf(coverageOf(a, caller, monday, monday + dayMs, book([])))).toHaveLength(1)
})

test('in local time, an hour is missing in spring and repeated in autumn', () => {
  const clock = wallClockOf('Europe/London')
  const hours = (from: string, to: string) =>
    inWallTime(coverageOf(a, caller, at(from), at(to), book([])), clock).map((span) => [
      new Date(span.from).toISOString().slice(11, 16),
      (span.to - span.from) / 3_600_000
    ])
  expect(hours('2027-03-28T00:00Z', '2027-03-28T23:00Z')).toEqual([
    ['00:00', 1],
    ['02:00', 22]
  ])
  expect(hours('2027-03-28T01:00Z', '2027-03-28T23:00Z')).toEqual([['02:00', 22]])
  expect(hours('2026-10-24T23:00Z', '2026-10-26T00:00Z')).toEqual([
    ['00:00', 2],
    ['01:00', 23]
  ])
})

test.each([
  ['Europe/London', '2027-03-28T01:00:00.000Z', 60],
  ['America/New_York', '2027-11-07T06:00:00.000Z', -60],
  ['Australia/Lord_Howe', '2027-10-02T15:30:00.000Z', 30]
])('the clocks of %s change at %s by %d minutes', (zone, instant, minutes) => {
  const changes = wallClockOf(zone).changesBetween(at(instant) - 40 * dayMs, at(instant) + 40 * dayMs)
  expect(changes).toEqual([{ at: at(instant), byMs: minutes * minuteMs }])
  expect(wallClockOf(zone).changesBetween(at(instant), at(instant) + 1)).toHaveLength(1)
  expect(wallClockOf(zone).changesBetween(at(instant) - dayMs, at(instant))).toEqual([])
})
