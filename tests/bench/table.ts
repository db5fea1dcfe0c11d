// The figures for people.
import type { Benched } from './rules'
import type { Figures, Spread } from './stopwatch'

const count = (value: number) => value.toLocaleString('en')
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`
const three = ({ median, p99, max }: Spread) => [median, p99, max].map((value) => count(Math.round(value))).join(' / ')

type Row = readonly [string, (result: Benched) => string]

const timed = (title: string, of: (result: Benched) => Figures): readonly Row[] => [
  [title, (result) => three(of(result).elapsed)],
  ['    of the processor', (result) => three(of(result).processor)]
]

const rows: readonly Row[] = [
  ['numbers', ({ numbers }) => count(numbers)],
  ['rules', ({ rules }) => count(rules)],
  ['targets', ({ targets }) => count(targets)],
  ['schedules', ({ schedules }) => count(schedules)],
  ['database', ({ databaseBytes }) => megabytes(databaseBytes)],
  ['built in', ({ buildSeconds }) => `${buildSeconds.toFixed(1)} s`],
  ['', () => 'median / p99 / max, µs'],
  ...timed('a decision, warm', ({ uniform }) => uniform),
  ...timed('  the k-th number 1/k as often', ({ zipf }) => zipf),
  ...timed('  numbers with caller lists', ({ listed }) => listed),
  ...timed('  after an edit somewhere', ({ afterEdit }) => afterEdit),
  ...timed('cold, schedules to compile', ({ cold }) => cold),
  ...timed('40 days later, days to lay out', ({ nextMonth }) => nextMonth),
  ['the very first', ({ first }) => count(Math.round(first))],
  ['', () => ''],
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
    const medians = [ratio(({ uniform }) => uniform.elapsed.median), ratio(({ uniform }) => uniform.processor.median)]
    const p99s = [ratio(({ uniform }) => uniform.elapsed.p99), ratio(({ uniform }) => uniform.processor.p99)]
    text.push(
      '',
      `${count(large.numbers / small.numbers)} times the numbers, warm: the median ${medians[0] ?? ''} times as long ` +
        `(${medians[1] ?? ''} of the processor), the p99 ${p99s[0] ?? ''} times (${p99s[1] ?? ''}).`
    )
  }
  return text.join('\n')
}
