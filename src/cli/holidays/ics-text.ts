// Reads the text of real-world iCalendar files (RFC 5545): encoding, line ends, line numbers.
import { AppError } from '../../errors'
import { parseDate } from '../../rules/schedule/wall-clock'

export interface IcsText {
  /** Decoded, without a byte-order mark, one property a line. */
  readonly text: string
  /** The line number of each `BEGIN:VEVENT`, in order. */
  readonly eventLines: readonly number[]
  /** The encoding, where it is not UTF-8. */
  readonly encoding?: string
}

// An official calendar of ten years takes a few hundred kilobytes.
const maxBytes = 20_000_000

/** Throws `usage`, with the line number and the cure, if the file is not a calendar. */
export function icsText(bytes: Buffer, file: string): IcsText {
  if (bytes.length > maxBytes) {
    throw new AppError(
      'usage',
      `${file} has ${bytes.length} bytes: holidays need no more than ${maxBytes}; use a calendar of holidays only`
    )
  }
  const { text, encoding } = decoded(bytes)
  if (text.trim() === '') throw new AppError('usage', `${file} is empty: download the calendar again`)
  if (/^\s*</.test(text)) {
    throw new AppError(
      'usage',
      `${file}, line 1: this is a web page, not a calendar: download the .ics file that it links to`
    )
  }
  const lines = unfolded(text)
  const eventLines = checked(lines, file)
  return { text: lines.map(({ line }) => withType(line)).join('\r\n'), eventLines, ...encoding }
}

const dates = /^(DTSTART|DTEND|RDATE|EXDATE|RECURRENCE-ID)((?:;[^:]*)?):(.*)$/i

/** Matches a date without VALUE=DATE, which many publishers omit. */
function withType(line: string): string {
  const [, name, parameters = '', values = ''] = dates.exec(line.trim()) ?? []
  const bare = name !== undefined && /^\d{8}(,\d{8})*$/.test(values) && !/VALUE=/i.test(parameters)
  return bare ? `${name}${parameters};VALUE=DATE:${values}` : line
}

function decoded(bytes: Buffer): { readonly text: string; readonly encoding?: { readonly encoding: string } } {
  const marks = [bytes[0], bytes[1]]
  if (marks[0] === 0xff && marks[1] === 0xfe) return as('utf-16le', bytes)
  if (marks[0] === 0xfe && marks[1] === 0xff) return as('utf-16be', bytes)
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    return as('windows-1252', bytes)
  }
}

function as(encoding: string, bytes: Buffer) {
  return { text: new TextDecoder(encoding).decode(bytes), encoding: { encoding } }
}

interface Line {
  readonly line: string
  readonly number: number
}

/** Long lines are folded: a line that starts with a blank continues the line before. */
function unfolded(text: string): Line[] {
  const lines: { line: string; number: number }[] = []
  for (const [at, line] of text.split(/\r\n|\n|\r/).entries()) {
    const last = lines.at(-1)
    if (last !== undefined && /^[ \t]/.test(line)) last.line += line.slice(1)
    else if (line.trim() !== '') lines.push({ line, number: at + 1 })
  }
  return lines
}

/** Checks that each line is a property and that every BEGIN has an END; returns the lines on which events begin. */
function checked(lines: readonly Line[], file: string): number[] {
  const open: { readonly name: string; readonly number: number }[] = []
  const events: number[] = []
  const first = lines[0]
  if (first !== undefined && first.line.trim().toUpperCase() !== 'BEGIN:VCALENDAR') {
    throw new AppError(
      'usage',
      `${file}, line ${first.number}: "${shortened(first.line)}" is not BEGIN:VCALENDAR: this is not an iCalendar file; download the .ics file again`
    )
  }
  for (const { line, number } of lines) {
    if (!/^[A-Za-z0-9-]+[:;]/.test(line)) {
      throw new AppError(
        'usage',
        `${file}, line ${number}: "${shortened(line)}" is not a calendar property: delete the line, or start it with a blank if it continues the line before`
      )
    }
    const [, what = '', name = ''] = /^(BEGIN|END):(.*)$/i.exec(line.trim()) ?? []
    const component = name.trim().toUpperCase()
    if (what.toUpperCase() === 'BEGIN') {
      if (component === 'VEVENT') events.push(number)
      open.push({ name: component, number })
    } else if (what.toUpperCase() === 'END') {
      const last = open.pop()
      if (last?.name !== component) {
        throw new AppError(
          'usage',
          `${file}, line ${number}: END:${component} ends ${last === undefined ? 'nothing' : `${last.name} of line ${last.number}`}: download the calendar again`
        )
      }
    }
  }
  const last = open.at(-1)
  if (last !== undefined) {
    throw new AppError(
      'usage',
      `${file}, line ${last.number}: ${last.name} begins and does not end: the file was cut off; download it again`
    )
  }
  for (const { line, number } of lines) {
    checkDates(line, number, file)
    checkRule(line, number, file)
  }
  return events
}

/** Holidays never repeat more than once a day. The library reads weeks of the year wrongly. */
function checkRule(line: string, number: number, file: string): void {
  const [, rule] = /^RRULE[^:]*:(.*)$/i.exec(line.trim()) ?? []
  if (rule === undefined || (/FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;|$)/i.test(rule) && !/BYWEEKNO/i.test(rule))) return
  throw new AppError(
    'usage',
    `${file}, line ${number}: RRULE:${shortened(rule)} is not a valid rule for holidays: use FREQ=YEARLY with BYMONTH and BYDAY or BYMONTHDAY`
  )
}

/** The library reads 30 February as 2 March. */
function checkDates(line: string, number: number, file: string): void {
  const [, name, , values = ''] = dates.exec(line.trim()) ?? []
  if (name === undefined) return
  const wrong = values.split(',').find((value) => {
    const [, year = '', month = '', day = ''] = /^(\d{4})(\d\d)(\d\d)(T\d{6}Z?(\/\S+)?)?$/.exec(value.trim()) ?? []
    return parseDate(`${year}-${month}-${day}`) === undefined
  })
  if (wrong !== undefined) {
    throw new AppError(
      'usage',
      `${file}, line ${number}: ${name} "${shortened(wrong)}" is not a date: write it as 20270101 or 20270101T090000`
    )
  }
}

function shortened(line: string): string {
  return line.length > 40 ? `${line.slice(0, 40)}…` : line
}
