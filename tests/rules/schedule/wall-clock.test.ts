import { WallClock, calendarDay, dayMs, parseDate, parseTime } from '../../../src/rules/schedule/wall-clock'

const hourMs = 3_600_000

test.each([
  ['1970-01-01', { month: 1, date: 1, weekday: 4, daysInMonth: 31 }],
  ['2024-02-29', { month: 2, date: 29, weekday: 4, daysInMonth: 29 }],
  ['2026-02-01', { month: 2, date: 1, weekday: 0, daysInMonth: 28 }],
  ['2026-04-30', { month: 4, date: 30, weekday: 4, daysInMonth: 30 }],
  ['2026-12-05', { month: 12, date: 5, weekday: 6, daysInMonth: 31 }],
  ['2100-02-28', { month: 2, date: 28, weekday: 0, daysInMonth: 28 }],
  ['1969-12-31', { month: 12, date: 31, weekday: 3, daysInMonth: 31 }]
])('the fields of %s for cron', (text, expected) => {
  const day = parseDate(text)!
  expect(calendarDay(day)).toEqual({ day, ...expected })
})

test.each([
  ['1970-01-02', 1],
  ['2024-02-29', 19_782],
  ['2026-02-29', undefined],
  ['2026-02-30', undefined],
  ['2026-13-01', undefined],
  ['2026-1-1', undefined],
  ['+012026-01', undefined],
  ['x2026-01-01', undefined],
  ['2026-01-01x', undefined],
  ['', undefined]
])('the date %j is day %s', (text, day) => {
  expect(parseDate(text)).toBe(day)
})

test.each([
  ['00:00', 0],
  ['08:30', 510],
  ['23:59', 1439],
  ['24:00', 1440],
  ['24:01', undefined],
  ['09:60', undefined],
  ['9:00', undefined],
  ['109:00', undefined],
  ['09:000', undefined],
  ['noon', undefined]
])('the time %j is minute %s', (text, minute) => {
  expect(parseTime(text)).toBe(minute)
})

describe('a change of the clock', () => {
  const edge = 64 * dayMs
  /** A clock that goes forward by an hour at an instant. */
  const forwardAt = (at: number) => new WallClock((instant) => (instant < at ? 0 : hourMs))

  // Offsets are read by 64 days: at the edge, near it, and in the midst of them.
  test.each([edge, edge + 1, edge - 1, edge + dayMs / 2, edge - dayMs / 2, edge + 20 * dayMs, -edge])(
    'at %d is found once, from its own instant on',
    (at) => {
      const once = [{ at, byMs: hourMs }]
      expect(forwardAt(at).changesBetween(at - 200 * dayMs, at + 200 * dayMs)).toEqual(once)
      expect(forwardAt(at).changesBetween(at, at + dayMs)).toEqual(once)
      expect(forwardAt(at).changesBetween(at - dayMs, at + 1)).toEqual(once)
      expect(forwardAt(at).changesBetween(at + 1, at + dayMs)).toEqual([])
      expect(forwardAt(at).changesBetween(at - dayMs, at)).toEqual([])
    }
  )

  test.each([edge, edge + dayMs / 2, edge - dayMs / 2])('at %d converts to local time and back', (at) => {
    const clock = forwardAt(at)
    expect([at - 1, at, at + dayMs].map((instant) => clock.wallAt(instant))).toEqual([
      at - 1,
      at + hourMs,
      at + dayMs + hourMs
    ])
    expect([at - 1, at, at + hourMs / 2, at + hourMs, at + dayMs].map((wall) => clock.instantOf(wall))).toEqual([
      at - 1,
      at,
      at,
      at,
      at + dayMs - hourMs
    ])
  })
})

test('a zone with an impossible offset has no clock', () => {
  const beyond = new WallClock(() => -30 * hourMs)
  expect(() => beyond.instantOf(64 * dayMs - 27 * hourMs)).toThrow(/offset is beyond 93600000 ms/)
})
