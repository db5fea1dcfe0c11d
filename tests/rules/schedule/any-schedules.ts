// Random schedules and instants for the comparison with the oracle: in odd zones, and mostly where the clocks change.
import { type OracleException, type OracleSchedule, type OracleWindow, offsetAt } from './schedule-oracle'

export const minuteMs = 60_000
export const hourMs = 3_600_000
export const dayMs = 86_400_000

/** Forty zones, for what their clocks have done since 1970. */
export const zones = [
  'Europe/London',
  'America/New_York',
  'Asia/Kolkata',
  'America/Phoenix',
  'UTC',
  // Half an hour of summer time; three quarters of an hour from everybody.
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Asia/Kathmandu',
  'Australia/Eucla',
  'Australia/Adelaide',
  // Summer time that pauses for a month; that is below zero; that is two hours.
  'Africa/Casablanca',
  'Africa/El_Aaiun',
  'Africa/Cairo',
  'Europe/Dublin',
  'Africa/Windhoek',
  'Antarctica/Troll',
  // A day that never was.
  'Pacific/Apia',
  'Pacific/Fakaofo',
  'Pacific/Kiritimati',
  'Pacific/Kwajalein',
  // Clocks that change at midnight, or a minute past it.
  'America/St_Johns',
  'America/Sao_Paulo',
  'America/Havana',
  'America/Asuncion',
  'America/Santiago',
  'Asia/Beirut',
  'Asia/Damascus',
  'Asia/Tehran',
  'Asia/Gaza',
  'Asia/Amman',
  'Atlantic/Azores',
  'America/Scoresbysund',
  'America/Nuuk',
  // Whole countries, or a base in the ice, that moved to another offset.
  'America/Caracas',
  'Asia/Pyongyang',
  'Europe/Istanbul',
  'Europe/Volgograd',
  'Pacific/Easter',
  'Antarctica/Casey',
  'Antarctica/Vostok'
]

const changesOfZone = new Map<string, readonly number[]>()

/** When the clocks of a zone changed, or will, from 1971 to 2045. */
export function clockChanges(zone: string): readonly number[] {
  const known = changesOfZone.get(zone)
  if (known !== undefined) return known
  const found: number[] = []
  const step = 7 * dayMs
  for (let at = Date.UTC(1971, 0, 1); at < Date.UTC(2045, 0, 1); at += step) {
    const before = offsetAt(at, zone)
    if (offsetAt(at + step, zone) === before) continue
    let [low, high] = [at, at + step]
    while (high - low > minuteMs) {
      const middle = low + Math.floor((high - low) / (2 * minuteMs)) * minuteMs
      if (offsetAt(middle, zone) === before) low = middle
      else high = middle
    }
    found.push(high)
  }
  changesOfZone.set(zone, found)
  return found
}

/** The hour of a clock change of the zone, for the most part; otherwise, and where there is none, any hour from 1971 to 2100. */
export function anyBase(zone: string, random: () => number): number {
  const changes = clockChanges(zone)
  const base =
    changes.length > 0 && random() < 0.75
      ? pick(changes, random)
      : Date.UTC(1971, 0, 1) + random() * (Date.UTC(2100, 0, 1) - Date.UTC(1971, 0, 1))
  return Math.floor(base / hourMs) * hourMs
}

/** A few windows and exceptions, most of them where they matter to the days and the night around `base`. */
export function anySchedule(zone: string, base: number, random: () => number): OracleSchedule {
  return {
    zone,
    windows: Array.from({ length: Math.ceil(random() * 3) }, () => anyWindow(random)),
    exceptions: Array.from({ length: Math.floor(random() * 3) }, () => anyException(zone, base, random))
  }
}

function anyWindow(random: () => number): OracleWindow {
  return {
    minutesOfHour: random() < 0.5 ? [0] : some(3, 0, 59, random),
    hours: random() < 0.5 ? some(3, 0, 4, random) : some(3, 0, 23, random),
    datesOfMonth: random() < 0.2 ? some(8, 1, 31, random) : null,
    weekdays: random() < 0.4 ? some(4, 0, 6, random) : null,
    months: null,
    minutes: pick([1, 30, 45, 60, 90, 120, 300, 480, 1440, 2000, 5000], random)
  }
}

/** Opens on a few days of the year at most, so that what comes next is weeks or months away. */
export function anySparseWindow(random: () => number): OracleWindow {
  return {
    minutesOfHour: some(1, 0, 59, random),
    hours: some(1, 0, 23, random),
    datesOfMonth: some(1, 1, 28, random),
    weekdays: null,
    months: some(2, 1, 12, random),
    minutes: pick([60, 1440, 10_000, 50_000, 100_000], random)
  }
}

export function anyException(zone: string, base: number, random: () => number, within = 3): OracleException {
  const wall = base + offsetAt(base, zone) * minuteMs
  const date = (days: number) => new Date(wall + days * dayMs).toISOString().slice(0, 10)
  const from = Math.floor(random() * (2 * within + 1)) - within
  const to = from + Math.floor(random() * 2)
  const [opensAt, closesAt] = pick(
    [
      [null, null],
      ['00:00', '01:30'],
      ['01:30', '03:00'],
      ['09:00', '24:00'],
      ['00:00', '24:00']
    ] as const,
    random
  )
  return { fromDate: date(from), toDate: date(to), opensAt, closesAt }
}

export function cronOf({ minutesOfHour, hours, datesOfMonth, weekdays, months }: OracleWindow): string {
  const field = (values: readonly number[] | null) => values?.join(',') ?? '*'
  return [minutesOfHour, hours, datesOfMonth, months, weekdays].map(field).join(' ')
}

function some(most: number, low: number, high: number, random: () => number): number[] {
  const any = () => low + Math.floor(random() * (high - low + 1))
  return [...new Set(Array.from({ length: Math.ceil(random() * most) }, any))].sort((a, b) => a - b)
}

export function pick<T>(from: readonly T[], random: () => number): T {
  return from[Math.floor(random() * from.length)]!
}

/** Mulberry32: the same seed, the same numbers. */
export function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
