// The events of an iCalendar file: each occurrence within a year, in local time of one zone. ical.js computes the recurrences (it is
// Mozilla's, has no dependencies, and supports RECURRENCE-ID and VTIMEZONE); it is loaded when a file is read.
import type ICAL from 'ical.js' with { 'resolution-mode': 'import' }
import { AppError, reasonOf } from '../../errors'
import { dayMs } from '../../rules/schedule/wall-clock'
import { type SourceEvent, latest, nameOf, propertyText, where } from './ics-source'
import type { IcsText } from './ics-text'
import { LocalTimes } from './ics-local-times'

export interface IcsEvent {
  readonly name: string
  /** Other properties of the event: whether it is tentative, its categories, location and description. */
  readonly remarks: readonly string[]
  /** In wall-clock milliseconds; `to` is exclusive. */
  readonly from: number
  readonly to: number
}

export interface IcsCalendar {
  /** X-WR-CALNAME or NAME, else PRODID. */
  readonly title: string
  /** The occurrences that touch the year. */
  readonly events: readonly IcsEvent[]
  /** The years in which the file has events; rules that repeat without an end count from their first year. */
  readonly years: readonly number[]
  /** Events that were skipped, and why. */
  readonly notes: readonly string[]
}

// No holiday repeats more often: a rule that repeats every minute since 1970 is an error in the file.
const maxOccurrences = 50_000

export async function icsEvents(
  given: IcsText,
  file: string,
  year: number,
  zone: string | undefined
): Promise<IcsCalendar> {
  const ical = (await import('ical.js')).default
  const roots = [parsed(ical, given.text, file)].flat(1)
  const calendars = (typeof roots[0] === 'string' ? [roots] : roots) as unknown[][]
  const notes: string[] = []
  const events: IcsEvent[] = []
  const years = new Set<number>()
  const titles: string[] = []
  let at = 0
  for (const root of calendars) {
    const calendar = new ical.Component(root)
    const title = ['x-wr-calname', 'name', 'prodid'].find((each) => calendar.hasProperty(each))
    if (title !== undefined) titles.push(propertyText(calendar, title))
    const named = calendar.getFirstPropertyValue('x-wr-timezone')
    const localTimes = new LocalTimes(zone ?? (named === null ? undefined : String(named)), file)
    const all = calendar
      .getAllSubcomponents('vevent')
      .map((component) => ({ component, line: given.eventLines[at++] ?? 0 }))
    const cancelled = /^cancel$/i.test(String(calendar.getFirstPropertyValue('method') ?? ''))
    for (const each of cancelled ? [] : latest(all)) {
      try {
        events.push(...occurrences(ical, each, year, localTimes, years, notes))
      } catch (error) {
        if (error instanceof AppError) throw error
        throw new AppError('usage', `${where(file, each)}: ${reasonOf(error)}: correct or delete the event`, {
          cause: error
        })
      }
    }
  }
  return { title: titles.join(', '), events, years: [...years].sort((a, b) => a - b), notes }
}

function parsed(ical: typeof ICAL, text: string, file: string): unknown[] {
  try {
    return ical.parse(text) as unknown[]
  } catch (error) {
    throw new AppError('usage', `${file}: ${reasonOf(error)}: correct the line, or download the calendar again`, {
      cause: error
    })
  }
}

function occurrences(
  ical: typeof ICAL,
  given: SourceEvent,
  year: number,
  localTimes: LocalTimes,
  years: Set<number>,
  notes: string[]
): IcsEvent[] {
  const { component, line, exceptions = [] } = given
  const start = component.getFirstProperty('dtstart')
  if (start === null)
    throw new AppError('usage', `${where(localTimes.file, given)} has no DTSTART: give it one, or delete it`)
  const found: IcsEvent[] = []
  const take = (item: ICAL.Component, from: ICAL.Time, to: ICAL.Time) => {
    if (/^cancelled$/i.test(String(item.getFirstPropertyValue('status') ?? ''))) return
    const event = eventOf(item, from, to, localTimes, { component: item, line }, notes)
    if (event === undefined) return
    years.add(new Date(event.from).getUTCFullYear())
    if (event.from < Date.UTC(year + 1, 0, 1) && event.to > Date.UTC(year, 0, 1)) found.push(event)
  }
  for (const rdate of component.getAllProperties('rdate')) {
    if (rdate.type !== 'period') continue
    for (const period of rdate.getValues() as ICAL.Period[]) take(component, period.start, period.getEnd())
    component.removeProperty(rdate)
  }
  const event = new ical.Event(component, { exceptions: [...exceptions], strictExceptions: false })
  if (!event.isRecurring()) {
    take(component, event.startDate, event.endDate)
    return found
  }
  const rules = component.getAllProperties('rrule').map((rule) => rule.getFirstValue() as unknown as ICAL.Recur)
  // The start is the first occurrence; the library omits it if there is no rule.
  const listed = component.getAllProperties('exdate').flatMap((each) => each.getValues().map(String))
  if (rules.length === 0 && !listed.includes(String(event.startDate))) take(component, event.startDate, event.endDate)
  const iterator = event.iterator()
  for (let count = 0; ; count++) {
    if (count > maxOccurrences) {
      throw new AppError(
        'usage',
        `${where(localTimes.file, given)} repeats more than ${maxOccurrences} times: correct its RRULE`
      )
    }
    const next = iterator.next() as ICAL.Time | null | undefined
    if (next === null || next === undefined || next.year > year + 1) break
    if (!isInRules(next, event.startDate, rules, component.hasProperty('rdate'))) continue
    const { item, startDate, endDate } = event.getOccurrenceDetails(next) as Occurrence
    take(item.component, startDate, endDate)
  }
  return found
}

/** Missing from the library's types. */
interface Occurrence {
  readonly item: ICAL.Event
  readonly startDate: ICAL.Time
  readonly endDate: ICAL.Time
}

/** In years without 29 February the library returns 1 March, but RFC 5545 skips such years. */
function isInRules(next: ICAL.Time, start: ICAL.Time, rules: readonly ICAL.Recur[], others: boolean): boolean {
  if (others || rules.length !== 1) return true
  const [rule] = rules
  const parts = (rule?.parts ?? {}) as Readonly<Record<string, readonly number[] | undefined>>
  const months = parts['BYMONTH']
  const days = parts['BYMONTHDAY']
  if (months !== undefined && !months.map(Number).includes(next.month)) return false
  if (days !== undefined && days.every((day) => day > 0) && !days.map(Number).includes(next.day)) return false
  return (
    rule?.freq !== 'YEARLY' || Object.keys(parts).length > 0 || (next.month === start.month && next.day === start.day)
  )
}

function eventOf(
  item: ICAL.Component,
  start: ICAL.Time,
  end: ICAL.Time,
  localTimes: LocalTimes,
  given: SourceEvent,
  notes: string[]
): IcsEvent | undefined {
  const from = localTimes.wallOf(start, item, 'dtstart', given)
  let to = localTimes.wallOf(end, item, item.hasProperty('dtend') ? 'dtend' : 'dtstart', given)
  if (to < from)
    throw new AppError('usage', `${where(localTimes.file, given)} ends before it begins: correct its DTEND`)
  if (to === from) {
    if (from % dayMs !== 0) {
      notes.push(`${where(localTimes.file, given)} has no duration: it is skipped`)
      return undefined
    }
    // A date alone, or midnight without an end, means the whole day.
    to = from + dayMs
  }
  return { name: nameOf(item), remarks: remarksOf(item), from, to }
}

// Descriptions are cut to this length, because they become a comment at the end of a row.
const remarkLength = 120

/** LOCATION and DESCRIPTION often say where a day is a holiday, and for whom. */
function remarksOf(item: ICAL.Component): string[] {
  const tentative = /^tentative$/i.test(propertyText(item, 'status')) ? ['tentative'] : []
  const categories = item.getAllProperties('categories').flatMap((property) => property.getValues().map(String))
  const texts = ['location', 'description'].map((each) => propertyText(item, each))
  const shown = texts.filter((text) => text !== '' && text !== nameOf(item) && !/^(https?:|<)/.test(text))
  const cut = shown.map((text) => (text.length > remarkLength ? `${text.slice(0, remarkLength).trimEnd()}…` : text))
  return [...tentative, ...categories, ...cut]
}
