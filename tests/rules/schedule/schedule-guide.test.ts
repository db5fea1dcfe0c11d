// docs/rules.md, "Clock changes in local time and in UTC": each row of its tables is what a compiled schedule does.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatInstant, startOfDate } from '../../../src/rules/schedule/instant'
import { type ExceptionDefinition, compileSchedule } from '../../../src/rules/schedule/schedule'

const guide = readFileSync(join(__dirname, '../../../docs/rules.md'), 'utf8')
const [, section = ''] = /^### Clock changes in local time and in UTC\n([^]*?)^## /m.exec(guide) ?? []
const hourMs = 3_600_000
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

interface Example {
  readonly title: string
  readonly timeZone: string
  readonly date: string
  readonly exceptions: readonly ExceptionDefinition[]
  /** Days from that date to those whose noons the table is about. */
  readonly from: number
  readonly to: number
  readonly rows: readonly (readonly [opens: string, minutes: string, onTheWall: string, inUtc: string])[]
}

function examples(): Example[] {
  const paragraph = /^\*\*(.+?)\.\*\* `(.+?)`, (\w+) (\d{4}-\d\d-\d\d)(.*)\n\n((?:\|.*\n)+)/gm
  return Array.from(
    section.matchAll(paragraph),
    ([, title = '', timeZone = '', weekday = '', date = '', rest = '', table = '']) => {
      expect(weekdays[new Date(date).getUTCDay()]).toBe(weekday)
      const [, first = '', last = ''] = /between (\w+) noon and (\w+) noon/.exec(table) ?? []
      const closed = { fromDate: date, toDate: date, opensAt: null, closesAt: null, label: null }
      return {
        title,
        timeZone,
        date,
        exceptions: rest.includes('an exception without hours') ? [closed] : [],
        from: -((weekdays.indexOf(weekday) - weekdays.indexOf(first) + 7) % 7),
        to: (weekdays.indexOf(last) - weekdays.indexOf(weekday) + 7) % 7,
        rows: Array.from(
          table.matchAll(/^\| `(.+?)`, (\d+) \| (.+?) \| (.+?) \|/gm),
          ([, opens = '', minutes = '', onTheWall = '', inUtc = '']) => [opens, minutes, onTheWall, inUtc] as const
        )
      }
    }
  )
}

describe('in the guide', () => {
  test('there are examples for spring, autumn and a holiday', () => {
    expect(examples().map(({ title, rows }) => [title, rows.length])).toEqual([
      ['The hour that spring skips', 3],
      ['The hour that autumn repeats', 3],
      ['A night into a holiday', 1]
    ])
  })

  test.each(
    examples().flatMap(({ rows, ...example }) =>
      rows.map(([opens, minutes, onTheWall, inUtc]) => ({ ...example, opens, minutes, onTheWall, inUtc }))
    )
  )('$title: $opens for $minutes min is open $onTheWall', (example) => {
    const { timeZone, date, exceptions, opens } = example
    const windows = [{ opens, minutes: Number(example.minutes) }]
    const schedule = compileSchedule({ name: 'any', timeZone, windows, exceptions })
    const end = startOfDate(date, timeZone, example.to) + 12 * hourMs
    let at = startOfDate(date, timeZone, example.from) + 12 * hourMs
    const openings: [from: number, to: number][] = []
    for (;;) {
      const opening = schedule.stateAt(at).nextChangeAt!
      if (opening >= end) break
      at = schedule.stateAt(opening).nextChangeAt!
      openings.push([opening, at])
    }
    const words = (zone: string) => {
      // `Sun 2026-03-29 02:00 Europe/London`: the weekday and the time.
      const short = (instant: number) => formatInstant(instant, zone).replace(/^(\w+) \S+ (\S+) .*$/, '$1 $2')
      return openings.map(([from, to]) => `${short(from)} to ${short(to)}`).join(', ') || 'never'
    }
    expect([words(timeZone), words('UTC')]).toEqual([example.onTheWall, example.inUtc])
  })
})
