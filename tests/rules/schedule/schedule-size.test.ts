// Schedules that are larger or longer than anybody means them: right, and laid out in one pass over their days.
import { compileSchedule, type WindowDefinition } from '../../../src/rules/schedule/schedule'

const monday = Date.UTC(2026, 10, 23, 10)
const minuteMs = 60_000

function compiled(
  windows: readonly WindowDefinition[],
  exceptions: Parameters<typeof compileSchedule>[0]['exceptions'] = []
) {
  return compileSchedule({ name: 'large', timeZone: 'UTC', windows, exceptions })
}

const thousand = Array.from({ length: 1000 }, (_, index) => index)

test('a thousand windows make one schedule', () => {
  const schedule = compiled(thousand.map((n) => ({ opens: `${n % 60} ${Math.floor(n / 60)} * * *`, minutes: 1 })))
  // Minute by minute from midnight until 16:40.
  expect(schedule.stateAt(monday)).toMatchObject({ open: true, nextChangeAt: monday + 400 * minuteMs })
  expect(schedule.stateAt(monday + 400 * minuteMs)).toMatchObject({
    open: false,
    nextChangeAt: monday + 840 * minuteMs
  })
})

test('a thousand windows open for a year each are always open', () => {
  const schedule = compiled(thousand.map((n) => ({ opens: `${n % 60} ${n % 24} * * *`, minutes: 527_040 - n })))
  expect(schedule.stateAt(monday)).toMatchObject({ open: true, nextChangeAt: null })
})

test('two windows that open every other minute are always open, until a holiday', () => {
  const everyOther = [0, 1].map((n) => ({ opens: `${n}-59/2 * * * *`, minutes: 1 }))
  expect(compiled(everyOther).stateAt(monday)).toMatchObject({ open: true, nextChangeAt: null })
  const holiday = { fromDate: '2031-12-25', toDate: '2031-12-25', opensAt: null, closesAt: null, label: null }
  expect(compiled(everyOther, [holiday]).stateAt(monday).nextChangeAt).toBe(Date.UTC(2031, 11, 25))
})

test('a year-long window lasts a year, unless a holiday ends it', () => {
  const year = [{ opens: '0 0 1 1 *', minutes: 525_600 }]
  // 2028 is a leap year: its last day is not covered.
  expect(compiled(year).stateAt(monday).nextChangeAt).toBe(Date.UTC(2028, 11, 31))
  const holiday = { fromDate: '2026-12-25', toDate: '2026-12-25', opensAt: null, closesAt: null, label: null }
  const cut = compiled(year, [holiday])
  expect(cut.stateAt(monday).nextChangeAt).toBe(Date.UTC(2026, 11, 25))
  expect(cut.stateAt(Date.UTC(2026, 11, 26, 12))).toMatchObject({ open: false, nextChangeAt: Date.UTC(2027, 0, 1) })
})

test('a thousand exceptions may cover the same days: their hours add up, and the last to begin is the reason', () => {
  const exceptions = thousand.map((n) => ({
    fromDate: new Date(Date.UTC(2020, 0, 1 + n)).toISOString().slice(0, 10),
    toDate: '9999-12-31',
    opensAt: `${String(n % 9).padStart(2, '0')}:00`,
    closesAt: `${String((n % 9) + 1).padStart(2, '0')}:00`,
    label: `no. ${n}`
  }))
  const schedule = compiled([{ opens: '0 9 * * *', minutes: 480 }], exceptions)
  expect(schedule.stateAt(monday)).toMatchObject({
    open: false,
    because: { label: 'no. 999' },
    nextChangeAt: Date.UTC(2026, 10, 24)
  })
  expect(schedule.stateAt(Date.UTC(2026, 10, 24))).toMatchObject({
    open: true,
    nextChangeAt: Date.UTC(2026, 10, 24, 9)
  })
})

test('29 February is found even across 2100, which has none', () => {
  const leap = compiled([{ opens: '0 9 29 2 *', minutes: 60 }])
  expect(leap.stateAt(Date.UTC(2096, 2, 1)).nextChangeAt).toBe(Date.UTC(2104, 1, 29, 9))
})
