// The figures for people.
import type { Benched } from './rules'
import type { Figures } from './stopwatch'

const count = (value: number) => value.toLocaleString('en')
const micros = (value: number) => `${count(Math.round(value))} µs`
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`
const three = ({ median, p99, max }: Figures) =>
  `${count(Math.round(median))} / ${count(Math.round(p99))} / ${micros(max)}`

const rows: readonly (readonly [string, (result: Benched) => string])[] = [
  ['numbers', ({ numbers }) => count(numbers)],
  ['rules', ({ rules }) => count(rules)],
  ['targets', ({ targets }) => count(targets)],
  ['schedules', ({ schedules }) => count(schedules)],
  ['database', ({ databaseBytes }) => megabytes(databaseBytes)],
  ['built in', ({ buildSeconds }) => `${buildSeconds.toFixed(1)} s`],
  ['a decision, warm: median / p99 / max', ({ uniform }) => three(uniform)],
  ['  p99 undisturbed', ({ uniform }) => micros(uniform.p99Undisturbed)],
  ['  the k-th number 1/k as often', ({ zipf }) => three(zipf)],
  ['    p99 undisturbed', ({ zipf }) => micros(zipf.p99Undisturbed)],
  ['  numbers with caller lists only', ({ listed }) => three(listed)],
  ['  after an edit somewhere', ({ afterEdit }) => three(afterEdit)],
  ['    p99 undisturbed', ({ afterEdit }) => micros(afterEdit.p99Undisturbed)],
  ['cold: the first of all', ({ first }) => micros(first)],
  ['  then, with schedules to compile', ({ cold }) => three(cold)],
  ['  40 days later, days to lay out', ({ nextMonth }) => three(nextMonth)],
  ['disturbed by other programs', ({ uniform }) => `${(100 * uniform.disturbed).toFixed(1)} %`],
  ['schedules kept', ({ schedulesKept }) => count(schedulesKept)],
  ['heap, and its growth by the calls', ({ heap, heapGrowth }) => `${megabytes(heap)}, +${megabytes(heapGrowth)}`],
  ['resident, and its growth', ({ rss, rssGrowth }) => `${megabytes(rss)}, +${megabytes(rssGrowth)}`]
]

/** One column a size, and how the largest compares with the smallest. */
export function table(results: readonly Benched[]): string {
  const lines = rows.map(([title, cell]) => [title, ...results.map(cell)])
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? []
  const text = lines.map((line) =>
    line
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('   ')
  )
  const [small, large] = [results[0], results.at(-1)]
  if (small !== undefined && large !== undefined && small !== large) {
    const ratio = (of: (result: Benched) => number) => (of(large) / of(small)).toFixed(2)
    const median = ratio(({ uniform }) => uniform.median)
    const p99 = ratio(({ uniform }) => uniform.p99Undisturbed)
    const times = count(large.numbers / small.numbers)
    text.push(
      '',
      `${times} times the numbers: the median is ${median} times as long, the undisturbed p99 ${p99} times.`
    )
  }
  return text.join('\n')
}
