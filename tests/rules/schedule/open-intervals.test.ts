import { OpeningHours } from '../../../src/rules/schedule/opening-hours'
import { OpenIntervals } from '../../../src/rules/schedule/open-intervals'
import { WallClock, dayMs } from '../../../src/rules/schedule/wall-clock'

const hourMs = 3_600_000
// Day 320 is where one stretch of the timeline ends and the next begins.
const midnight = 320 * dayMs

/** Always open on the wall from so many hours before that midnight until so many after. */
function openAround(clock: WallClock, before: number, after: number): OpenIntervals<string> {
  const spans = [{ from: dayMs - before * hourMs, to: dayMs + after * hourMs }]
  const pattern = { because: 'open', days: '319', matches: ({ day }: { day: number }) => day === 319, spans }
  return new OpenIntervals(clock, new OpeningHours([pattern], []), 'closed')
}

describe('if the clock skips the midnight between two segments', () => {
  // From 23:00 straight to 01:00.
  const jumping = new WallClock((at) => (at < midnight - hourMs ? 0 : 2 * hourMs))

  test('a window inside the gap never opens', () => {
    const timeline = openAround(jumping, 0.5, 0.5)
    expect(timeline.stateAt(midnight - 2 * hourMs)).toEqual({ open: false, because: 'closed', nextChangeAt: null })
    expect(timeline.stateAt(midnight - hourMs).open).toBe(false)
  })

  test('a window that begins in the gap opens at its end', () => {
    const timeline = openAround(jumping, 0.5, 2)
    expect(timeline.stateAt(midnight - 2 * hourMs).nextChangeAt).toBe(midnight - hourMs)
    expect(timeline.stateAt(midnight - hourMs)).toEqual({ open: true, because: 'open', nextChangeAt: midnight })
  })
})

describe('if the clock repeats the hour around the midnight between two segments', () => {
  // At half past midnight back to half past eleven.
  const repeating = new WallClock((at) => (at < midnight + hourMs / 2 ? 0 : -hourMs))

  test('a window up to midnight does not open again', () => {
    const timeline = openAround(repeating, 1, 0)
    expect(timeline.stateAt(midnight - 1)).toEqual({ open: true, because: 'open', nextChangeAt: midnight })
    for (const minutes of [0, 29, 30, 59, 90, 120]) {
      expect(timeline.stateAt(midnight + minutes * 60_000)).toEqual({
        open: false,
        because: 'closed',
        nextChangeAt: null
      })
    }
  })

  test('a window that closes after the repeated hour stays open through it', () => {
    const timeline = openAround(repeating, 1, 0.75)
    expect(timeline.stateAt(midnight + 45 * 60_000)).toEqual({
      open: true,
      because: 'open',
      nextChangeAt: midnight + 105 * 60_000
    })
  })
})

test('a window ended by an exception stays closed in the next segment', () => {
  const utc = new WallClock(() => 0)
  const threeDays = {
    because: 'open',
    days: '318',
    matches: ({ day }: { day: number }) => day === 318,
    spans: [{ from: 0, to: 3 * dayMs }]
  }
  const closed = { because: 'exception', fromDay: 319, toDay: 319, hours: null }
  const timeline = new OpenIntervals(utc, new OpeningHours([threeDays], [closed]), 'closed')
  expect(timeline.stateAt(midnight - dayMs)).toEqual({ open: false, because: 'exception', nextChangeAt: null })
  expect(timeline.stateAt(midnight)).toEqual({ open: false, because: 'closed', nextChangeAt: null })
})

test.each([Infinity, -Infinity, NaN, 8.64e15 + 1, -8.64e15 - 1])('%d is refused, because no clock shows it', (at) => {
  const timeline = openAround(new WallClock(() => 0), 1, 1)
  expect(() => timeline.stateAt(at)).toThrow(new RangeError(`${at} is not an instant`))
})

test.each([8.64e15, -8.64e15])('%d, the limit of a clock, is accepted', (at) => {
  expect(openAround(new WallClock(() => 0), 1, 1).stateAt(at)).toMatchObject({ open: false, nextChangeAt: null })
})
