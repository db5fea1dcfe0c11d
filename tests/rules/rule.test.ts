import { unlistedCaller } from '../../src/rules/number'
import { matchRules } from '../../src/rules/rule'
import { compileSchedule } from '../../src/rules/schedule/schedule'
import { useZoneData } from '../../src/rules/schedule/time-zones'
import { readZoneData } from '../../src/system/zone-data'
import { at, caller, london, monday, numberWith, office, open, rule, sunday, vip, why } from './given-rule'

describe('the first rule by position', () => {
  const number = numberWith([rule('night', 20), rule('day', 10, { schedule: office })])

  test('that is open answers, in whatever order the rules are given', () => {
    expect(matchRules(number, caller(''), monday).rule?.name).toBe('day')
    expect(matchRules(number, caller(''), sunday).rule?.name).toBe('night')
  })

  test('is listed with all others, and why each answers or not', () => {
    expect(matchRules(number, caller(''), sunday).considered).toEqual([
      {
        rule: 'day',
        matched: false,
        why: "schedule 'office' is closed: opens Mon 2026-11-23 09:00 Europe/London, in 14 h"
      },
      { rule: 'night', matched: true, why: 'always, and for everyone' }
    ])
    expect(matchRules(number, caller(''), monday).considered[1]).toEqual({
      rule: 'night',
      matched: false,
      why: "not reached: rule 'day' answers first"
    })
  })

  test('applies until its schedule closes or an earlier one opens', () => {
    expect(matchRules(number, caller(''), monday).nextChangeAt).toBe(at('2026-11-23T17:00Z'))
    expect(matchRules(number, caller(''), sunday).nextChangeAt).toBe(at('2026-11-23T09:00Z'))
  })

  test('is not affected by later rules', () => {
    const first = numberWith([rule('always', 1), rule('day', 10, { schedule: office })])
    expect(matchRules(first, caller(''), monday).nextChangeAt).toBeNull()
  })

  test('is null if no rule matches', () => {
    const none = matchRules(numberWith([rule('off', 1, { enabled: false })]), caller(''), monday)
    expect(none).toEqual({
      rule: null,
      considered: [{ rule: 'off', matched: false, why: 'disabled: set enabled to 1 to use it' }],
      nextChangeAt: null,
      faults: []
    })
  })
})

describe('callers', () => {
  test.each([
    ['+14155550100', true],
    ['+1 415 999 0000', true],
    ['+442071838750', true],
    ['+4420718387501', false],
    ['+1416', false],
    ['', false],
    ['anonymous', false]
  ])('%j is on the list: %s', (from, matched) => {
    const number = numberWith([rule('vip', 1, { callers: vip })])
    expect(matchRules(number, caller(from), monday).rule !== null).toBe(matched)
  })

  test.each([
    ['', true],
    ['Restricted', true],
    ['+14155550100', false]
  ])('an anonymous caller is one without a number: %j, %s', (from, matched) => {
    const number = numberWith([rule('hidden', 1, { callers: { name: 'hidden', patterns: ['anonymous'] } })])
    expect(matchRules(number, caller(from), monday).rule !== null).toBe(matched)
  })

  test('with a number match a bare *, others do not', () => {
    const number = numberWith([rule('shown', 1, { callers: { name: 'shown', patterns: ['*'] } })])
    expect(matchRules(number, caller('123'), monday).rule?.name).toBe('shown')
    expect(matchRules(number, caller(''), monday).rule).toBeNull()
  })

  test('are described with the list and the entry they match', () => {
    expect(why({ callers: vip }, monday, '+14159990000')).toBe("caller +14159990000 is on list 'vip' (+1415*)")
    expect(why({ callers: vip }, monday, '+14155550100')).toBe("caller +14155550100 is on list 'vip'")
    expect(why({ callers: vip }, monday, '')).toBe("an anonymous caller is not on list 'vip'")
    expect(why({ callers: vip }, monday, unlistedCaller.number)).toBe("somebody is not on list 'vip'")
  })

  test('on no list see no change when its schedule opens', () => {
    const number = numberWith([rule('vip', 1, { callers: vip, schedule: office }), rule('rest', 2)])
    expect(matchRules(number, caller('+33123456789'), sunday).nextChangeAt).toBeNull()
  })

  test.each(["'; DROP TABLE rules;--", '\u0000', '👩‍👩‍👧'.repeat(30), '\ud800', '%s%n', '*', '+'])(
    'sent as %j do no harm',
    (from) => {
      const number = numberWith([rule('vip', 1, { callers: vip }), rule('rest', 2)])
      expect(matchRules(number, caller(from), monday).rule?.name).toBe('rest')
    }
  )
})

describe('validity', () => {
  const season = { validFrom: '2026-12-01', validUntil: '2026-12-31' }

  test('includes both days completely, in the zone of the number', () => {
    const auckland = { ...numberWith([rule('summer', 1, season)]), timeZone: 'Pacific/Auckland' }
    const matches = (when: string) => matchRules(auckland, caller(''), at(when)).rule !== null
    expect([
      matches('2026-11-30T10:59:59.999Z'),
      matches('2026-11-30T11:00Z'),
      matches('2026-12-31T10:59:59.999Z'),
      matches('2026-12-31T11:00Z')
    ]).toEqual([false, true, true, false])
    expect(matchRules(auckland, caller(''), at('2026-11-01T00:00Z')).nextChangeAt).toBe(at('2026-11-30T11:00Z'))
    expect(matchRules(auckland, caller(''), at('2026-12-15T00:00Z')).nextChangeAt).toBe(at('2026-12-31T11:00Z'))
  })

  test('begins with the first opening of the schedule within it', () => {
    const number = numberWith([rule('day', 1, { ...season, schedule: office })])
    expect(matchRules(number, caller(''), sunday).nextChangeAt).toBe(at('2026-12-01T09:00Z'))
  })

  test('ends at midnight even in the middle of a night shift', () => {
    const night = compileSchedule({
      name: 'night',
      timeZone: london,
      windows: [{ opens: '0 22 * * *', minutes: 480 }],
      exceptions: []
    })
    const number = numberWith([
      rule('night', 1, { validUntil: '2026-11-22', schedule: { name: 'night', compiled: night } })
    ])
    expect(matchRules(number, caller(''), at('2026-11-22T23:00Z'))).toMatchObject({
      rule: { name: 'night' },
      nextChangeAt: at('2026-11-23T00:00Z')
    })
  })

  test('that ends before or when the schedule opens again has no further change', () => {
    const number = numberWith([rule('day', 1, { validUntil: '2026-11-22', schedule: office })])
    expect(matchRules(number, caller(''), sunday).nextChangeAt).toBeNull()
    const midnight = open('0 0 * * *', 60)
    const atOnce = numberWith([rule('midnight', 1, { validUntil: '2026-11-22', schedule: midnight })])
    expect(matchRules(atOnce, caller(''), sunday).nextChangeAt).toBeNull()
  })

  test('that ends after the schedule closes changes at the closing', () => {
    const number = numberWith([rule('day', 1, { ...season, validFrom: null, schedule: office })])
    expect(matchRules(number, caller(''), monday).nextChangeAt).toBe(at('2026-11-23T17:00Z'))
  })
})

describe('dates in the far past or future', () => {
  const now = at('2026-11-23T12:00:00Z')
  const asked: number[] = []
  beforeEach(() => {
    asked.length = 0
    const offsetsOf = () => (instant: number) => {
      asked.push(instant)
      return 0
    }
    const sources = [{ name: 'a test', version: null, offsetsOf }] as const
    useZoneData(() => ({ sources, unread: [], aliasOf: () => undefined, since: 0 }))
  })
  afterEach(() => useZoneData(readZoneData))

  test.each([
    ['1970-01-01', '9999-12-31', true, 'valid since 1970-01-01; valid until 9999-12-31'],
    ['0001-01-01', null, true, 'valid since 0001-01-01'],
    [null, '2050-06-30', true, 'valid until 2050-06-30'],
    ['2060-01-01', null, false, 'not valid before 2060-01-01 (Europe/London)'],
    ['2060-01-01', '9999-12-31', false, 'not valid before 2060-01-01 (Europe/London)'],
    [null, '1999-12-31', false, 'no longer valid: its last day was 1999-12-31 (Europe/London)']
  ])(
    'from %s until %s: matched %s, without reading clock data of other decades',
    (validFrom, validUntil, matched, why) => {
      const exceptions = [{ fromDate: '2026-12-25', toDate: '9999-12-31', opensAt: null, closesAt: null, label: null }]
      const windows = [{ opens: '0 9 * * *', minutes: 480 }]
      const compiled = compileSchedule({ name: 'shop', timeZone: london, windows, exceptions })
      for (const schedule of [null, { name: 'shop', compiled }]) {
        const given = numberWith([rule('dated', 10, { validFrom, validUntil, schedule })])
        const { rule: answers, considered, nextChangeAt } = matchRules(given, caller('+14155550199'), now)
        expect(answers?.name ?? null).toBe(matched ? 'dated' : null)
        if (schedule === null) expect([considered, nextChangeAt]).toEqual([[{ rule: 'dated', matched, why }], null])
      }
      const years = asked.map((instant) => new Date(instant).getUTCFullYear())
      expect(Math.min(...years, 2026)).toBeGreaterThanOrEqual(2017)
      expect(Math.max(...years, 2026)).toBeLessThanOrEqual(2036)
    }
  )

  test('an end date nine years ahead is exact to the hour', () => {
    const until = (date: string, when: string) =>
      matchRules(numberWith([rule('dated', 10, { validUntil: date })]), caller('+14155550199'), at(when))
    expect(until('2035-06-30', '2026-11-23T12:00Z').nextChangeAt).toBe(at('2035-07-01T00:00Z'))
    expect(until('2035-06-30', '2035-06-30T23:59Z').rule?.name).toBe('dated')
    expect(until('2035-06-30', '2035-07-01T00:00Z').rule).toBeNull()
  })
})
