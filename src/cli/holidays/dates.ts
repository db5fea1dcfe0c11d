// Splits the holidays of a calendar into the whole dates of one year and parts of dates (half days).
import { dayMs, minuteMs } from '../../rules/schedule/wall-clock'

/** One holiday, in wall-clock milliseconds (see wall-clock.ts); `to` is exclusive. */
export interface Holiday {
  readonly name: string
  /** `public`, `bank`, `school`, `optional` or `observance`. */
  readonly type: string
  readonly from: number
  readonly to: number
  /** Its days begin and end at sunset (Islamic and Hebrew calendars). */
  readonly sunset: boolean
  /** A day off in place of a holiday at the weekend. */
  readonly substitute?: boolean
  /** The law, if the library does not have this holiday. */
  readonly law?: string
  /** Other information from its source. */
  readonly remark?: string
}

/** Consecutive dates with the same holidays. Days are counted from 1970-01-01, both inclusive. */
export interface HolidayDates {
  readonly fromDay: number
  readonly toDay: number
  /** Names differ. */
  readonly holidays: readonly Holiday[]
}

/** A holiday that covers only part of a day: minutes since midnight, `toMinute` up to 1440. */
export interface PartOfDay {
  readonly day: number
  readonly fromMinute: number
  readonly toMinute: number
  readonly holiday: Holiday
}

/** In calendars whose days begin at sunset, sunset counts as six in the evening, all year and everywhere. */
const sunsetMs = 18 * 60 * minuteMs

/**
 * The dates of a year that are holidays, each in one row only, and part holidays on other dates. A holiday that spans the new
 * year is cut there. One that begins at sunset counts from the next date; the evening before is left out.
 */
export function holidayDates(
  holidays: readonly Holiday[],
  year: number
): { readonly whole: readonly HolidayDates[]; readonly parts: readonly PartOfDay[] } {
  const firstDay = Date.UTC(year, 0, 1) / dayMs
  const lastDay = Date.UTC(year, 11, 31) / dayMs
  const byDay = new Map<number, Holiday[]>()
  const parts: PartOfDay[] = []
  for (const holiday of holidays.toSorted((a, b) => a.from - b.from)) {
    const from = atMidnight(holiday, holiday.from)
    const to = atMidnight(holiday, holiday.to)
    for (let day = Math.max(firstDay, Math.floor(from / dayMs)); day <= lastDay && day * dayMs < to; day++) {
      const fromMinute = Math.max(0, Math.round((from - day * dayMs) / minuteMs))
      const toMinute = Math.min(1440, Math.round((to - day * dayMs) / minuteMs))
      if (toMinute - fromMinute < 1440) parts.push({ day, fromMinute, toMinute, holiday })
      else byDay.set(day, withName(byDay.get(day) ?? [], holiday))
    }
  }
  return { whole: inRows(byDay), parts: parts.filter(({ day }) => !byDay.has(day)).sort((a, b) => a.day - b.day) }
}

function atMidnight({ sunset }: Holiday, wall: number): number {
  const sets = sunset && ((wall % dayMs) + dayMs) % dayMs === sunsetMs
  return sets ? wall + dayMs - sunsetMs : wall
}

function withName(holidays: readonly Holiday[], holiday: Holiday): Holiday[] {
  return holidays.some(({ name }) => name === holiday.name) ? [...holidays] : [...holidays, holiday]
}

function inRows(byDay: ReadonlyMap<number, readonly Holiday[]>): HolidayDates[] {
  const rows: HolidayDates[] = []
  for (const [day, holidays] of [...byDay].sort(([a], [b]) => a - b)) {
    const last = rows.at(-1)
    if (last?.toDay === day - 1 && namesOf(last.holidays) === namesOf(holidays)) {
      // The row cites the law behind that day.
      const merged = last.holidays.map((each, at) => ({ ...each, ...lawOf(each, holidays[at]) }))
      rows[rows.length - 1] = { ...last, toDay: day, holidays: merged }
    } else {
      rows.push({ fromDay: day, toDay: day, holidays })
    }
  }
  return rows
}

function lawOf(one: Holiday, other: Holiday | undefined): { readonly law?: string } {
  const law = one.law ?? other?.law
  return law === undefined ? {} : { law }
}

function namesOf(holidays: readonly Holiday[]): string {
  return JSON.stringify(holidays.map(({ name }) => name))
}
