// Instants and dates as people write and read them, in a zone. PURE: imports only core/.
import { AppError } from './errors'
import { wallClockOf } from './schedule'
import { dayMs, minuteMs, parseDate, parseTime } from './wall-clock'

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const

/** `Mon 2026-11-23 09:00 Europe/London`; in UTC where there is no such zone. */
export function formatInstant(at: number, timeZone: string): string {
  const zone = zoneOrUtc(timeZone)
  const wall = new Date(wallClockOf(zone).wallAt(at))
  const weekday = weekdays[wall.getUTCDay()] ?? ''
  return `${weekday} ${wall.toISOString().slice(0, -8).replace('T', ' ')} ${zone}`
}

/** How far off something is: `35 min`, `14 h`, `3 days`. */
export function formatSpan(ms: number): string {
  const minutes = Math.ceil(ms / minuteMs)
  if (minutes < 90) return `${minutes} min`
  const hours = Math.round(minutes / 60)
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`
}

/** The instant at which a date YYYY-MM-DD begins in a zone; `days` later than that date. Throws `invalid`. */
export function startOfDate(date: string, timeZone: string, days = 0): number {
  const day = parseDate(date)
  if (day === undefined) throw new AppError('invalid', `date "${date}" is not in the calendar: write YYYY-MM-DD`)
  return wallClockOf(timeZone).instantOf((day + days) * dayMs)
}

/**
 * Reads an instant: ISO 8601 with an offset (`2026-11-23T09:00Z`), or a date and a time of day in the zone
 * (`2026-11-23 09:00`), or a date, which is its midnight in the zone. Undefined where it is none of these.
 */
export function parseInstant(text: string, timeZone: string): number | undefined {
  const parts = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/i.exec(text)
  const [, date = '', time = '00:00', seconds = ':00', offset] = parts ?? []
  const day = parseDate(date)
  const minutes = parseTime(time)
  if (day === undefined || minutes === undefined || Number(seconds.slice(1)) >= 60) return undefined
  if (offset !== undefined) {
    const at = Date.parse(`${date}T${time}${seconds}${offset.toUpperCase()}`)
    return Number.isNaN(at) ? undefined : at
  }
  const wall = day * dayMs + minutes * minuteMs + Math.round(Number(seconds.slice(1)) * 1000)
  return wallClockOf(zoneOrUtc(timeZone)).instantOf(wall)
}

/** The zone, or UTC where there is no such zone. */
export function zoneOrUtc(timeZone: string): string {
  try {
    wallClockOf(timeZone)
    return timeZone
  } catch {
    return 'UTC'
  }
}
