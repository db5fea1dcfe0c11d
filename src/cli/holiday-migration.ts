// Holidays as a site migration: rows of schedule_exceptions, for a person to read before they are applied.
import { type Holiday, type HolidayDates, type PartOfDay, holidayDates } from '../core/holiday-dates'
import { calendarDay, dayMs } from '../core/wall-clock'
import type { Place } from './holiday-calendar'

export interface HolidayMigration {
  readonly place: Place
  readonly year: number
  readonly schedule: string
  /** Only of these types, `public` first. */
  readonly types: readonly string[]
  /** The command line that made it. */
  readonly command: string
  readonly libraryVersion: string
}

/** The text of the migration, the same for the same input; undefined where the year has no holiday of these types. */
export function holidayMigration(migration: HolidayMigration, holidays: readonly Holiday[]): string | undefined {
  const { types, year, schedule } = migration
  const { whole, parts } = holidayDates(
    holidays.filter(({ type }) => types.includes(type)),
    year
  )
  if (whole.length + parts.length === 0) return undefined
  const sunset = whole.some((row) => row.holidays.some((holiday) => holiday.sunset))
  return [
    ...header(migration, sunset),
    '',
    ...whole.map((row) => wholeRow(schedule, row)),
    ...(parts.length === 0 ? [] : ['', ...partsHeader, ...parts.flatMap((part) => partRows(schedule, part))]),
    ''
  ].join('\n')
}

function header({ place, year, schedule, types, command, libraryVersion }: HolidayMigration, sunset: boolean) {
  const { title, regions } = place
  return [
    `Holidays (${types.join(', ')}) of ${title}, ${year}, for the schedule '${schedule}'.`,
    'Made by',
    `  ${command}`,
    `from date-holidays ${libraryVersion}, whose data is under CC BY-SA 3.0. Compare it with what is announced.`,
    '',
    'Each row closes the schedule on whole dates, midnight to midnight by the clock of its own zone. Delete the rows on which',
    'you do open. Where a row of yours begins on the same date already, it stays, with its label; a longer holiday makes it',
    'longer. Where you have given a date hours, those hold.',
    'The schedule must be in the table schedules, by this migration or an earlier one; otherwise migrate refuses this file.',
    'The next line lets a row of yours stay; without it migrate refuses to leave one out.',
    'followme: skips schedule_exceptions',
    ...(sunset
      ? [
          "'from sunset': the holiday begins the evening before, which this leaves open. Islamic dates depend on the sighting of",
          'the moon, and may turn out to be a day earlier or later.'
        ]
      : []),
    ...(regions.length === 0
      ? []
      : [`Regions within it may have days of their own, which are not here: ${regions.join(', ')}.`])
  ].map((line) => `-- ${line}`.trimEnd())
}

function wholeRow(schedule: string, { fromDay, toDay, holidays }: HolidayDates): string {
  const one = fromDay === toDay
  const clash = one ? 'DO NOTHING' : 'DO UPDATE SET to_date = max(to_date, excluded.to_date)'
  const types = [...new Set(holidays.map(({ type }) => type))]
  const remarks = [
    one ? weekday(fromDay) : `${weekday(fromDay)} to ${weekday(toDay)}`,
    ...(types.includes('public') ? [] : types),
    ...(holidays.some(({ sunset }) => sunset) ? ['from sunset'] : [])
  ]
  const row = { schedule, from_date: iso(fromDay), to_date: iso(toDay), label: labelOf(holidays) }
  return `${insert(row, clash)} -- ${remarks.join(', ')}`
}

const partsHeader = [
  '-- Only a part of the day is a holiday. An exception replaces all hours of its date, and yours are not known here: write',
  '-- them, and take off the dashes before INSERT. As they stand, these dates are days like any other.'
]

// What is proposed where nothing is known of the schedule.
const opensMinute = 9 * 60
const closesMinute = 17 * 60

function partRows(schedule: string, { day, fromMinute, toMinute, holiday }: PartOfDay): string[] {
  const from = fromMinute === 0 ? '' : ` from ${time(fromMinute)}`
  const to = toMinute === 1440 ? '' : ` until ${time(toMinute)}`
  const type = holiday.type === 'public' ? '' : `, ${holiday.type}`
  const label = labelOf([holiday])
  const date = { schedule, from_date: iso(day), to_date: iso(day) }
  const open = [
    { opens: opensMinute, closes: fromMinute },
    { opens: toMinute, closes: closesMinute }
  ].filter(({ opens, closes }) => opens < closes)
  const rows = open.map(({ opens, closes }) =>
    insert({ ...date, opens_at: time(opens), closes_at: time(closes), label }, 'DO NOTHING')
  )
  // Nothing is left of the hours proposed.
  if (rows.length === 0) rows.push(insert({ ...date, label }, 'DO NOTHING'))
  return [`${weekday(day)} ${iso(day)}${from}${to}${type}: ${label}`, ...rows].map((line) => `-- ${line}`)
}

function insert(row: Readonly<Record<string, string>>, clash: string): string {
  const values = Object.values(row).map((text) => `'${text.replaceAll("'", "''")}'`)
  const columns = Object.keys(row).join(', ')
  return `INSERT INTO schedule_exceptions (${columns}) VALUES (${values.join(', ')}) ON CONFLICT ${clash};`
}

function labelOf(holidays: readonly Holiday[]): string {
  return holidays.map(({ name }) => name.replace(/\s+/g, ' ').trim()).join(', ')
}

function iso(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10)
}

function weekday(day: number): string {
  return ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][calendarDay(day).weekday] ?? ''
}

function time(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}
