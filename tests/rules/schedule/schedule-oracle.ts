// Schedules as the documentation defines them: somebody watches the clock on the wall, minute after minute, and writes down
// whether the schedule is open. Slow, and shares no code with src/rules/. For tests only.
import { offsetOf } from '../../zones/compiled-zones'

/** A window as lists of numbers, so that reading cron is no part of the comparison. */
export interface OracleWindow {
  readonly minutesOfHour: readonly number[]
  readonly hours: readonly number[]
  /** Null is any. Where both are given, either will do, as in cron. */
  readonly datesOfMonth: readonly number[] | null
  readonly weekdays: readonly number[] | null
  readonly months: readonly number[] | null
  readonly minutes: number
}

export interface OracleException {
  readonly fromDate: string
  readonly toDate: string
  readonly opensAt: string | null
  readonly closesAt: string | null
}

export interface OracleSchedule {
  readonly zone: string
  readonly windows: readonly OracleWindow[]
  readonly exceptions: readonly OracleException[]
}

/** What was written down: one entry a minute from `from` on, 1 for open. */
export interface Log {
  readonly from: number
  readonly open: Uint8Array
}

const minuteMs = 60_000
const hourMs = 3_600_000
const minutesPerDay = 1440

/** Watches a schedule from one instant to another, both whole hours. Begins early enough to have seen every opening. */
export function watch({ zone, windows, exceptions }: OracleSchedule, from: number, to: number): Log {
  const opensAtMinute = new Map(windows.map((window) => [window, openingsIn(window)]))
  const longest = Math.max(0, ...windows.map(({ minutes }) => minutes))
  const beginHour = Math.floor((from - (longest + minutesPerDay) * minuteMs) / hourMs)
  const log = { from, open: new Uint8Array((to - from) / minuteMs) }

  let reached = beginHour * 60 + offsetsIn(beginHour, zone)[0]! - 1
  let minuteOfDay = reached - Math.floor(reached / minutesPerDay) * minutesPerDay
  let today = dayOf(reached - minuteOfDay, windows, exceptions)
  // The wall-clock minute at which the last of the windows that have opened closes.
  let closes = -Infinity
  const openAtNextMinute = () => {
    reached++
    minuteOfDay++
    if (minuteOfDay === minutesPerDay) {
      minuteOfDay = 0
      today = dayOf(reached, windows, exceptions)
    }
    if (today.excepted) {
      // Whatever was open has ended, for good, and nothing opens but the exception's own hours.
      closes = reached
      return today.hours[minuteOfDay] === 1
    }
    for (const window of today.windows) {
      if (opensAtMinute.get(window)![minuteOfDay] === 1) closes = Math.max(closes, reached + window.minutes)
    }
    return reached < closes
  }

  let open = false
  for (let hour = beginHour; hour * hourMs < to; hour++) {
    const offsets = offsetsIn(hour, zone)
    for (let minute = 0; minute < 60; minute++) {
      // Where spring jumps, the minutes in between all come at once; where autumn repeats, nothing new comes.
      const wall = hour * 60 + minute + offsets[minute]!
      while (reached < wall) open = openAtNextMinute()
      if (open && hour * hourMs >= from) log.open[hour * 60 + minute - from / minuteMs] = 1
    }
  }
  return log
}

export function wasOpen(log: Log, at: number): boolean {
  return log.open[minuteIn(log, at)] === 1
}

/** When what was written down next differs from what it says at `at`; null where it does not any more. */
export function nextFlip(log: Log, at: number): number | null {
  const minute = minuteIn(log, at)
  const flip = log.open.indexOf(1 - log.open[minute]!, minute)
  return flip < 0 ? null : log.from + flip * minuteMs
}

function minuteIn(log: Log, at: number): number {
  const minute = Math.floor((at - log.from) / minuteMs)
  if (minute < 0 || minute >= log.open.length) throw new RangeError(`nobody watched the clock at ${at}`)
  return minute
}

/** 1 for each minute of a day at which a window may open. */
function openingsIn({ hours, minutesOfHour }: OracleWindow): Uint8Array {
  const opens = new Uint8Array(minutesPerDay)
  for (const hour of hours) for (const minute of minutesOfHour) opens[hour * 60 + minute] = 1
  return opens
}

/** What a day of the calendar has: the windows that may open, or the hours of its exceptions, 1 for each open minute. */
function dayOf(midnight: number, windows: readonly OracleWindow[], exceptions: readonly OracleException[]) {
  const date = new Date(midnight * minuteMs)
  const text = date.toISOString().slice(0, 10)
  const ofToday = exceptions.filter(({ fromDate, toDate }) => fromDate <= text && text <= toDate)
  const hours = new Uint8Array(minutesPerDay)
  for (const { opensAt, closesAt } of ofToday) {
    if (opensAt !== null && closesAt !== null) hours.fill(1, minuteOf(opensAt), minuteOf(closesAt))
  }
  return { excepted: ofToday.length > 0, hours, windows: windows.filter((window) => opensOn(window, date)) }
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
}

function opensOn({ datesOfMonth, weekdays, months }: OracleWindow, date: Date): boolean {
  if (months?.includes(date.getUTCMonth() + 1) === false) return false
  if (datesOfMonth === null && weekdays === null) return true
  return datesOfMonth?.includes(date.getUTCDate()) === true || weekdays?.includes(date.getUTCDay()) === true
}

// For each offset, an hour in which it does not change.
const steady = new Map<number, readonly number[]>()

/** The zone's offset at each minute of an hour. No clock has ever changed and changed back within six hours. */
function offsetsIn(hour: number, zone: string): readonly number[] {
  const before = Math.floor(hour / 6) * 6
  const first = offsetAtHour(before, zone)
  if (first !== offsetAtHour(before + 6, zone)) {
    return Array.from({ length: 60 }, (_, minute) => offsetAt(hour * hourMs + minute * minuteMs, zone))
  }
  let offsets = steady.get(first)
  if (offsets === undefined) steady.set(first, (offsets = Array.from({ length: 60 }, () => first)))
  return offsets
}

const offsetsOfZone = new Map<string, Map<number, number>>()

function offsetAtHour(hour: number, zone: string): number {
  let known = offsetsOfZone.get(zone)
  if (known === undefined) offsetsOfZone.set(zone, (known = new Map<number, number>()))
  let offset = known.get(hour)
  if (offset === undefined) known.set(hour, (offset = offsetAt(hour * hourMs, zone)))
  return offset
}

let directory = ''

/** Has the oracle read zones from a directory of compiled ones. */
export function readZonesFrom(zones: string): void {
  directory = zones
}

/** How many minutes a zone's wall is ahead of UTC, by the zone database's own tools. */
export function offsetAt(at: number, timeZone: string): number {
  return offsetOf(directory, timeZone, at) / minuteMs
}
