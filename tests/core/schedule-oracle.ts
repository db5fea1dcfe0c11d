// Schedules as the documentation defines them: slow, minute by minute, sharing no code with src/core/. For tests only.

/** A window as lists of numbers, so that reading cron is no part of the comparison. */
export interface OracleWindow {
  readonly minutesOfHour: readonly number[]
  readonly hours: readonly number[]
  /** Null is any. Where both are given, either will do, as in cron. */
  readonly datesOfMonth: readonly number[] | null
  readonly weekdays: readonly number[] | null
  readonly minutes: number
}

export interface OracleException {
  readonly fromDate: string
  readonly toDate: string
  readonly opensAt: string | null
  readonly closesAt: string | null
}

const minute = 60_000
const day = 86_400_000
const formats = new Map<string, Intl.DateTimeFormat>()

/** What the wall clock of a zone reads, as milliseconds since 1970-01-01 00:00 on that wall, by the platform's Intl. */
export function wallOf(at: number, timeZone: string): number {
  let format = formats.get(timeZone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric'
    })
    formats.set(timeZone, format)
  }
  const parts = format.formatToParts(at)
  const read = (type: string) => Number(parts.find((part) => part.type === type)?.value)
  return Date.UTC(read('year'), read('month') - 1, read('day'), read('hour'), read('minute'), read('second'))
}

/** The latest wall-clock minute reached by an instant: while autumn repeats an hour, the clock is not reaching anything new. */
function reachedBy(at: number, timeZone: string): number {
  const hours = 4
  let reached = wallOf(at, timeZone)
  // Nothing repeats where the clock has gone on as far as time has; this only spares looking at each of those minutes.
  if (reached - wallOf(at - hours * 60 * minute, timeZone) === hours * 60 * minute) return reached
  for (let back = 1; back <= hours * 60; back++) reached = Math.max(reached, wallOf(at - back * minute, timeZone))
  return reached
}

export function isOpen(
  windows: readonly OracleWindow[],
  exceptions: readonly OracleException[],
  timeZone: string,
  at: number
): boolean {
  const now = reachedBy(Math.floor(at / minute) * minute, timeZone)
  const exceptionsOn = (wall: number) => {
    const date = new Date(wall).toISOString().slice(0, 10)
    return exceptions.filter(({ fromDate, toDate }) => fromDate <= date && date <= toDate)
  }
  const today = exceptionsOn(now)
  if (today.length > 0) {
    const time = new Date(now).toISOString().slice(11, 16)
    return today.some(
      ({ opensAt, closesAt }) => opensAt !== null && closesAt !== null && opensAt <= time && time < closesAt
    )
  }
  const longest = Math.max(0, ...windows.map(({ minutes }) => minutes))
  for (let wall = now; wall > now - longest * minute; wall -= minute) {
    // An exception's day lies between that opening and now, and ended whatever was open.
    if (wall % day === 0 && exceptionsOn(wall - minute).length > 0) {
      return windows.some((window) => fires(window, wall) && now < wall + window.minutes * minute)
    }
    if (windows.some((window) => fires(window, wall) && now < wall + window.minutes * minute)) return true
  }
  return false
}

function fires(window: OracleWindow, wall: number): boolean {
  const clock = new Date(wall)
  if (!window.minutesOfHour.includes(clock.getUTCMinutes()) || !window.hours.includes(clock.getUTCHours())) return false
  const byDate = window.datesOfMonth?.includes(clock.getUTCDate())
  const byWeekday = window.weekdays?.includes(clock.getUTCDay())
  return byDate === undefined && byWeekday === undefined ? true : byDate === true || byWeekday === true
}
