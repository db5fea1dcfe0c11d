// What people write in a window that cron does not have, or cron-parser would misread: each with what to write instead. PURE.
import { weekdayNames, weekdaysBetween } from './weekdays'

/** What is wrong with a window, and the cure: both end a sentence that begins with the window. */
export type CronFault = readonly [fault: string, cure: string]

/** What makes the text mean something else to cron-parser, or nothing: looked for before the fields are counted. */
export function textFault(text: string, fields: readonly string[]): CronFault | undefined {
  return characterFault(text, fields) ?? tailFault(fields)
}

/** Days that other crons can count, and this one cannot. */
export function dayFault(fields: readonly string[]): CronFault | undefined {
  return dateFault(fields[2] ?? '') ?? weekdayFault(fields)
}

function characterFault(text: string, fields: readonly string[]): CronFault | undefined {
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
function tailFault(fields: readonly string[]): CronFault | undefined {
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
function dateFault(date: string): CronFault | undefined {
  if (!date.split(',').some((item) => /^(L-\d+|\d*W|LW|WL)$/i.test(item))) return undefined
  return [
    `counts days of the month ('${date}') in a way that is not supported`,
    'list the dates in schedule_exceptions, with opens_at and closes_at'
  ]
}

function weekdayFault(fields: readonly string[]): CronFault | undefined {
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
