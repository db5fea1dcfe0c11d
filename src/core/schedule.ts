// Schedules: windows, exceptions, zones, daylight saving. PURE; may use cron-parser and luxon beside core/.
import { type CronExpression, CronExpressionParser } from 'cron-parser'
import { IANAZone } from 'luxon'
import { AppError, reasonOf } from './errors'
import { type DayPattern, type ExceptionDays, OpeningDays, type Span } from './opening-days'
import { Timeline } from './timeline'
import { type CalendarDay, WallClock, calendarDay, dayMs, minuteMs, parseDate, parseTime } from './wall-clock'

/** A schedule as the tables hold it. */
export interface ScheduleDefinition {
  readonly name: string
  readonly timeZone: string
  readonly windows: readonly WindowDefinition[]
  readonly exceptions: readonly ExceptionDefinition[]
}

/** One row of `schedule_windows`: opens when the cron expression fires, for so many minutes of wall clock. */
export interface WindowDefinition {
  readonly opens: string
  readonly minutes: number
}

/**
 * One row of `schedule_exceptions`. Dates are YYYY-MM-DD, both inclusive; times HH:MM, `closesAt` up to 24:00, both null
 * for closed all day.
 */
export interface ExceptionDefinition {
  readonly fromDate: string
  readonly toDate: string
  readonly opensAt: string | null
  readonly closesAt: string | null
  readonly label: string | null
}

/** Why a schedule is open or closed. */
export type Because =
  | { readonly kind: 'window'; readonly opens: string; readonly minutes: number }
  | { readonly kind: 'exception'; readonly label: string | null; readonly fromDate: string; readonly toDate: string }
  | { readonly kind: 'fault'; readonly reason: string }
  | { readonly kind: 'none' }

/** What a schedule says at an instant. `nextChangeAt` is when `open` next flips; null: not within nine years. */
export interface ScheduleState {
  readonly open: boolean
  readonly because: Because
  readonly nextChangeAt: number | null
}

/** A schedule ready to be asked. Its answers depend on the instant alone; transitions are laid out as they are needed. */
export interface Schedule {
  readonly timeZone: string
  /** What is wrong with its rows, and so has been passed over, each with the cure; empty when all is well. */
  readonly faults: readonly string[]
  /** `at` in milliseconds since the epoch. */
  stateAt(at: number): ScheduleState
}

/**
 * Never throws: one bad row must not stop the others. Windows and exceptions that mean nothing are passed over; where the
 * zone does, the schedule is never open. `faults` names them all, with the cure.
 */
export function compileSchedule({ name, timeZone, windows, exceptions }: ScheduleDefinition): Schedule {
  const faults: string[] = []
  const unlessWrong = <Compiled>(compile: () => Compiled): Compiled[] => {
    try {
      return [compile()]
    } catch (error) {
      faults.push(`schedule '${name}': ${reasonOf(error)}`)
      return []
    }
  }
  const [clock] = unlessWrong(() => wallClockOf(timeZone))
  if (clock === undefined) return brokenSchedule(timeZone, faults.join('; '))
  const patterns = windows.flatMap((window) => unlessWrong(() => compileWindow(window)))
  const excepted = exceptions.flatMap((exception) => unlessWrong(() => compileException(exception)))
  const timeline = new Timeline<Because>(clock, new OpeningDays(patterns, excepted), { kind: 'none' })
  return { timeZone, faults, stateAt: (at) => timeline.stateAt(at) }
}

/** A schedule that means nothing: never open, and it says why. */
export function brokenSchedule(timeZone: string, reason: string): Schedule {
  return {
    timeZone,
    faults: [reason],
    stateAt: () => ({ open: false, because: { kind: 'fault', reason }, nextChangeAt: null })
  }
}

/** The clock of an IANA zone. Throws `invalid` where there is no such zone. */
export function wallClockOf(timeZone: string): WallClock {
  const known = clocks.get(timeZone)
  if (known !== undefined) return known
  if (!IANAZone.isValidZone(timeZone)) {
    throw new AppError('invalid', `time zone "${timeZone}" is unknown: write an IANA zone such as Europe/London`)
  }
  const zone = IANAZone.create(timeZone)
  const clock = new WallClock((instant) => Math.round(zone.offset(instant) * minuteMs))
  clocks.set(timeZone, clock)
  return clock
}

// There are some 600 zones; reading one's offsets is the slow part, and every schedule of a zone shares it.
const clocks = new Map<string, WallClock>()

const maxWindowMinutes = 366 * 24 * 60

/** One window, ready to be laid out. Throws `invalid`, naming the window and the cure. */
export function compileWindow({ opens, minutes }: WindowDefinition): DayPattern<Because> {
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > maxWindowMinutes) {
    throw new AppError(
      'invalid',
      `window '${opens}' stays open for ${minutes} minutes: write a whole number, 1 to ${maxWindowMinutes} (a year)`
    )
  }
  const { fields } = parseCron(opens)
  const spans: { from: number; to: number }[] = []
  for (const hour of fields.hour.values) {
    for (const minute of fields.minute.values) {
      const from = (hour * 60 + minute) * minuteMs
      const last = spans.at(-1)
      if (last !== undefined && from <= last.to) last.to = from + minutes * minuteMs
      else spans.push({ from, to: from + minutes * minuteMs })
    }
  }
  return { because: { kind: 'window', opens, minutes }, spans, days: daysText(fields), matches: dayMatcher(fields) }
}

/** The days of a cron expression, as text. */
function daysText({ month, dayOfMonth, dayOfWeek }: CronExpression['fields']): string {
  return JSON.stringify([
    month.values,
    dayOfMonth.isWildcard ? '*' : dayOfMonth.values,
    dayOfWeek.isWildcard ? '*' : [dayOfWeek.values, dayOfWeek.nthDay]
  ])
}

/** What cron-parser reads from a window's `opens`. Throws `invalid`, naming the window and the cure, where it means nothing. */
export function parseCron(opens: string): CronExpression {
  const refuse = (fault: string, cure: string, cause?: unknown) =>
    new AppError('invalid', `window '${opens}' ${fault}: ${cure}`, { cause })
  const example = "write minute, hour, day of month, month and day of week, such as '30 8 * * MON-FRI'"
  const text = opens.trim()
  const fields = text.split(/\s+/)
  // cron-parser reads an empty expression as every minute, a short one as if its beginning were left out.
  if (text === '') throw refuse('is empty', example)
  if (fields.length === 6) throw refuse('has six fields', 'leave out the seconds, the first field')
  if (fields.length !== 5 && !text.startsWith('@')) throw refuse(`has ${fields.length} fields, not five`, example)
  // cron-parser draws lots for any H, wherever it stands; the only name with one is Thursday's.
  if (text.replace(/thu/gi, '').includes('H')) throw refuse('leaves a time to chance (H)', 'write the time itself')
  if (/#(?![1-5](?:\s|$))/.test(text)) {
    throw refuse('counts a weekday (#) as no month does', "write 1 to 5, such as 'MON#1' for the first Monday")
  }
  let parsed: CronExpression
  try {
    parsed = CronExpressionParser.parse(text, { currentDate: new Date(0), tz: 'UTC' })
  } catch (error) {
    throw refuse(`is not a cron expression that can fire (${reasonOf(error)})`, example, error)
  }
  if (parsed.fields.second.values.some((second) => second !== 0)) {
    throw refuse('fires every second', "write '@minutely', or a slower one")
  }
  if (!everFires(parsed.fields)) throw refuse('never fires', 'write a date that exists')
  return parsed
}

// The calendar of any day is that of some day in these 28 years. Beside cron-parser's own search, this takes no time.
const [someDay, dayAfterAll] = [Date.UTC(2024, 0, 1) / dayMs, Date.UTC(2052, 0, 1) / dayMs]

function everFires(fields: CronExpression['fields']): boolean {
  const matches = dayMatcher(fields)
  for (let day = someDay; day < dayAfterAll; day++) if (matches(calendarDay(day))) return true
  return false
}

/**
 * Whether a day matches, as cron-parser's `includesDate` has it but some fifty times faster: where both the day of the
 * month and the day of the week are restricted, either will do.
 */
export function dayMatcher(fields: CronExpression['fields']): (day: CalendarDay) => boolean {
  // Numbers up to 31 as the bits of one: of these there are thousands, kept for as long as their schedules are.
  const months = bitsOf(fields.month.values)
  const dates = bitsOf(fields.dayOfMonth.values)
  const weekdays = bitsOf(fields.dayOfWeek.values)
  const lastDate = fields.dayOfMonth.values.some((value) => value === 'L')
  // `5L`: the last Friday of the month.
  const lastWeekdays = bitsOf(fields.dayOfWeek.values.filter((value) => /^\dL$/.test(String(value))).map(lastOf))
  const anyDate = fields.dayOfMonth.isWildcard
  const anyWeekday = fields.dayOfWeek.isWildcard
  const nth = fields.dayOfWeek.nthDay
  return ({ month, date, weekday, daysInMonth }) => {
    if (!has(months, month)) return false
    const byDate = has(dates, date) || (lastDate && date === daysInMonth)
    if (anyWeekday) return byDate
    const byWeekday =
      (has(weekdays, weekday) && (nth === 0 || Math.ceil(date / 7) === nth)) ||
      (date > daysInMonth - 7 && has(lastWeekdays, weekday))
    return byWeekday || (byDate && !anyDate)
  }
}

function bitsOf(values: readonly (number | string)[]): number {
  return values.reduce<number>((bits, value) => (typeof value === 'number' ? bits | (1 << value) : bits), 0)
}

function has(bits: number, value: number): boolean {
  return (bits & (1 << value)) !== 0
}

function lastOf(value: number | string): number {
  return Number.parseInt(String(value), 10) % 7
}

/** One exception, ready to be laid out. Throws `invalid`, naming the exception and the cure. */
export function compileException(definition: ExceptionDefinition): ExceptionDays<Because> {
  const { fromDate, toDate, opensAt, closesAt, label } = definition
  const what = `exception ${fromDate}${label === null ? '' : ` ('${label}')`}`
  const dayOf = (date: string) => {
    const day = parseDate(date)
    if (day !== undefined) return day
    throw new AppError('invalid', `${what}: "${date}" is no date of the calendar: write YYYY-MM-DD`)
  }
  const fromDay = dayOf(fromDate)
  const toDay = dayOf(toDate)
  if (toDay < fromDay) {
    throw new AppError('invalid', `${what} ends on ${toDate}, before it begins: write the later date in to_date`)
  }
  return {
    because: { kind: 'exception', label, fromDate, toDate },
    fromDay,
    toDay,
    hours: hoursOf(what, opensAt, closesAt)
  }
}

function hoursOf(what: string, opensAt: string | null, closesAt: string | null): Span | null {
  if (opensAt === null && closesAt === null) return null
  if (opensAt === null || closesAt === null) {
    throw new AppError(
      'invalid',
      `${what} has only one of opens_at and closes_at: give both, or neither (closed all day)`
    )
  }
  const from = parseTime(opensAt)
  const to = parseTime(closesAt)
  if (from === undefined || to === undefined || to <= from) {
    throw new AppError(
      'invalid',
      `${what} is open from "${opensAt}" to "${closesAt}": write HH:MM, the closing later on the same day (24:00 at most)`
    )
  }
  return { from: from * minuteMs, to: to * minuteMs }
}
