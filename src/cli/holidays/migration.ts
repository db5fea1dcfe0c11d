// Holidays as a site migration: rows of schedule_exceptions, for you to review before you apply them.
import { calendarDay, dayMs } from '../../rules/schedule/wall-clock'
import { daysOf } from './correct'
import { type Holiday, type HolidayDates, type PartOfDay, holidayDates } from './dates'
import type { MissingName } from './missing-names'

export interface HolidayMigration {
  /** The first lines of the file: its contents and their source. */
  readonly header: readonly string[]
  readonly year: number
  readonly schedule: string
  /** The hours of a working day, for dates that are only partly a holiday: minutes since midnight. */
  readonly hours?: Hours
}

export interface Hours {
  readonly opens: number
  readonly closes: number
}

export interface GivenHolidays {
  readonly holidays: readonly Holiday[]
  /** Dates that a calendar wrongly lists as holidays, with the law. */
  readonly removed?: readonly Holiday[]
  /** Holidays whose date is unknown. */
  readonly missing?: readonly MissingName[]
  /** Weekend days that are working days. */
  readonly workdays?: readonly Holiday[]
}

/** The text of the migration, always the same for the same input; undefined if the year has no holiday. */
export function holidayMigration(migration: HolidayMigration, given: GivenHolidays): string | undefined {
  const { year, schedule, header, hours } = migration
  const { whole, parts } = holidayDates(given.holidays, year)
  const removed = removedRows(schedule, given.removed ?? [], whole, year)
  const workdays = workdayRows(migration, given.workdays ?? [])
  if (whole.length + parts.length + removed.length + workdays.length === 0) return undefined
  const missing = (given.missing ?? []).map((each) => missingLine(each, year))
  return [
    ...[...header, ...rowsHeader, ...(whole.some(isSunset) ? sunsetHeader : []), ...missing].flatMap(wrapped),
    '',
    ...whole.map((row) => wholeRow(schedule, row)),
    ...section(removedHeader, removed),
    ...section(hours === undefined ? partsHeader : partsHeaderWithHours, partsByDay(parts, schedule, hours)),
    ...section(hours === undefined ? workdaysHeader : workdaysHeaderWithHours, workdays),
    ''
  ].join('\n')
}

/** Shown both in the file and on the terminal. */
export function missingLine({ name, lastYear }: MissingName, year: number): string {
  return `MISSING: the date of '${name}' in ${year} is unknown; the last known one is in ${lastYear}. Add the date if the holiday still exists.`
}

const rowsHeader = [
  '',
  'Each row closes the schedule on whole dates, midnight to midnight in its own time zone. Delete the rows of days on which ' +
    'you open. If you already have a row that begins on the same date, it stays, with its label; a longer holiday makes it ' +
    'longer. If your row has hours, they stay.',
  'The schedule must exist in the table schedules, from this migration or an earlier one; otherwise migrate refuses this file.',
  'The next line allows rows of yours to stay; without it, migrate refuses to skip a row.',
  'followme: skips schedule_exceptions'
]

const sunsetHeader = [
  "'from sunset': the holiday begins the evening before, which stays open. Islamic dates depend on the sighting of " +
    'the moon, and may turn out to be a day earlier or later.'
]

const removedHeader = ['date-holidays lists these dates as public holidays, but by law they are not. They stay open:']

const partsHeader = [
  'Only part of the day is a holiday. An exception replaces all hours of its date, and your hours are unknown: write ' +
    'them, or give --hours, and remove the dashes before INSERT. Until you do, these dates are ordinary days.'
]

const partsHeaderWithHours = [
  'Only part of the day is a holiday: the rest of --hours stays open. At the weekend a row would open the schedule, so ' +
    'it is commented out.'
]

const workdaysHeader = [
  'According to the calendar these are working days. Write your hours, or give --hours, and remove the dashes before INSERT.'
]

const workdaysHeaderWithHours = [
  'According to the calendar these are working days: the schedule is open during --hours.'
]

function section(header: readonly string[], rows: readonly string[]): string[] {
  return rows.length === 0 ? [] : ['', ...header.flatMap(wrapped), ...rows]
}

/** A sentence as lines of comments, 120 characters wide. */
function wrapped(sentence: string): string[] {
  const lines = ['']
  // Indented text is a command.
  for (const word of sentence.startsWith(' ') ? [sentence] : sentence.split(' ')) {
    const last = lines.at(-1) ?? ''
    if (last !== '' && last.length + word.length > 116) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return lines.map((line) => `-- ${line}`.trimEnd())
}

function isSunset({ holidays }: HolidayDates): boolean {
  return holidays.some(({ sunset }) => sunset)
}

function wholeRow(schedule: string, row: HolidayDates): string {
  const { fromDay, toDay, holidays } = row
  const one = fromDay === toDay
  const clash = one ? 'DO NOTHING' : 'DO UPDATE SET to_date = max(to_date, excluded.to_date)'
  const types = [...new Set(holidays.map(({ type }) => type))]
  const remarks = [
    one ? weekday(fromDay) : `${weekday(fromDay)} to ${weekday(toDay)}`,
    ...(types.includes('public') ? [] : types),
    ...(isSunset(row) ? ['from sunset'] : []),
    ...new Set(holidays.flatMap(({ law }) => (law === undefined ? [] : [`corrected: ${law}`]))),
    ...new Set(holidays.flatMap(({ remark }) => (remark === undefined ? [] : [oneLine(remark)])))
  ]
  return `${insert({ schedule, from_date: iso(fromDay), to_date: iso(toDay), label: labelOf(holidays) }, clash)} -- ${remarks.join(', ')}`
}

/** Dates that a calendar closes although the law does not, as comments. */
function removedRows(schedule: string, removed: readonly Holiday[], whole: readonly HolidayDates[], year: number) {
  const closed = (day: number) => whole.some(({ fromDay, toDay }) => fromDay <= day && day <= toDay)
  return removed.flatMap((holiday) =>
    daysOf(holiday)
      .filter((day) => iso(day).startsWith(String(year)) && !closed(day))
      .map((day) => {
        const row = { schedule, from_date: iso(day), to_date: iso(day), label: labelOf([holiday]) }
        return `-- ${insert(row, 'DO NOTHING')} -- ${weekday(day)}: ${holiday.law ?? ''}`
      })
  )
}

// The hours to suggest if the schedule's hours are unknown.
const proposed: Hours = { opens: 9 * 60, closes: 17 * 60 }

function partsByDay(parts: readonly PartOfDay[], schedule: string, hours: Hours | undefined): string[] {
  const days = [...new Set(parts.map(({ day }) => day))]
  return days.flatMap((day) => {
    const its = parts.filter((part) => part.day === day)
    const heads = its.map(({ fromMinute, toMinute, holiday }) => {
      const from = fromMinute === 0 ? '' : ` from ${time(fromMinute)}`
      const to = toMinute === 1440 ? '' : ` until ${time(toMinute)}`
      const type = holiday.type === 'public' ? '' : `, ${holiday.type}`
      return `-- ${weekday(day)} ${iso(day)}${from}${to}${type}: ${labelOf([holiday])}`
    })
    const label = labelOf(its.map(({ holiday }) => holiday))
    const date = { schedule, from_date: iso(day), to_date: iso(day) }
    const rows = openAround(its, hours ?? proposed).map(({ opens, closes }) =>
      insert({ ...date, opens_at: time(opens), closes_at: time(closes), label }, 'DO NOTHING')
    )
    // The holidays cover all of the hours.
    if (rows.length === 0) rows.push(insert({ ...date, label }, 'DO NOTHING'))
    const live = hours !== undefined && !isWeekend(day)
    return [...heads, ...(live ? rows : rows.map((row) => `-- ${row}`))]
  })
}

/** The part of the hours that no holiday covers. */
function openAround(parts: readonly PartOfDay[], { opens, closes }: Hours): Hours[] {
  const open: Hours[] = []
  let at = opens
  for (const { fromMinute, toMinute } of parts.toSorted((a, b) => a.fromMinute - b.fromMinute)) {
    if (fromMinute > at) open.push({ opens: at, closes: Math.min(fromMinute, closes) })
    at = Math.max(at, toMinute)
  }
  open.push({ opens: at, closes })
  return open.filter((each) => each.opens < each.closes)
}

function workdayRows({ schedule, hours, year }: HolidayMigration, workdays: readonly Holiday[]): string[] {
  const { opens, closes } = hours ?? proposed
  return workdays.flatMap((holiday) =>
    daysOf(holiday)
      .filter((day) => iso(day).startsWith(String(year)))
      .map((day) => {
        const label = labelOf([holiday])
        const row = {
          schedule,
          from_date: iso(day),
          to_date: iso(day),
          opens_at: time(opens),
          closes_at: time(closes),
          label
        }
        return `${hours === undefined ? '-- ' : ''}${insert(row, 'DO NOTHING')} -- ${weekday(day)}, a working day`
      })
  )
}

function insert(row: Readonly<Record<string, string>>, clash: string): string {
  const values = Object.values(row).map((text) => `'${text.replaceAll("'", "''")}'`)
  const columns = Object.keys(row).join(', ')
  return `INSERT INTO schedule_exceptions (${columns}) VALUES (${values.join(', ')}) ON CONFLICT ${clash};`
}

function labelOf(holidays: readonly Holiday[]): string {
  return [...new Set(holidays.map(({ name }) => oneLine(name)))].join(', ')
}

/** Text that fits in a label or comment: a line break would end the comment. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim()
}

function iso(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10)
}

function weekday(day: number): string {
  return ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][calendarDay(day).weekday] ?? ''
}

function isWeekend(day: number): boolean {
  return calendarDay(day).weekday % 6 === 0
}

function time(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}
