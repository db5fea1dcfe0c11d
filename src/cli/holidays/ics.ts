// An official calendar (iCalendar, RFC 5545) as holidays.
import { readFileSync } from 'node:fs'
import { AppError, reasonOf } from '../../errors'
import type { Holiday } from './dates'
import { type IcsEvent, icsEvents } from './ics-events'
import { icsText } from './ics-text'

export interface IcsHolidays {
  /** The calendar's name. */
  readonly title: string
  readonly holidays: readonly Holiday[]
  /** Days that the calendar marks as working days: 补班, munkanap. */
  readonly workdays: readonly Holiday[]
  readonly notes: readonly string[]
}

/** The holidays of the year in a file, or on standard input (`-`), in local time of the zone. Throws `usage`. */
export async function icsHolidays(file: string, year: number, zone: string | undefined): Promise<IcsHolidays> {
  const name = file === '-' ? 'standard input' : file
  const text = icsText(read(file), name)
  const { title, events, years, notes } = await icsEvents(text, name, year, zone)
  if (text.eventLines.length === 0)
    throw new AppError('usage', `${name} has no events: use the calendar of public holidays`)
  if (events.length === 0) {
    const there = years.length === 0 ? 'no usable event' : `events of ${years.join(', ')}`
    throw new AppError(
      'not-found',
      `${name} has nothing in ${year}, but ${there}: download the calendar of ${year}, or give another --year`
    )
  }
  const encoding =
    text.encoding === undefined ? [] : [`${name} is not UTF-8: it was read as ${text.encoding}; check the names`]
  const working = events.filter(isWorkday)
  return {
    title,
    holidays: events.filter((event) => !isWorkday(event)).map(holidayOf),
    workdays: working.map(holidayOf),
    notes: [...encoding, ...notes]
  }
}

function read(file: string): Buffer {
  try {
    return readFileSync(file === '-' ? 0 : file)
  } catch (error) {
    throw new AppError('usage', `--ics ${file}: ${reasonOf(error)}: name a readable file, or - for standard input`)
  }
}

/** Countries that move working days list the extra working days among the holidays. */
function isWorkday({ name }: IcsEvent): boolean {
  return /补班|補班|补行上班|補行上班|上班|[(（]班[)）]|munkanap|(?<!non[- ]?)\b(make-?up )?work(ing)? ?day\b(?! off)/i.test(
    name
  )
}

function holidayOf({ name, remarks, from, to }: IcsEvent): Holiday {
  const remark = remarks.join(', ')
  return { name, type: 'public', from, to, sunset: false, ...(remark === '' ? {} : { remark }) }
}
