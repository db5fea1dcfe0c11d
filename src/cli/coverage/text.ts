// Coverage for the terminal: the rows of characters, followed by clock changes, overlaps and gaps, which they cannot show.
import { type CoverageSpan, gapsOf } from '../../rules/analysis/coverage'
import { formatInstant, formatSpan, zoneOrUtc } from '../../rules/schedule/instant'
import { unlistedCaller } from '../../rules/number'
import { overlapsOf } from '../../rules/analysis/overlaps'
import { wallClockOf } from '../../rules/schedule/time-zones'
import { minuteMs } from '../../rules/schedule/wall-clock'
import { type Coverage, dayNames, dayRows, legendOf } from './grid'
import { callerText } from '../support/decision-text'
import { printable } from '../support/text'

/** A clock change in words, and its effect on who answers at that hour. */
export interface DescribedClockChange {
  readonly at: number
  readonly text: string
  readonly effect: string
}

/** Clock changes in the number's zone and in its schedules' zones, in order. */
export function clockChanges({ number, book, from, to, spans }: Coverage): DescribedClockChange[] {
  const zones = new Set([number.timeZone])
  for (const { rules } of book.values()) {
    for (const { schedule } of rules) zones.add(schedule?.compiled.timeZone ?? number.timeZone)
  }
  const changes = [...new Set([...zones].map(zoneOrUtc))].flatMap((zone) => {
    const clock = wallClockOf(zone)
    return clock.changesBetween(from, to).map(({ at, byMs }) => {
      const wall = (ms: number) => new Date(ms).toISOString().slice(11, 16)
      const after = clock.wallAt(at)
      const span = `${Math.abs(byMs) / minuteMs} min`
      const what =
        byMs > 0
          ? `forward ${span}, from ${wall(after - byMs)} to ${wall(after)}: that time is skipped`
          : `back ${span}, from ${wall(after - byMs)} to ${wall(after)}: that time is repeated`
      const day = formatInstant(at, zone).slice(0, 14)
      return { at, text: `${day} ${zone}: the clocks go ${what}`, effect: effectOf(at, byMs, spans, zone) }
    })
  })
  return changes.sort((a, b) => a.at - b.at)
}

function effectOf(at: number, byMs: number, spans: readonly CoverageSpan[], timeZone: string): string {
  const before = spans.find(({ from, to }) => from < at && at <= to)
  const after = spans.find(({ from, to }) => from <= at && at < to)
  if (before === undefined || after === undefined) return ''
  if (before !== after) return `${whoAnswers(before)} answers until that moment, then ${whoAnswers(after)}`
  const wall = (ms: number) => formatInstant(ms, timeZone).slice(0, 20)
  const { from, to } = before
  const difference = `${Math.abs(byMs) / minuteMs} min ${byMs > 0 ? 'less' : 'more'} than the clock shows`
  return `${whoAnswers(before)} answers throughout it, from ${wall(from)} to ${wall(to)}: ${hours(to - from)} h, ${difference}`
}

function whoAnswers({ outcome, rule }: CoverageSpan): string {
  if (outcome === 'rule') return `rule '${printable(rule ?? '')}'`
  return outcome === 'override' ? 'the override' : 'no rule'
}

/** `'london' before 'sydney': 20 h in 10 periods, first Mon 2026-11-23 07:00 to Mon 2026-11-23 09:00`, a line a pair. */
export function overlapLines({ number, caller, spans }: Pick<Coverage, 'number' | 'caller' | 'spans'>): string[] {
  const zone = zoneOrUtc(number.timeZone)
  const at = (ms: number) => formatInstant(ms, zone).slice(0, 20)
  return overlapsOf(number, caller, spans).map((overlap) => {
    const length = hours(overlap.spans.reduce((sum, { from, to }) => sum + to - from, 0))
    const [first] = overlap.spans
    const periods = overlap.spans.length === 1 ? '' : ` in ${overlap.spans.length} periods, first`
    const when = first === undefined ? '' : ` ${at(first.from)} to ${at(first.to)}`
    return printable(`'${overlap.answers}' before '${overlap.behind}': ${length} h${periods}${when}`)
  })
}

/** `Mon 2026-11-23 17:00 to Tue 2026-11-24 09:00, 16 h: voicemail:100@default`, a line a gap. */
export function gapLines({ spans, number }: Pick<Coverage, 'spans' | 'number'>): string[] {
  const zone = zoneOrUtc(number.timeZone)
  const at = (ms: number) => formatInstant(ms, zone).slice(0, 20)
  return gapsOf(spans).map(
    ({ from, to, fallbacks }) =>
      `${at(from)} to ${at(to)}, ${formatSpan(to - from)}: ${printable(fallbacks.join(', then '))}`
  )
}

/** `78.9 h of 240`: the hours in which nobody rings, and the total. */
export function gapHours({ spans, from, to }: Pick<Coverage, 'spans' | 'from' | 'to'>): string {
  return `${hours(gapsOf(spans).reduce((sum, gap) => sum + gap.to - gap.from, 0))} h of ${hours(to - from)}`
}

function hours(ms: number): number {
  return Math.round(ms / (6 * minuteMs)) / 10
}

const maxGaps = 40

/** How much time a character stands for; the first that fits is used. The label of a day takes 16 columns. */
const grains = [
  { minutes: 30, name: 'half hour', rulerHours: 3 },
  { minutes: 60, name: 'hour', rulerHours: 3 },
  { minutes: 120, name: 'two hours', rulerHours: 6 }
] as const
const nameColumns = 16

/** The whole answer for people, in rows that fit a terminal of this many columns (at least 28). */
export function coverageText(coverage: Coverage, columns = 80): string {
  const { number, caller, days, spans } = coverage
  const legend = legendOf(spans)
  const { minutes, name, rulerHours } =
    grains.find((each) => nameColumns + (24 * 60) / each.minutes <= columns) ?? grains[2]
  const rows = dayRows(coverage, legend, minutes)
  const names = dayNames(coverage)
  const ruler = Array.from({ length: 24 / rulerHours }, (_, index) =>
    String(index * rulerHours)
      .padStart(2, '0')
      .padEnd((rulerHours * 60) / minutes)
  ).join('')
  const label = number.label === '' ? '' : ` (${printable(number.label)})`
  const from = caller === unlistedCaller ? '' : `, called by ${callerText(caller, number.number)}`
  const lines = [
    `${number.number}${label}${from}, ${days === 1 ? '1 day' : `${days} days`}, ${zoneOrUtc(number.timeZone)}, one character per ${name}`,
    '',
    `${' '.repeat(nameColumns)}${ruler.trimEnd()}`,
    ...rows.map((row, day) => `${names[day] ?? ''}  ${row}`.trimEnd()),
    '',
    ...legend.lines.map(({ sign, text }) => `  ${sign}  ${text}`),
    ...(rows.some((row) => row.includes('*')) ? [`  *  changes within the ${name}`] : [])
  ]
  const changes = clockChanges(coverage)
  if (changes.length > 0) lines.push('', 'The clocks change:')
  for (const { text, effect } of changes) lines.push(`  ${text}`, ...(effect === '' ? [] : [`    ${effect}`]))
  const overlaps = overlapLines(coverage)
  if (overlaps.length > 0) lines.push('', 'Overlaps, won by position:', ...overlaps.map((overlap) => `  ${overlap}`))
  const gaps = gapLines(coverage)
  const wrong = coverage.notes.map((note) => `  ! ${printable(note)}`)
  if (wrong.length > 0) lines.push('', 'Correct this:', ...wrong)
  if (gaps.length === 0) return [...lines, '', 'No gaps: somebody rings at all times.'].join('\n')
  lines.push('', `Gaps, where nobody rings, ${gapHours(coverage)}:`)
  lines.push(...gaps.slice(0, maxGaps).map((gap) => `  ${gap}`))
  if (gaps.length > maxGaps) lines.push(`  and ${gaps.length - maxGaps} more: --json lists them all`)
  return lines.join('\n')
}
