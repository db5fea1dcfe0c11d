// Where two rules of a number would answer at once, over two days from Sunday noon.
import { coverageOf } from '../../../src/rules/analysis/coverage'
import { overlapsOf } from '../../../src/rules/analysis/overlaps'
import { bookOf } from '../../../src/rules/rule-book'
import { indexOf } from '../../../src/rules/rule-tables'
import { rulesAfter } from '../given-rules'

const london = '+442071838750'
const [from, to] = [Date.UTC(2026, 10, 22, 12), Date.UTC(2026, 10, 24, 12)]

function overlaps(sql: string, number = '+33142685300'): string[] {
  const book = bookOf(indexOf(rulesAfter(sql)))
  const caller = { number, name: '' }
  const time = (at: number) => new Date(at).toISOString().slice(8, 16).replace('T', ' ')
  const covered = coverageOf(london, caller, from, to, book)
  return overlapsOf(book.get(london)!, caller, covered).map(
    (each) =>
      `${each.answers}, not ${each.behind}: ${each.spans.map((span) => `${time(span.from)} to ${time(span.to)}`).join('; ')}`
  )
}

const rule = (name: string, position: number, schedule: string, more = 'NULL, NULL') =>
  `INSERT INTO rules (number, name, position, schedule, valid_from, valid_until, fallback)
     VALUES ('${london}', '${name}', ${position}, ${schedule}, ${more}, 'hangup');`
const lunch = `INSERT INTO schedules VALUES ('lunch', 'Europe/London'); INSERT INTO schedule_windows VALUES ('lunch', '0 12 * * *', 60);`
const late = `INSERT INTO schedules VALUES ('late', 'Europe/London'); INSERT INTO schedule_windows VALUES ('late', '0 16 * * *', 180);`

test.each([
  ['rules open one after another', '', []],
  ['a rule open within another', lunch + rule('lunch', 30, "'lunch'"), ['day, not lunch: 23 12:00 to 23 13:00']],
  [
    'a rule open longer than an earlier one, each day separately',
    late + rule('late', 30, "'late'"),
    ['day, not late: 23 16:00 to 23 17:30']
  ],
  [
    'three at the same time: the first answers, the others are listed separately',
    lunch + rule('lunch', 30, "'lunch'") + rule('all day', 40, 'NULL', "'2026-01-01', NULL"),
    [
      'lunch, not all day: 22 12:00 to 22 13:00',
      'day, not all day: 23 08:30 to 23 17:30; 24 08:30 to 24 12:00',
      'day, not lunch: 23 12:00 to 23 13:00'
    ]
  ],
  ['a rule that is always open, after the others', rule('rest', 30, 'NULL'), []],
  [
    'a rule always open, but only until a date',
    rule('rest', 30, 'NULL', "NULL, '2026-11-23'"),
    ['day, not rest: 23 08:30 to 23 17:30']
  ],
  [
    'a rule always open, but only from a date',
    rule('rest', 30, 'NULL', "'2026-11-24', NULL"),
    ['day, not rest: 24 08:30 to 24 12:00']
  ]
])('%s', (_what, sql, expected) => {
  expect(overlaps(sql)).toEqual(expected)
})

test('a rule for callers on a list overlaps with another for the same callers only; under an override nothing overlaps', () => {
  expect(overlaps('', '+14155550123')).toEqual(['vip, not day: 23 08:30 to 23 17:30; 24 08:30 to 24 12:00'])
  expect(overlaps(`INSERT INTO overrides (number, kind) VALUES ('${london}', 'closed')`, '+14155550123')).toEqual([])
})
