// Instants and dates as people write and read them, in a zone. PURE.
import { AppError } from '../../errors'
import { wallClockOf } from './time-zones'
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
  return wallClockOf(timeZone).instantOf((dayOfDate(date) + days) * dayMs)
}

/** Days since 1970-01-01 of a date YYYY-MM-DD. Throws `invalid`. */
export function dayOfDate(date: string): number {
  const day = parseDate(date)
  if (day === undefined) throw new AppError('invalid', `date "${date}" is not in the calendar: write YYYY-MM-DD`)
  return day
}

/** An instant that somebody wrote. */
export interface WrittenInstant {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Whether it means another instant in another zone. */
  readonly isLocal: boolean
  /** What the clocks of the zone make of it, where its time of day is skipped or comes twice. */
  readonly remark?: string
}

/**
 * Reads an instant as people write it; undefined where it is none. The one grammar of all commands:
 * - `2026-11-23T09:00Z`, `2026-11-23 10:00+01:00`: ISO 8601 with an offset;
 * - `2026-11-23 09:00`, `2026-11-23`, `9:30` (today), `today`, `yesterday 18:00`, `tomorrow`: by the clock of the zone, and
 *   midnight where no time of day is given;
 * - `now`, `+2h` (in two hours), `-2h`, `2h` and `2h ago` (two hours ago): durations as {@link parseDuration} reads them.
 */
export function parseInstant(text: string, timeZone: string, now: number): WrittenInstant | undefined {
  const written = text.trim()
  if (/^now$/i.test(written)) return { at: now, isLocal: false }
  const zone = zoneOrUtc(timeZone)
  const [, sign, length, ago] = /^([+-]?)(\d\S*?)( ago)?$/i.exec(written) ?? []
  const duration = length === undefined ? undefined : parseDuration(length)
  if (duration !== undefined) {
    if (sign !== '' && ago !== undefined) return undefined
    return { at: shifted(now, duration, zone, sign === '+' ? 1 : -1), isLocal: duration.days > 0 }
  }
  const parts =
    /^(?:(\d{4}-\d{2}-\d{2})|(today|yesterday|tomorrow))?(?:(?:^|[T ])(\d{1,2}:\d{2})(:\d{2}(?:\.\d{1,3})?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i.exec(
      written
    )
  if (parts === null || written === '') return undefined
  const [, date, word, time = '0:00', seconds = ':00', offset] = parts
  const day = dayOf(date, word, now, zone)
  const minutes = parseTime(time.padStart(5, '0'))
  if (day === undefined || minutes === undefined || Number(seconds.slice(1)) >= 60) return undefined
  const wall = day * dayMs + minutes * minuteMs + Math.round(Number(seconds.slice(1)) * 1000)
  if (offset === undefined) return { isLocal: true, ...onTheClock(wall, zone) }
  const offsetMs = offsetOf(offset)
  if (date === undefined || offsetMs === undefined) return undefined
  return { at: wall - offsetMs, isLocal: false }
}

function dayOf(date: string | undefined, word: string | undefined, now: number, zone: string): number | undefined {
  if (date !== undefined) return parseDate(date)
  const today = Math.floor(wallClockOf(zone).wallAt(now) / dayMs)
  switch (word?.toLowerCase()) {
    case 'yesterday':
      return today - 1
    case 'tomorrow':
      return today + 1
    default:
      return today
  }
}

function offsetOf(text: string): number | undefined {
  if (/^z$/i.test(text)) return 0
  const [, sign, hours = '', minutes = '0'] = /^([+-])(\d{2}):?(\d{2})?$/.exec(text) ?? []
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * minuteMs
}

/** The instant of a wall clock's time, and a remark where that clock skips it, or shows it twice. */
function onTheClock(wall: number, zone: string): Pick<WrittenInstant, 'at' | 'remark'> {
  const clock = wallClockOf(zone)
  const at = clock.instantOf(wall)
  const shown = (value: number) => new Date(value).toISOString().slice(0, 16).replace('T', ' ')
  const read = clock.wallAt(at)
  if (read !== wall) return { at, remark: `the clocks of ${zone} skip ${shown(wall)}: read as ${shown(read)}` }
  const back = clock.changesBetween(at + 1, at + dayMs).find(({ byMs }) => byMs < 0)
  const again = back === undefined ? undefined : at - back.byMs
  if (again === undefined || clock.wallAt(again) !== wall) return { at }
  const utc = (value: number) => `${new Date(value).toISOString().slice(0, 16)}Z`
  const remark = `the clocks of ${zone} show ${shown(wall)} twice: read as the first, ${utc(at)}; the second is ${utc(again)}`
  return { at, remark }
}

/** A length of time: days of the wall clock, and milliseconds beside them. */
export interface Duration {
  readonly days: number
  readonly ms: number
}

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: minuteMs, h: 60 * minuteMs }
const unitDays: Readonly<Record<string, number>> = { d: 1, w: 7 }

/** `30m`, `2h`, `1h30m`, `3d`, `2w`, longer than nothing; undefined where it is none. Days and weeks are the wall clock's. */
export function parseDuration(text: string): Duration | undefined {
  // A capital M could be months.
  if (!/^(?:\d{1,6}(?:[sS]|m|[hHdDwW]))+$/.test(text)) return undefined
  let [days, ms] = [0, 0]
  for (const [, count, unit = ''] of text.toLowerCase().matchAll(/(\d+)([smhdw])/g)) {
    days += Number(count) * (unitDays[unit] ?? 0)
    ms += Number(count) * (unitMs[unit] ?? 0)
  }
  // Beyond a hundred years, nobody means it, and dates end.
  return days + ms / dayMs > 36_525 || days + ms === 0 ? undefined : { days, ms }
}

/**
 * The instant so much later, or earlier where `sign` is -1. A day later the wall clock of the zone shows the same time, be the
 * day 23 or 25 hours long.
 */
export function shifted(at: number, { days, ms }: Duration, timeZone: string, sign: 1 | -1 = 1): number {
  if (days === 0) return at + sign * ms
  const clock = wallClockOf(zoneOrUtc(timeZone))
  return clock.instantOf(clock.wallAt(at) + sign * days * dayMs) + sign * ms
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
