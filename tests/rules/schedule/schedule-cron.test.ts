// What may stand in `schedule_windows.opens`: every form of cron-parser's that means something. cron-refused.test.ts has the others.
import { CronExpressionParser } from 'cron-parser'
import fc from 'fast-check'
import { parseCron } from '../../../src/rules/schedule/cron'
import { compileSchedule } from '../../../src/rules/schedule/schedule'
import { calendarDay } from '../../../src/rules/schedule/wall-clock'

const minuteMs = 60_000
const dayMs = 86_400_000

function compiled(opens: string) {
  return compileSchedule({ name: 'any', timeZone: 'UTC', windows: [{ opens, minutes: 1 }], exceptions: [] })
}

/** The first openings of 2026, which begins on a Thursday. */
function openings(opens: string, count: number): string[] {
  const schedule = compiled(opens)
  const found: string[] = []
  let at = Date.UTC(2025, 11, 31, 23, 59)
  while (found.length < count) {
    const next = schedule.stateAt(at).nextChangeAt
    if (next === null) break
    at = next
    if (schedule.stateAt(at).open) found.push(new Date(at).toISOString().slice(5, 16).replace('T', ' '))
  }
  return found
}

function refusal(opens: string): string {
  return compiled(opens).faults[0] ?? 'accepted'
}

describe('a window opens', () => {
  test.each([
    ['every day', '30 8 * * *', ['01-01 08:30', '01-02 08:30', '01-03 08:30']],
    ['with blanks around and between', ' 30  8\t* * * ', ['01-01 08:30', '01-02 08:30']],
    ['at several times', '0,30 9,17 * * *', ['01-01 09:00', '01-01 09:30', '01-01 17:00', '01-01 17:30']],
    ['in a range of hours', '5 8-10 * * *', ['01-01 08:05', '01-01 09:05', '01-01 10:05', '01-02 08:05']],
    ['at steps of a range', '0 8-18/4 * * *', ['01-01 08:00', '01-01 12:00', '01-01 16:00', '01-02 08:00']],
    ['at steps of all', '*/20 23 * * *', ['01-01 23:00', '01-01 23:20', '01-01 23:40', '01-02 23:00']],
    ['at steps from a start', '50/5 23 * * *', ['01-01 23:50', '01-01 23:55', '01-02 23:50']],
    [
      'on days of the week by name',
      '0 9 * * MON-WED,fri',
      ['01-02 09:00', '01-05 09:00', '01-06 09:00', '01-07 09:00']
    ],
    ['on Sunday as 0', '0 9 * * 0', ['01-04 09:00', '01-11 09:00']],
    ['on Sunday as 7', '0 9 * * 7', ['01-04 09:00', '01-11 09:00']],
    ['on Sunday as 0 and as 7', '0 9 * * 0,7', ['01-04 09:00', '01-11 09:00']],
    ['on Sunday as 7 and by name, and on Monday', '0 9 * * 7,MON,sun', ['01-04 09:00', '01-05 09:00', '01-11 09:00']],
    ['from Friday to Sunday', '0 9 * * 5-7', ['01-02 09:00', '01-03 09:00', '01-04 09:00', '01-09 09:00']],
    ['on Thursday, whose name has an H', '0 9 * MAR THU', ['03-05 09:00', '03-12 09:00']],
    ['on every other weekday', '0 9 * * */2', ['01-01 09:00', '01-03 09:00', '01-04 09:00', '01-06 09:00']],
    ['on the second Friday', '0 9 * * FRI#2', ['01-09 09:00', '02-13 09:00', '03-13 09:00']],
    ['on the fifth Monday, where there is one', '0 9 * * 1#5', ['03-30 09:00', '06-29 09:00']],
    ['on the last Friday', '0 9 * * 5L', ['01-30 09:00', '02-27 09:00']],
    ['on the last Sunday, by name', '0 9 * * SUNL', ['01-25 09:00', '02-22 09:00']],
    [
      'on the last Monday and on Tuesdays',
      '0 9 * * 1L,2',
      ['01-06 09:00', '01-13 09:00', '01-20 09:00', '01-26 09:00']
    ],
    [
      'on the first and the third Monday',
      '0 9 * * MON#1,MON#3',
      ['01-05 09:00', '01-19 09:00', '02-02 09:00', '02-16 09:00']
    ],
    ['on the first Monday and on Fridays', '0 9 * * 1#1,FRI', ['01-02 09:00', '01-05 09:00', '01-09 09:00']],
    ['on the first Monday and the last Friday', '0 9 * * MON#1,FRIL', ['01-05 09:00', '01-30 09:00', '02-02 09:00']],
    ['at the weekend', '0 9 * * SAT-SUN', ['01-03 09:00', '01-04 09:00', '01-10 09:00']],
    ['on all days, from Monday on', '0 9 * * MON-SUN', ['01-01 09:00', '01-02 09:00', '01-03 09:00', '01-04 09:00']],
    ['across the end of the week', '0 9 * * FRI-MON', ['01-02 09:00', '01-03 09:00', '01-04 09:00', '01-05 09:00']],
    ['across the end of the week in numbers', '0 9 * * 6-1', ['01-03 09:00', '01-04 09:00', '01-05 09:00']],
    ['across the end of the week, in steps', '0 9 * * FRI-MON/2', ['01-02 09:00', '01-04 09:00', '01-09 09:00']],
    ['from Sunday as 7', '0 9 * * 7-2', ['01-04 09:00', '01-05 09:00', '01-06 09:00', '01-11 09:00']],
    ['past the end of a range, and on a day in it', '0 9 * * SAT-MON,SUN', ['01-03 09:00', '01-04 09:00']],
    ['across the end of the year', '0 9 15 DEC-FEB *', ['01-15 09:00', '02-15 09:00', '12-15 09:00']],
    [
      'across the end of the week, and on the last Friday',
      '0 9 29 1 SAT-SUN,FRIL',
      [
        '01-03 09:00',
        '01-04 09:00',
        '01-10 09:00',
        '01-11 09:00',
        '01-17 09:00',
        '01-18 09:00',
        '01-24 09:00',
        '01-25 09:00',
        '01-29 09:00',
        '01-30 09:00'
      ]
    ],
    [
      'across the end of the hour, in steps of ten',
      '50-20/10 9 * * *',
      ['01-01 09:00', '01-01 09:10', '01-01 09:20', '01-01 09:50']
    ],
    [
      'across midnight, and in steps',
      '0 5/8,22-1 * * *',
      ['01-01 00:00', '01-01 01:00', '01-01 05:00', '01-01 13:00', '01-01 21:00', '01-01 22:00', '01-01 23:00']
    ],
    ['across midnight', '0 22-1 * * *', ['01-01 00:00', '01-01 01:00', '01-01 22:00', '01-01 23:00']],
    ['across the end of the month', '0 9 30-2 * *', ['01-01 09:00', '01-02 09:00', '01-30 09:00', '01-31 09:00']],
    ['on dates', '0 9 1,15 * *', ['01-01 09:00', '01-15 09:00', '02-01 09:00']],
    ['on the 31st, where there is one', '0 9 31 * *', ['01-31 09:00', '03-31 09:00', '05-31 09:00']],
    ['on the last day of the month', '0 9 L * *', ['01-31 09:00', '02-28 09:00', '03-31 09:00', '04-30 09:00']],
    ['on the 15th and the last', '0 9 15,L * *', ['01-15 09:00', '01-31 09:00', '02-15 09:00', '02-28 09:00']],
    ['on dates of months by name', '0 9 24 DEC,jan *', ['01-24 09:00', '12-24 09:00']],
    ['on 29 February, in leap years', '0 9 29 2 *', ['02-29 09:00', '02-29 09:00']],
    ['on a date or a weekday, where both are given', '0 9 13 * FRI', ['01-02 09:00', '01-09 09:00', '01-13 09:00']],
    ['with ? for any', '0 9 ? * MON', ['01-05 09:00', '01-12 09:00']],
    ['once a minute, which never ends', '@minutely', []],
    ['@hourly', '@hourly', ['01-01 00:00', '01-01 01:00']],
    ['@daily', '@daily', ['01-01 00:00', '01-02 00:00']],
    ['@midnight', '@midnight', ['01-01 00:00', '01-02 00:00']],
    ['@weekly', '@weekly', ['01-04 00:00', '01-11 00:00']],
    ['@weekdays', '@weekdays', ['01-01 00:00', '01-02 00:00', '01-05 00:00']],
    ['@weekends', '@weekends', ['01-03 00:00', '01-04 00:00', '01-10 00:00']],
    ['@monthly', '@monthly', ['01-01 00:00', '02-01 00:00']],
    ['@yearly', '@yearly', ['01-01 00:00', '01-01 00:00']],
    ['@annually', '@annually', ['01-01 00:00', '01-01 00:00']]
  ])('%s: %s', (_words, opens, expected) => {
    expect(openings(opens, Math.max(1, expected.length))).toEqual(expected)
  })

  test('at the same times of day as cron-parser', () => {
    const field = (max: number) =>
      fc
        .array(
          fc.oneof(
            fc.integer({ min: 0, max }).map(String),
            fc
              .tuple(fc.integer({ min: 0, max }), fc.integer({ min: 1, max: 9 }))
              .map(([from, step]) => `${from}/${step}`),
            fc.integer({ min: 1, max: max + 5 }).map((step) => `*/${step}`)
          ),
          { minLength: 1, maxLength: 2 }
        )
        .map((items) => items.join(','))
    fc.assert(
      fc.property(field(59), field(23), (minute, hour) => {
        const opens = `${minute} ${hour} * * *`
        if (refusal(opens) !== 'accepted') return
        const schedule = compiled(opens)
        const { fields } = CronExpressionParser.parse(opens, { currentDate: new Date(0), tz: 'UTC' })
        const hours = new Set<number>(fields.hour.values)
        const minutes = new Set<number>(fields.minute.values)
        const wrong = Array.from({ length: 1440 }, (_, of) => of).filter(
          (of) => schedule.stateAt(of * minuteMs).open !== (hours.has(Math.floor(of / 60)) && minutes.has(of % 60))
        )
        expect([opens, wrong]).toEqual([opens, []])
      }),
      { numRuns: 100 }
    )
  })

  test('on the same days as cron-parser', () => {
    const field = (low: number, high: number, extra: string[] = []) =>
      fc.oneof(
        fc.constant('*'),
        fc.integer({ min: low, max: high }).map(String),
        fc
          .tuple(fc.integer({ min: low, max: high }), fc.integer({ min: low, max: high }))
          .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
        fc.integer({ min: 2, max: 9 }).map((step) => `*/${step}`),
        ...extra.map((text) => fc.constant(text))
      )
    const cron = fc
      .tuple(
        field(1, 31, ['L', '15,L', '?', '1-31']),
        field(1, 12, ['FEB', 'jan,DEC']),
        field(0, 7, ['5L', '1,3L', '7L', '2#5', '1#1', '*#2', 'MON-FRI', '?'])
      )
      .map((fields) => `0 12 ${fields.join(' ')}`)
    fc.assert(
      fc.property(cron, fc.integer({ min: 0, max: 40_000 }), (opens, firstDay) => {
        if (refusal(opens) !== 'accepted') return
        const schedule = compiled(opens)
        const parsed = CronExpressionParser.parse(opens, { currentDate: new Date(0), tz: 'UTC' })
        const noons = Array.from({ length: 60 }, (_, day) => (firstDay + day) * dayMs + 720 * minuteMs)
        const wrong = noons.filter((noon) => schedule.stateAt(noon).open !== parsed.includesDate(new Date(noon)))
        expect([opens, wrong]).toEqual([opens, []])
      }),
      { numRuns: 300 }
    )
  })
})

test.each([
  ['minute', 0, 59, (range: string) => `${range} 12 * * *`],
  ['hour', 0, 23, (range: string) => `0 ${range} * * *`],
  ['date', 1, 31, (range: string) => `0 12 ${range} * *`],
  ['month', 1, 12, (range: string) => `0 12 1 ${range} *`],
  ['weekday', 0, 6, (range: string) => `0 12 * * ${range}`]
])('a range across the last %s equals the two ranges before and after it', (_what, low, high, written) => {
  fc.assert(
    fc.property(fc.integer({ min: low + 1, max: high }), fc.integer({ min: low, max: high - 1 }), (from, to) => {
      fc.pre(from > to)
      const whole = parseCron(written(`${from}-${to}`))
      const halves = parseCron(written(`${low}-${to},${from}-${high}`))
      const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b)
      expect([sorted(whole.minutes), sorted(whole.hours)]).toEqual([sorted(halves.minutes), sorted(halves.hours)])
      const days = Array.from({ length: 400 }, (_, day) => calendarDay(20_000 + day))
      expect(days.filter(whole.matches)).toEqual(days.filter(halves.matches))
    }),
    { numRuns: 40 }
  )
})

const days = (opens: string) => parseCron(opens).days

test.each([
  ['the same weekdays, written differently', '0 9 * * MON,TUE', '30 18 * * 1-2'],
  ['the same dates, written differently', '0 9 1,2 JAN *', '0,5 8 1-2 1 *'],
  ['any day, written differently', '@daily', '0 9 ? * ?']
])('%s: %s and %s have the same days', (_words, one, other) => expect(days(one)).toBe(days(other)))

test.each([
  ['another weekday', '0 9 * * MON', '0 9 * * TUE'],
  ['another week of the month', '0 9 * * MON#1', '0 9 * * MON#2'],
  ['the last of its kind', '0 9 * * MON', '0 9 * * MONL'],
  ['one more counted weekday', '0 9 * * MON#1', '0 9 * * MON#1,TUE#1'],
  ['another date', '0 9 1 * *', '0 9 2 * *'],
  ['another month', '0 9 1 1 *', '0 9 1 2 *'],
  ['an additional date', '0 9 * * MON', '0 9 1 * MON'],
  // All dates beside a weekday are all days.
  ['all dates, one by one', '0 9 * * MON', '0 9 1-31 * MON']
])('%s: %s and %s do not have the same days', (_words, one, other) => expect(days(one)).not.toBe(days(other)))

test('an accepted window opens within 28 years, after which the calendar repeats', () => {
  const field = (low: number, high: number, extra: readonly string[]) => {
    const value = fc.integer({ min: low, max: high }).map(String)
    const range = fc.tuple(value, value).map(([from, to]) => `${from}-${to}`)
    const step = fc.tuple(range, fc.integer({ min: 1, max: 9 })).map(([whole, by]) => `${whole}/${by}`)
    return fc
      .array(fc.oneof(value, range, step, fc.constantFrom('*', ...extra)), { minLength: 1, maxLength: 2 })
      .map((items) => items.join(','))
  }
  const cron = fc.tuple(
    field(28, 32, ['L', '?']),
    field(1, 13, ['2']),
    field(0, 8, ['?', '5L', '7L', 'MON#5', '*#5', 'SUN#1'])
  )
  const calendar = Array.from({ length: 28 * 365 + 7 }, (_, day) => calendarDay(Date.UTC(2024, 0, 1) / dayMs + day))
  fc.assert(
    fc.property(cron, (fields) => {
      const opens = `0 9 ${fields.join(' ')}`
      if (refusal(opens) !== 'accepted') return
      expect([opens, calendar.some(parseCron(opens).matches)]).toEqual([opens, true])
    }),
    { numRuns: 300 }
  )
})
