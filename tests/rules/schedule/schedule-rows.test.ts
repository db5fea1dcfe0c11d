// One row of a schedule by itself: what a window and an exception become, and what is said of one that is wrong.
import { AppError } from '../../../src/errors'
import {
  type ExceptionDefinition,
  compileException,
  compileSchedule,
  compileWindow,
  missingSchedule
} from '../../../src/rules/schedule/schedule'
import { minuteMs, parseDate } from '../../../src/rules/schedule/wall-clock'

const exception = (changed: Partial<ExceptionDefinition>): ExceptionDefinition => ({
  fromDate: '2026-12-24',
  toDate: '2026-12-24',
  opensAt: null,
  closesAt: null,
  label: null,
  ...changed
})

function refusal(compile: () => unknown): readonly [string, string] | undefined {
  try {
    compile()
    return undefined
  } catch (error) {
    if (error instanceof AppError) return [error.code, error.message]
    throw error
  }
}

test.each([
  ['0 9 * * *', 60, ['09:00-10:00']],
  ['0,30 9 * * *', 30, ['09:00-10:00']],
  ['0,30 9 * * *', 29, ['09:00-09:29', '09:30-09:59']],
  ['0 9,10,13 * * *', 60, ['09:00-11:00', '13:00-14:00']],
  ['0 9,12,13 * * *', 60, ['09:00-10:00', '12:00-14:00']],
  ['0 22 * * *', 180, ['22:00-25:00']]
])('%s for %d minutes is open %j', (opens, minutes, expected) => {
  const two = (value: number) => String(value).padStart(2, '0')
  const time = (ms: number) => `${two(Math.floor(ms / minuteMs / 60))}:${two((ms / minuteMs) % 60)}`
  const { spans, because } = compileWindow({ opens, minutes })
  expect(spans.map(({ from, to }) => `${time(from)}-${time(to)}`)).toEqual(expected)
  expect(because).toEqual({ kind: 'window', opens, minutes })
})

test.each([0, -1, 1.5, Number.NaN, 527_041])('a window of %d minutes is refused', (minutes) => {
  expect(refusal(() => compileWindow({ opens: '0 9 * * *', minutes }))).toEqual([
    'invalid',
    `window '0 9 * * *' stays open for ${minutes} minutes: write a whole number, 1 to 527040 (a year)`
  ])
})

test.each([1, 527_040])('a window of %d minutes is accepted', (minutes) => {
  expect(compileWindow({ opens: '0 9 * * *', minutes }).spans).toHaveLength(1)
})

test.each<[Partial<ExceptionDefinition>, string]>([
  [{ fromDate: '2026-02-30' }, 'exception 2026-02-30: "2026-02-30" is no date of the calendar: write YYYY-MM-DD'],
  [
    { toDate: 'soon', label: 'Christmas' },
    `exception 2026-12-24 ('Christmas'): "soon" is no date of the calendar: write YYYY-MM-DD`
  ],
  [
    { toDate: '2026-12-23' },
    'exception 2026-12-24 ends on 2026-12-23, before it begins: write the later date in to_date'
  ],
  ...[{ opensAt: '09:00' }, { closesAt: '12:00' }].map((half): [Partial<ExceptionDefinition>, string] => [
    half,
    'exception 2026-12-24 has only one of opens_at and closes_at: give both, or neither (closed all day)'
  ]),
  ...[
    ['9:00', '12:00'],
    ['09:00', 'noon'],
    ['x', 'y'],
    ['12:00', '12:00'],
    ['12:00', '09:00']
  ].map(([opensAt = '', closesAt = '']): [Partial<ExceptionDefinition>, string] => [
    { opensAt, closesAt },
    `exception 2026-12-24 is open from "${opensAt}" to "${closesAt}": write HH:MM, the closing later on the same day (24:00 at most)`
  ])
])('the exception %j is refused with the reason and the cure', (changed, message) => {
  expect(refusal(() => compileException(exception(changed)))).toEqual(['invalid', message])
})

test('an exception is compiled to its days, and its hours if it has any', () => {
  const day = parseDate('2026-12-24')!
  const because = { kind: 'exception', label: null, fromDate: '2026-12-24', toDate: '2026-12-24' }
  expect(compileException(exception({}))).toEqual({ because, fromDay: day, toDay: day, hours: null })
  const hours = { from: 540 * minuteMs, to: 1440 * minuteMs }
  const toDate = '2026-12-25'
  expect(compileException(exception({ toDate, opensAt: '09:00', closesAt: '24:00', label: 'Eve' }))).toEqual({
    because: { ...because, label: 'Eve', toDate },
    fromDay: day,
    toDay: day + 1,
    hours
  })
})

test('a schedule in an unknown zone and a missing schedule are never open, and say why', () => {
  const zone = `schedule 'x': time zone "Mars/Base" is unknown: write an IANA zone such as Europe/London`
  const broken = compileSchedule({ name: 'x', timeZone: 'Mars/Base', windows: [], exceptions: [] })
  const missing = missingSchedule('x')
  const reason = "there is no schedule 'x': add it to schedules, or correct rules.schedule"
  expect([broken.timeZone, broken.faults, missing.timeZone, missing.faults]).toEqual([
    'Mars/Base',
    [zone],
    'UTC',
    [reason]
  ])
  const never = (why: string) => ({ open: false, because: { kind: 'fault', reason: why }, nextChangeAt: null })
  expect([broken.stateAt(0), missing.stateAt(0)]).toEqual([never(zone), never(reason)])
})
