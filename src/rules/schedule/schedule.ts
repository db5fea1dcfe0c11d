// Schedules: windows, exceptions, zones, daylight saving. PURE.
import { parseCron } from './cron'
import { AppError, reasonOf } from '../../errors'
import { type Finding, error, findingText } from '../finding'
import { type CompiledWindow, type CompiledException, OpeningHours, type Span } from './opening-hours'
import { wallClockOf } from './time-zones'
import { OpenIntervals } from './open-intervals'
import { minuteMs, parseDate, parseTime } from './wall-clock'

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

/** A schedule ready to be asked. Its answers depend on the instant alone; changes are worked out as they are needed. */
export interface Schedule {
  readonly timeZone: string
  /** What is wrong with its rows, which are skipped, each with the cure; empty if all is well. */
  readonly faults: readonly string[]
  /** `at` in milliseconds since the epoch. */
  stateAt(at: number): ScheduleState
}

/**
 * Never throws: one bad row must not stop the others. Invalid windows and exceptions are skipped; with an invalid zone, the
 * schedule is never open. `faults` names them all, with the cure.
 */
export function compileSchedule({ name, timeZone, windows, exceptions }: ScheduleDefinition): Schedule {
  const faults: string[] = []
  const unlessWrong = <Compiled>(compile: () => Compiled): Compiled[] => {
    try {
      return [compile()]
    } catch (thrown) {
      faults.push(`schedule '${name}': ${reasonOf(thrown)}`)
      return []
    }
  }
  const [clock] = unlessWrong(() => wallClockOf(timeZone))
  if (clock === undefined) return brokenSchedule(timeZone, faults.join('; '))
  const patterns = windows.flatMap((window) => unlessWrong(() => compileWindow(window)))
  const excepted = exceptions.flatMap((exception) => unlessWrong(() => compileException(exception)))
  const timeline = new OpenIntervals<Because>(clock, new OpeningHours(patterns, excepted), { kind: 'none' })
  return { timeZone, faults, stateAt: (at) => timeline.stateAt(at) }
}

/** An invalid schedule: never open, and its faults say why. */
export function brokenSchedule(timeZone: string, reason: string): Schedule {
  return {
    timeZone,
    faults: [reason],
    stateAt: () => ({ open: false, because: { kind: 'fault', reason }, nextChangeAt: null })
  }
}

/** Of a rule that names a schedule which does not exist. */
export function noSuchSchedule(name: string): Finding {
  return error(`there is no schedule '${name}'`, 'add it to schedules, or correct rules.schedule')
}

/** What stands for a schedule that does not exist: the sqlite3 shell does not enforce foreign keys unless you ask for it. */
export function missingSchedule(name: string): Schedule {
  return brokenSchedule('UTC', findingText(noSuchSchedule(name)))
}

const maxWindowMinutes = 366 * 24 * 60

/** One window, ready to be laid out. Throws `invalid`, naming the window and the cure. */
export function compileWindow({ opens, minutes }: WindowDefinition): CompiledWindow<Because> {
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > maxWindowMinutes) {
    throw new AppError(
      'invalid',
      `window '${opens}' stays open for ${minutes} minutes: write a whole number, 1 to ${maxWindowMinutes} (a year)`
    )
  }
  const { hours, minutes: minutesOfHour, days, matches } = parseCron(opens)
  const spans: { from: number; to: number }[] = []
  for (const hour of hours) {
    for (const minute of minutesOfHour) {
      const from = (hour * 60 + minute) * minuteMs
      const last = spans.at(-1)
      if (last !== undefined && from <= last.to) last.to = from + minutes * minuteMs
      else spans.push({ from, to: from + minutes * minuteMs })
    }
  }
  return { because: { kind: 'window', opens, minutes }, spans, days, matches }
}

/** One exception, ready to be laid out. Throws `invalid`, naming the exception and the cure. */
export function compileException(definition: ExceptionDefinition): CompiledException<Because> {
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
