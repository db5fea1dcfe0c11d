import fc from 'fast-check'
import { openCloseChanges } from '../../../src/rules/schedule/open-close-changes'
import { OpenIntervals } from '../../../src/rules/schedule/open-intervals'
import { type CompiledException, type CompiledWindow, OpeningHours } from '../../../src/rules/schedule/opening-hours'
import { WallClock, dayMs } from '../../../src/rules/schedule/wall-clock'

const hourMs = 3_600_000

/** A window that opens at an hour of the days of one remainder, for so many hours. */
function window(because: string, from: number, to: number, every = 1, remainder = 0): CompiledWindow<string> {
  const matches = ({ day }: { day: number }) => day % every === remainder
  return { because, days: `${remainder} of ${every}`, matches, spans: [{ from: from * hourMs, to: to * hourMs }] }
}

function exception(
  because: string,
  fromDay: number,
  toDay: number,
  from?: number,
  to?: number
): CompiledException<string> {
  const hours = from === undefined || to === undefined ? null : { from: from * hourMs, to: to * hourMs }
  return { because, fromDay, toDay, hours }
}

test.each<[string, CompiledWindow<string>[], string[]]>([
  ['one', [window('a', 9, 12)], ['9 to 12 a']],
  ['two separate ones, in order', [window('b', 14, 16), window('a', 9, 12)], ['9 to 12 a', '14 to 16 b']],
  ['two adjacent ones: the first is the reason', [window('b', 12, 16), window('a', 9, 12)], ['9 to 16 a']],
  ['two overlapping ones', [window('a', 9, 13), window('b', 12, 16)], ['9 to 16 a']],
  ['one inside another', [window('a', 9, 16), window('b', 12, 13)], ['9 to 16 a']],
  [
    'two adjacent pairs',
    [window('a', 1, 2), window('b', 2, 3), window('c', 7, 8), window('d', 8, 9)],
    ['1 to 3 a', '7 to 9 c']
  ],
  ['of several days', [window('a', 9, 12, 2, 1), window('b', 10, 14, 2, 0)], ['10 to 14 b']]
])('windows of a day: %s', (_what, windows, expected) => {
  const hours = new OpeningHours(windows, [])
  expect(hours.windowsOn(20).map(({ from, to, because }) => `${from / hourMs} to ${to / hourMs} ${because}`)).toEqual(
    expected
  )
})

test.each([
  [9, undefined, 10],
  [10, 'break: ', 10],
  [12, 'day: 9-12', 12],
  [13, 'day: 9-12', 13],
  [14, 'last day: 14-16 9-12', 14],
  [15, 'break: ', 15],
  [20, 'break: ', 20],
  [21, undefined, 30],
  [30, 'later: ', 30],
  [31, undefined, Infinity]
])('exceptions of day %d: %j; the next one is on day %d', (day, expected, next) => {
  const hours = new OpeningHours<string>(
    [],
    [
      exception('later', 30, 30),
      exception('break', 10, 20),
      exception('last day', 14, 14, 14, 16),
      exception('day', 12, 14, 9, 12)
    ]
  )
  const found = hours.exceptedOn(day)
  const spans = found?.spans.map(({ from, to }) => `${from / hourMs}-${to / hourMs}`).reverse()
  expect(found && `${found.because}: ${spans?.join(' ') ?? ''}`).toBe(expected)
  expect(hours.nextExcepted(day)).toBe(next)
})

/** What is open hour by hour, as the rules of windows and exceptions have it. */
function isOpen(
  windows: readonly CompiledWindow<string>[],
  exceptions: readonly CompiledException<string>[],
  hour: number
) {
  const at = hour * hourMs
  const today = Math.floor(hour / 24)
  const exceptedOn = (day: number) => exceptions.filter(({ fromDay, toDay }) => fromDay <= day && day <= toDay)
  const within = (day: number, { from, to }: { from: number; to: number }) =>
    at >= day * dayMs + from && at < day * dayMs + to
  if (exceptedOn(today).length > 0) return exceptedOn(today).some(({ hours }) => hours !== null && within(today, hours))
  return [0, 1, 2, 3].some((back) => {
    const day = today - back
    const isCut = Array.from({ length: back + 1 }, (_, index) => day + index).some(
      (each) => exceptedOn(each).length > 0
    )
    if (isCut) return false
    return windows.some((each) => each.matches({ day } as never) && each.spans.some((span) => within(day, span)))
  })
}

test('the changes over some days agree with an hour-by-hour check, in order, without repetitions', () => {
  const hour = fc.integer({ min: 0, max: 23 })
  const anyWindow = fc
    .tuple(hour, fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 3 }))
    .map(([from, length, every, remainder]) =>
      window(`${from}+${length}`, from, from + length, every, remainder % every)
    )
  const anyException = fc
    .tuple(fc.integer({ min: 95, max: 110 }), fc.integer({ min: 0, max: 3 }), fc.option(fc.tuple(hour, hour)))
    .map(([day, days, hours]) => {
      const [from, to] = hours ?? []
      return from === undefined || to === undefined
        ? exception(`closed ${day}`, day, day + days)
        : exception(`hours ${day}`, day, day + days, Math.min(from, to), Math.max(from, to) + 1)
    })
  const [windows, exceptions] = [fc.array(anyWindow, { maxLength: 4 }), fc.array(anyException, { maxLength: 3 })]
  fc.assert(
    fc.property(windows, exceptions, (some, except) => {
      const changes = openCloseChanges(new OpeningHours(some, except), 100, 8, 'never')
      const walls = changes.map(({ wall }) => wall)
      expect(walls[0]).toBe(100 * dayMs)
      expect(walls.every((wall, index) => wall < 108 * dayMs && wall > (walls[index - 1] ?? -1))).toBe(true)
      const alike = changes.filter(({ open, because }, index) => {
        const before = changes[index - 1]
        return before?.open === open && before.because === because
      })
      expect(alike).toEqual([])
      const hours = Array.from({ length: 8 * 24 }, (_, index) => 100 * 24 + index)
      const wrong = hours.filter((at) => {
        const found = changes.findLast(({ wall }) => wall <= at * hourMs)
        if (found?.open !== isOpen(some, except, at)) return true
        const day = Math.floor(at / 24)
        const closing = except.filter(({ fromDay, toDay }) => fromDay <= day && day <= toDay)
        const last = Math.max(...closing.map(({ fromDay }) => fromDay))
        const isReason = closing.some(({ fromDay, because }) => fromDay === last && because === found.because)
        return !found.open && !(closing.length === 0 ? found.because === 'never' : isReason)
      })
      expect(wrong).toEqual([])
    }),
    { numRuns: 200 }
  )
})

test('the last six segments of 32 days are cached, and others are computed again', () => {
  let worked = 0
  const counting = { ...window('open', 9, 12), matches: () => (worked += 1) > 0 }
  const intervals = new OpenIntervals(new WallClock(() => 0), new OpeningHours([counting], []), 'closed')
  const isWorkedOut = (segment: number): boolean => {
    const before = worked
    expect(intervals.stateAt(segment * 32 * dayMs + 10 * hourMs).open).toBe(true)
    return worked > before
  }
  expect([0, 1, 2, 3, 4, 5].map(isWorkedOut)).toEqual([true, true, true, true, true, true])
  expect([0, 1, 2, 3, 4, 5].map(isWorkedOut)).toEqual([false, false, false, false, false, false])
  expect([6, 1, 6, 0].map(isWorkedOut)).toEqual([true, false, false, true])
})
