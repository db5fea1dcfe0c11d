// Whether one schedule is open whenever another is: proved from their rows, so a no may be wrong. PURE.
import { findingOf } from '../finding'
import type { CompiledWindow, Span } from '../schedule/opening-hours'
import {
  type ExceptionDefinition,
  type ScheduleDefinition,
  type WindowDefinition,
  compileException,
  compileWindow
} from '../schedule/schedule'
import { wallClockOf } from '../schedule/time-zones'
import { type CalendarDay, calendarDay, dayMs } from '../schedule/wall-clock'

/** Some window of it opens every day, for a whole day at least, and it has no exception. */
export function isNeverClosed(schedule: ScheduleDefinition): boolean {
  return schedule.exceptions.length === 0 && isRight(schedule) && schedule.windows.some(coversEveryDay)
}

/** On every day the wide one's windows are open whenever the narrow one's are, and it has only exceptions that that one has. */
export function isOpenWhenever(wide: ScheduleDefinition, narrow: ScheduleDefinition): boolean {
  if (wide.timeZone !== narrow.timeZone || !isRight(wide) || !isRight(narrow)) return false
  const wideWindows = wide.windows.map(compileWindow)
  if (!narrow.windows.every((window) => covers(wideWindows, compileWindow(window)))) return false
  const [inWide, inNarrow] = [wide, narrow].map(({ exceptions }) => new Set(exceptions.map(exceptionKey)))
  return (
    wide.exceptions.every((exception) => inNarrow?.has(exceptionKey(exception)) === true) &&
    // A day on which only the narrow one is closed makes it narrower still; one with hours may open it.
    narrow.exceptions.every((exception) => exception.opensAt === null || inWide?.has(exceptionKey(exception)) === true)
  )
}

// What is passed over is not there, and so proves nothing.
function isRight({ timeZone, windows, exceptions }: ScheduleDefinition): boolean {
  return (
    findingOf(() => wallClockOf(timeZone)) === undefined &&
    windows.every((window) => findingOf(() => compileWindow(window)) === undefined) &&
    exceptions.every((exception) => findingOf(() => compileException(exception)) === undefined)
  )
}

// Every day there can be, by month, date, weekday and length of the month, is among these 28 years.
const [someDay, dayAfterAll] = [Date.UTC(2024, 0, 1) / dayMs, Date.UTC(2052, 0, 1) / dayMs]

let days: readonly CalendarDay[] | undefined
// Made once somebody needs them: no other command waits for that.
const everyDay = (): readonly CalendarDay[] =>
  (days ??= Array.from({ length: dayAfterAll - someDay }, (_, index) => calendarDay(someDay + index)))

/** What opens on a day of the wall clock and closes later stays so whatever the clocks do: order is kept. */
function covers(windows: readonly CompiledWindow<unknown>[], narrow: CompiledWindow<unknown>): boolean {
  const alike = windows.filter(
    (each) => each.days === narrow.days || everyDay().every((day) => !narrow.matches(day) || each.matches(day))
  )
  const open = joined(alike.flatMap((each) => each.spans))
  return narrow.spans.every((span) => open.some(({ from, to }) => from <= span.from && span.to <= to))
}

function joined(spans: readonly Span[]): Span[] {
  const union: Span[] = []
  for (const span of spans.toSorted((one, other) => one.from - other.from)) {
    const last = union.at(-1)
    if (last !== undefined && span.from <= last.to) {
      union[union.length - 1] = { from: last.from, to: Math.max(last.to, span.to) }
    } else union.push(span)
  }
  return union
}

function coversEveryDay(window: WindowDefinition): boolean {
  const pattern = compileWindow(window)
  const [span, another] = pattern.spans
  if (span === undefined || another !== undefined || span.to - span.from < dayMs) return false
  return everyDay().every((day) => pattern.matches(day))
}

function exceptionKey({ fromDate, toDate, opensAt, closesAt }: ExceptionDefinition): string {
  return JSON.stringify([fromDate, toDate, opensAt, closesAt])
}
