// Whether one schedule is open whenever another is: proved from their rows, so a no may be wrong. PURE: imports only core/.
import { findingOf } from './fault'
import {
  type ExceptionDefinition,
  type ScheduleDefinition,
  type WindowDefinition,
  compileException,
  compileWindow,
  wallClockOf
} from './schedule'
import { calendarDay, dayMs } from './wall-clock'

/** Some window of it opens every day, for a whole day at least, and it has no exception. */
export function isNeverClosed(schedule: ScheduleDefinition): boolean {
  return schedule.exceptions.length === 0 && isRight(schedule) && schedule.windows.some(coversEveryDay)
}

/** The wide one has every window of the narrow one, as long or longer, and only exceptions that the narrow one has. */
export function isOpenWhenever(wide: ScheduleDefinition, narrow: ScheduleDefinition): boolean {
  if (wide.timeZone !== narrow.timeZone || !isRight(wide) || !isRight(narrow)) return false
  const longest = new Map<string, number>()
  for (const { opens, minutes } of wide.windows) longest.set(opens, Math.max(minutes, longest.get(opens) ?? 0))
  if (!narrow.windows.every(({ opens, minutes }) => minutes <= (longest.get(opens) ?? 0))) return false
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

function coversEveryDay(window: WindowDefinition): boolean {
  const pattern = compileWindow(window)
  const [span, another] = pattern.spans
  if (span === undefined || another !== undefined || span.to - span.from < dayMs) return false
  for (let day = someDay; day < dayAfterAll; day++) if (!pattern.matches(calendarDay(day))) return false
  return true
}

function exceptionKey({ fromDate, toDate, opensAt, closesAt }: ExceptionDefinition): string {
  return JSON.stringify([fromDate, toDate, opensAt, closesAt])
}
