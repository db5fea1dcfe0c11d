// Cron expressions that mean something, but hardly what their writer meant. PURE.
import { parseCron } from '../schedule/cron'
import { weekdayNames } from '../schedule/weekdays'
import { type Finding, warning } from '../finding'

// Minute, hour, day of the month, month, day of the week: each with its lowest and highest value, and what it goes round in.
const fields = [
  { what: 'minute', all: 'minutes', low: 0, high: 59, round: 'an hour' },
  { what: 'hour', all: 'hours', low: 0, high: 23, round: 'a day' },
  { what: 'day of the month', all: 'days of the month', low: 1, high: 31, round: 'a month' },
  { what: 'month', all: 'months', low: 1, high: 12, round: 'a year' },
  { what: 'day of the week', all: 'days of the week', low: 0, high: 6, round: 'a week' }
] as const

/** What an expression says that its writer hardly meant. For an expression that `parseCron` takes. */
export function cronDoubt(opens: string): Finding | undefined {
  return (
    stepDoubt(opens) ?? dateDoubt(opens) ?? eitherDoubt(opens) ?? weekdayStepDoubt(opens) ?? countedListDoubt(opens)
  )
}

/** In the minutes, `*\/90` does not mean every 90 minutes: it fires once an hour. */
function stepDoubt(opens: string): Finding | undefined {
  for (const [index, text] of opens.trim().split(/\s+/).entries()) {
    const field = fields[index]
    if (field === undefined) return undefined
    for (const item of text.split(',')) {
      const [, from, to, step] = /^(\*|\d+)(?:-(\d+))?\/(\d+)$/.exec(item) ?? []
      if (from === undefined) continue
      const low = from === '*' ? field.low : Number(from)
      const high = to === undefined ? field.high : Number(to)
      // A step as long as the round itself is just another way to write its beginning.
      if (low + Number(step) <= high || (from === '*' && Number(step) === high - low + 1)) continue
      return warning(
        `window '${opens}' opens at one ${field.what} only, ${low}: '${item}' steps beyond the last, ${high}, and begins anew`,
        `write ${low}, or the ${field.all} themselves; a step goes round in ${field.round}`
      )
    }
  }
  return undefined
}

function dateDoubt(opens: string): Finding | undefined {
  const explicit = (opens.trim().split(/\s+/)[2] ?? '').split(',').filter((item) => /^\d+$/.test(item))
  if (explicit.length === 0) return undefined
  const { months, anyWeekday } = parseCron(opens)
  const longest = Math.max(...months.map((each) => new Date(Date.UTC(2024, each, 0)).getUTCDate()))
  const never = explicit.find((date) => Number(date) > longest)
  if (never === undefined) return undefined
  const instead = anyWeekday ? 'on the other dates only' : 'on the days of the week, and on no such date'
  return warning(
    `window '${opens}' names day ${never}, which none of its months has: it opens ${instead}`,
    `leave ${never} out, or correct the month`
  )
}

/** A date and a weekday: cron opens on either, where most writers mean days that are both (`1-7 * MON`: the first Monday). */
function eitherDoubt(opens: string): Finding | undefined {
  const { anyDate, anyWeekday } = parseCron(opens)
  if (anyDate || anyWeekday) return undefined
  const [minute = '', hour = '', date = '', month = '', weekday = ''] = opens.trim().split(/\s+/)
  const row = (dates: string, weekdays: string) => `'${[minute, hour, dates, month, weekdays].join(' ')}'`
  const counted = countedWeekdays(date, weekday)
  const both =
    counted === undefined
      ? 'for the days that are both, list their dates in schedule_exceptions'
      : `write ${row('*', counted)} for the days that are both`
  const starred = [date, weekday].some((field) => field.startsWith('*'))
  const elsewhere = starred ? " (the cron of Linux, where a field begins with '*', on days that are both)" : ''
  return warning(
    `window '${opens}' opens on every day of the month '${date}', and on every '${weekday}' as well: either will do${elsewhere}`,
    `${both}; where either is meant, write two rows, ${row(date, '*')} and ${row('*', weekday)}`
  )
}

/** `1-7` and `MON`: `MON#1`; undefined where the dates are not whole weeks of the month, or the weekdays not plain. */
function countedWeekdays(date: string, weekday: string): string | undefined {
  const [, from = '', to = ''] = /^(\d{1,2})-(\d{1,2})$/.exec(date) ?? []
  const names = weekday.split(',').map((item) => {
    if (/^[A-Z]{3}$/i.test(item)) return item.toUpperCase()
    return /^[0-7]$/.test(item) ? weekdayNames[Number(item) % 7] : undefined
  })
  const [first, last] = [Number(from), Number(to)]
  if (names.includes(undefined)) return undefined
  const each = (mark: string) => names.map((name) => `${name ?? ''}${mark}`)
  // The last seven days of months of 31 and of 30 days.
  if (last >= 30 && last - first === 6) return each('L').join(',')
  if (first % 7 !== 1 || last % 7 !== 0 || last < first) return undefined
  const weeks = Array.from({ length: (last - first + 1) / 7 }, (_, index) => (first - 1) / 7 + 1 + index)
  return weeks.flatMap((week) => each(`#${week}`)).join(',')
}

/** `*\/2` counts from Sunday each week anew, so that Saturday and Sunday follow on each other. */
function weekdayStepDoubt(opens: string): Finding | undefined {
  const fields = opens.trim().split(/\s+/)
  const [, step] = /^\*\/([2-6])$/.exec(fields[4] ?? '') ?? []
  if (step === undefined) return undefined
  const days = weekdayNames.filter((_, day) => day % Number(step) === 0).join(',')
  return warning(
    `window '${opens}' does not open every ${step} days: it counts from Sunday in each week, and opens on ${days}`,
    `write '${[...fields.slice(0, 4), days].join(' ')}' if that is meant, or the weekdays themselves`
  )
}

/** `MON,WED#2`: the count belongs to Wednesday alone. */
function countedListDoubt(opens: string): Finding | undefined {
  const fields = opens.trim().split(/\s+/)
  const items = (fields[4] ?? '').split(',')
  const marks = new Set(items.flatMap((item) => /#[1-5]$/.exec(item) ?? []))
  const plain = items.filter((item) => /^([A-Z]{3}|[0-7])$/i.test(item))
  const [mark] = marks
  if (mark === undefined || marks.size > 1 || plain.length === 0) return undefined
  const counted = items.map((item) => (plain.includes(item) ? `${item}${mark}` : item)).join(',')
  return warning(
    `window '${opens}' opens on every ${plain.join(' and ')}: '${mark}' counts only the weekday before it`,
    `write '${[...fields.slice(0, 4), counted].join(' ')}' to count each; where every ${plain.join(' and ')} is meant, give it a row of its own`
  )
}
