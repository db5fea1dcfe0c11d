// Cron expressions of schedule windows: cron-parser reads them, and what people write beside its grammar is put into it
// here. PURE; may use cron-parser.
import { type CronExpression, CronExpressionParser } from 'cron-parser'
import { AppError, reasonOf } from '../../errors'
import { type CalendarDay, calendarDay, dayMs } from './wall-clock'

type Fields = CronExpression['fields']

/** A cron expression that can fire. */
export interface Cron {
  /** Hours (0-23) and minutes (0-59) at which it fires on a matching day, ascending. */
  readonly hours: readonly number[]
  readonly minutes: readonly number[]
  /** Months in which it fires, 1-12. */
  readonly months: readonly number[]
  /** Whether the expression restricts the date and the day of the week: where it does both, either will do. */
  readonly anyDate: boolean
  readonly anyWeekday: boolean
  readonly matches: (day: CalendarDay) => boolean
  /** The same text for the same days. */
  readonly days: string
}

const example = "write minute, hour, day of month, month and day of week, such as '30 8 * * MON-FRI'"

/** Reads a window's `opens`. Throws `invalid`, naming the window and the cure, where it means nothing. */
export function parseCron(opens: string): Cron {
  const refuse = (fault: string, cure: string, cause?: unknown) =>
    new AppError('invalid', `window '${opens}' ${fault}: ${cure}`, { cause })
  const text = opens.trim()
  // crontab(5) has it, cron-parser has not.
  const fields = (text === '@midnight' ? '@daily' : text).split(/\s+/)
  // cron-parser reads an empty expression as every minute, a short one as if its beginning were left out.
  if (text === '') throw refuse('is empty', example)
  const misread = characterFault(text, fields) ?? tailFault(fields)
  if (misread !== undefined) throw refuse(...misread)
  if (fields.length === 6) throw refuse('has six fields', 'leave out the seconds, the first field')
  if (fields.length !== 5 && !text.startsWith('@')) throw refuse(`has ${fields.length} fields, not five`, example)
  // cron-parser draws lots for any H, wherever it stands; the only name with one is Thursday's.
  if (text.replace(/thu/gi, '').includes('H')) throw refuse('leaves a time to chance (H)', 'write the time itself')
  const unsayable = dateFault(fields[2] ?? '') ?? weekdayFault(fields)
  if (unsayable !== undefined) throw refuse(...unsayable)
  let parts: readonly Fields[]
  try {
    parts = expressionsOf(fields).map(
      (each) => CronExpressionParser.parse(each, { currentDate: new Date(0), tz: 'UTC' }).fields
    )
  } catch (error) {
    throw refuse(`is not a cron expression that can fire (${reasonOf(error)})`, example, error)
  }
  const cron = cronOf(parts)
  if (parts.some(({ second }) => second.values.some((each) => each !== 0))) {
    throw refuse('fires every second', "write '@minutely', or a slower one")
  }
  if (!everFires(cron.matches)) throw refuse('never fires', 'write a date that exists')
  return cron
}

type Refusal = readonly [fault: string, cure: string]

function characterFault(text: string, fields: readonly string[]): Refusal | undefined {
  const dash = /[\u2010-\u2015\u2212]/.exec(text)?.[0]
  if (dash !== undefined) {
    const typed = text.replace(/\s*[\u2010-\u2015\u2212]\s*/g, '-')
    return [`has a dash ('${dash}') in place of a hyphen`, `write '${typed}'`]
  }
  const excluded = fields.find((field) => field.includes('!'))
  if (excluded === undefined) return undefined
  const [, name] = /^!([A-Z]{3}|[0-7])$/i.exec(fields[4] ?? '') ?? []
  const day = name === undefined ? [] : weekdaysBetween(name, name)
  const [first, last] = day.flatMap((each) => [weekdayNames[(each + 1) % 7], weekdayNames[(each + 6) % 7]])
  const kept = first !== undefined && last !== undefined && fields.length === 5
  return [
    `excludes with ! ('${excluded}'), which cron does not have`,
    kept ? `write '${[...fields.slice(0, 4), `${first}-${last}`].join(' ')}'` : 'list what it opens on'
  ]
}

/** What stands behind a day of the week. That it is one shows that the first field is no seconds: a month would be there. */
function tailFault(fields: readonly string[]): Refusal | undefined {
  const [fifth = '', ...more] = fields.slice(4)
  if (more.length === 0) return undefined
  const isDays = (field: string) => /^[-,]?((sun|mon|tue|wed|thu|fri|sat)[-,\d#L]*)+$|^[-,]+$/i.test(field)
  if (fields.length === 6 && /^(19|20)\d\d$/.test(more[0] ?? '')) {
    const without = fields.slice(0, 5).join(' ')
    return [`names a year ('${more[0] ?? ''}'), which cron does not have`, `write '${without}', which holds every year`]
  }
  if (![fifth, ...more].every(isDays)) return undefined
  const days = [fifth, ...more]
    .join(' ')
    .replace(/ *([-,]) */g, '$1')
    .replaceAll(' ', ',')
  return ['has blanks between days of the week', `write '${[...fields.slice(0, 4), days].join(' ')}'`]
}

/** Other crons have these, cron-parser has not. */
function dateFault(date: string): Refusal | undefined {
  if (!date.split(',').some((item) => /^(L-\d+|\d*W|LW|WL)$/i.test(item))) return undefined
  return [
    `counts days of the month ('${date}') in a way that is not supported`,
    'list the dates in schedule_exceptions, with opens_at and closes_at'
  ]
}

function weekdayFault(fields: readonly string[]): Refusal | undefined {
  const field = fields[4] ?? ''
  const row = (weekdays: string) => `write '${[...fields.slice(0, 4), weekdays].join(' ')}'`
  const full = field.replace(/\b(sun|mon|tue|wed|thu|fri|sat)(?:day|sday|nesday|rsday|urday)\b/gi, (_, name: string) =>
    name.toUpperCase()
  )
  if (full !== field) return ['spells a weekday out', row(full)]
  if (/#-1|#L/i.test(field)) return ['counts a weekday from the end with #', row(field.replace(/#(-1|L)/gi, 'L'))]
  const range = /^([A-Z]{3}|\d)-([A-Z]{3}|\d)#([1-5])$/i.exec(field)
  if (range !== null) {
    const [, from = '', to = '', nth = ''] = range
    const each = weekdaysBetween(from, to).map((day) => `${weekdayNames[day] ?? ''}#${nth}`)
    return ['counts a range of weekdays (#)', row(each.join(','))]
  }
  const weeks = /^([A-Z]{3}|\d)#([1-5])-(?:\1#)?([1-5])$/i.exec(field)
  if (weeks !== null) {
    const [, day = '', first, last] = weeks
    const each = ['1', '2', '3', '4', '5'].slice(Number(first) - 1, Number(last)).map((nth) => `${day}#${nth}`)
    if (each.length > 0) return ['counts a weekday (#) by a range', row(each.join(','))]
  }
  if (/#(?![1-5](?:,|$))/.test(field)) {
    return ['counts a weekday (#) as no month does', "write 1 to 5, such as 'MON#1' for the first Monday"]
  }
  return undefined
}

/** cron-parser counts one weekday an expression (`MON#1`): one expression each, and one for the days that are not counted. */
function expressionsOf(fields: readonly string[]): readonly string[] {
  if (fields.length !== 5) return [fields.join(' ')]
  const [minute = '', hour = '', date = '', month = '', weekday = ''] = fields.map(unwrapped)
  const items = weekday.split(',')
  const counted = items.filter((item) => item.includes('#'))
  const plain = items.filter((item) => !item.includes('#'))
  const weekdays = [...counted, ...(plain.length > 0 ? [plain.join(',')] : [])]
  return weekdays.map((each) => [minute, hour, date, month, each].join(' '))
}

export const weekdayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] as const
const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] as const

// Minute, hour, day of the month, month, day of the week: the lowest value, how many there are, and their names.
const rounds = [
  { low: 0, count: 60, names: [] },
  { low: 0, count: 24, names: [] },
  { low: 1, count: 31, names: [] },
  { low: 1, count: 12, names: monthNames },
  { low: 0, count: 7, names: weekdayNames }
] as const

/** A field whose ranges pass its end (`FRI-MON`, `22-2`, `NOV-FEB`), with the values that they mean. */
function unwrapped(field: string, index: number): string {
  const round = rounds[index]
  if (round === undefined) return field
  const valueOf = (text: string): number => {
    const named = round.names.findIndex((name) => name === text.toUpperCase())
    return named < 0 ? Number(text) : named + round.low
  }
  const highest = round.low + round.count - 1
  // Sunday is 7, too.
  const isKnown = (value: number) => value >= round.low && (value <= highest || (index === 4 && value === 7))
  const items = field.split(',').map((item) => {
    const range = /^([A-Z]{3}|\d{1,2})(?:-([A-Z]{3}|\d{1,2})(?:\/([1-9]\d?))?)?$/i.exec(item)
    if (range === null) return { wraps: false, values: [item] }
    const [, first = '', last = first, step = '1'] = range
    const [from, to] = [valueOf(first), valueOf(last)]
    if (!isKnown(from) || !isKnown(to)) return { wraps: false, values: [item] }
    const end = from > to ? to + round.count : to
    const values: string[] = []
    for (let each = from; each <= end; each += Number(step)) {
      values.push(String(((each - round.low) % round.count) + round.low))
    }
    return { wraps: from > to, values }
  })
  const values = items.flatMap((item) => item.values)
  const isSundayTwice = index === 4 && values.filter((value) => value === '0').length > 1
  if (!isSundayTwice && !items.some(({ wraps }) => wraps)) return field
  return [...new Set(values)].join(',')
}

/** The weekdays of a range, 0 (Sunday) to 6, past Saturday where it goes there. */
function weekdaysBetween(from: string, to: string): number[] {
  const valueOf = (text: string) => {
    const named = weekdayNames.findIndex((name) => name === text.toUpperCase())
    return named < 0 ? Number(text) % 7 : named
  }
  const first = valueOf(from)
  const days = (valueOf(to) - first + 7) % 7
  return Array.from({ length: days + 1 }, (_, index) => (first + index) % 7)
}

function cronOf(parts: readonly Fields[]): Cron {
  const [fields] = parts
  if (fields === undefined) throw new RangeError('a cron expression has at least one part')
  const matchers = parts.map(dayMatcher)
  const [only] = matchers
  return {
    hours: fields.hour.values,
    minutes: fields.minute.values,
    months: fields.month.values,
    anyDate: fields.dayOfMonth.isWildcard,
    anyWeekday: fields.dayOfWeek.isWildcard,
    matches: matchers.length === 1 && only !== undefined ? only : (day) => matchers.some((matches) => matches(day)),
    days: JSON.stringify(parts.map(daysText))
  }
}

function daysText({ month, dayOfMonth, dayOfWeek }: Fields): unknown {
  return [
    month.values,
    dayOfMonth.isWildcard ? '*' : dayOfMonth.values,
    dayOfWeek.isWildcard ? '*' : [dayOfWeek.values, dayOfWeek.nthDay]
  ]
}

// The calendar of any day is that of some day in these 28 years. Beside cron-parser's own search, this takes no time.
const [someDay, dayAfterAll] = [Date.UTC(2024, 0, 1) / dayMs, Date.UTC(2052, 0, 1) / dayMs]

function everFires(matches: Cron['matches']): boolean {
  for (let day = someDay; day < dayAfterAll; day++) if (matches(calendarDay(day))) return true
  return false
}

/**
 * Whether a day matches, as cron-parser's `includesDate` has it but some fifty times faster: where both the day of the
 * month and the day of the week are restricted, either will do.
 */
function dayMatcher(fields: Fields): (day: CalendarDay) => boolean {
  // Numbers up to 31 as the bits of one: of these there are thousands, kept for as long as their schedules are.
  const months = bitsOf(fields.month.values)
  const dates = bitsOf(fields.dayOfMonth.values)
  const weekdays = bitsOf(fields.dayOfWeek.values)
  const lastDate = fields.dayOfMonth.values.some((value) => value === 'L')
  // `5L`: the last Friday of the month.
  const lastWeekdays = bitsOf(fields.dayOfWeek.values.filter((value) => /^\dL$/.test(String(value))).map(lastOf))
  const anyDate = fields.dayOfMonth.isWildcard
  const anyWeekday = fields.dayOfWeek.isWildcard
  const nth = fields.dayOfWeek.nthDay
  return ({ month, date, weekday, daysInMonth }) => {
    if (!has(months, month)) return false
    const byDate = has(dates, date) || (lastDate && date === daysInMonth)
    if (anyWeekday) return byDate
    const byWeekday =
      (has(weekdays, weekday) && (nth === 0 || Math.ceil(date / 7) === nth)) ||
      (date > daysInMonth - 7 && has(lastWeekdays, weekday))
    return byWeekday || (byDate && !anyDate)
  }
}

function bitsOf(values: readonly (number | string)[]): number {
  return values.reduce<number>((bits, value) => (typeof value === 'number' ? bits | (1 << value) : bits), 0)
}

function has(bits: number, value: number): boolean {
  return (bits & (1 << value)) !== 0
}

function lastOf(value: number | string): number {
  return Number.parseInt(String(value), 10) % 7
}
