// Cron expressions of schedule windows, read by cron-parser; some forms that people write are first put into its grammar. PURE;
// may use cron-parser.
import { type CronExpression, CronExpressionParser } from 'cron-parser'
import { AppError, reasonOf } from '../../errors'
import { dayFault, textFault } from './cron-faults'
import { weekdayNames } from './weekdays'
import { type CalendarDay } from './wall-clock'

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
  const misread = textFault(text, fields)
  if (misread !== undefined) throw refuse(...misread)
  if (text === '@secondly') throw refuse('fires every second', "write '@minutely', or a slower one")
  if (fields.length === 6) throw refuse('has six fields', 'leave out the seconds, the first field')
  if (fields.length !== 5 && !text.startsWith('@')) throw refuse(`has ${fields.length} fields, not five`, example)
  // cron-parser draws lots for any H, wherever it stands; the only name with one is Thursday's.
  if (text.replace(/thu/gi, '').includes('H')) throw refuse('leaves a time to chance (H)', 'write the time itself')
  const uncountable = dayFault(fields)
  if (uncountable !== undefined) throw refuse(...uncountable)
  try {
    const options = { currentDate: new Date(0), tz: 'UTC' }
    return cronOf(expressionsOf(fields).map((each) => CronExpressionParser.parse(each, options).fields))
  } catch (error) {
    throw refuse(`is not a cron expression that can fire (${reasonOf(error)})`, example, error)
  }
}

/** cron-parser counts one weekday an expression (`MON#1`): one expression each, and one for the days that are not counted. */
function expressionsOf(fields: readonly string[]): readonly string[] {
  if (fields.length !== 5) return [fields.join(' ')]
  const whole = fields.map(unwrapped)
  const items = (whole[4] ?? '').split(',')
  const counted = items.filter((item) => item.includes('#'))
  const plain = items.filter((item) => !item.includes('#'))
  const weekdays = [...counted, ...(plain.length > 0 ? [plain.join(',')] : [])]
  return weekdays.map((each) => [...whole.slice(0, 4), each].join(' '))
}

const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] as const

// Minute, hour, day of the month, month, day of the week: the lowest and the highest value, how many there are, and their names.
// Sunday is 0 and 7.
const rounds = [
  { low: 0, high: 59, count: 60, names: [] },
  { low: 0, high: 23, count: 24, names: [] },
  { low: 1, high: 31, count: 31, names: [] },
  { low: 1, high: 12, count: 12, names: monthNames },
  { low: 0, high: 7, count: 7, names: weekdayNames }
] as const

/** A field whose ranges pass its end (`FRI-MON`, `22-2`, `NOV-FEB`), with the values that they mean. */
function unwrapped(field: string, index: number): string {
  const round = rounds[index]
  if (round === undefined) return field
  const valueOf = (text: string): number => {
    const named = round.names.findIndex((name) => name === text.toUpperCase())
    return named < 0 ? Number(text) : named + round.low
  }
  const isKnown = (value: number) => value >= round.low && value <= round.high
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
  const lastWeekdays = bitsOf(fields.dayOfWeek.values.filter((value) => typeof value === 'string').map(lastOf))
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

function lastOf(value: string): number {
  return Number.parseInt(value, 10) % 7
}
