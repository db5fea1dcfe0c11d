// Coverage for the terminal: a row a day, a letter every half hour, a legend, gaps and changes of the clocks.
import { type CoverageSpan, answerKey, gapsOf, isGap, onTheWall } from '../core/coverage'
import { formatInstant, formatSpan, zoneOrUtc } from '../core/instant'
import { type NumberRules, type RuleBook, overrideText } from '../core/rule'
import { wallClockOf } from '../core/schedule'
import { dayMs, minuteMs } from '../core/wall-clock'
import { printable } from './timeline'

/** What a number's callers get over some days, and the rules that it was worked out from. */
export interface Coverage {
  readonly number: NumberRules
  readonly book: RuleBook
  readonly days: number
  readonly from: number
  readonly to: number
  readonly spans: readonly CoverageSpan[]
}

/** The sign of each answer: a letter for people who ring, a dot for nobody. */
export interface Legend {
  readonly signOf: (span: CoverageSpan) => string
  readonly lines: readonly { readonly sign: string; readonly text: string }[]
}

const cellMs = 30 * minuteMs
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const nobody = '·'

/** Letters in the order in which the answers are met; more answers than letters share `#`. */
export function legendOf(spans: readonly CoverageSpan[]): Legend {
  const known = new Map<string, { sign: string; text: string }>()
  let rung = 0
  for (const span of spans) {
    const key = answerKey(span)
    if (known.has(key)) continue
    known.set(key, { sign: isGap(span) ? nobody : (letters[rung++] ?? '#'), text: answerText(span) })
  }
  return { signOf: (span) => known.get(answerKey(span))?.sign ?? '#', lines: [...known.values()] }
}

function answerText(span: CoverageSpan): string {
  const { outcome, rule, plan } = span
  const by =
    plan.override !== undefined
      ? `override, ${overrideText(plan.override)}`
      : outcome === 'rule'
        ? `rule '${rule ?? ''}'`
        : 'no rule answers'
  const rung = plan.steps.map(({ targets }) => targets.map(({ dial }) => dial).join(' + '))
  return printable(`${by}: ${isGap(span) ? 'nobody rings, ' : ''}${[...rung, plan.fallback].join(', then ')}`)
}

/**
 * A row of cells a day, each with the sign of its half hour: `*` where the answer changes within it, blank where the clocks
 * skip it and where it is past.
 */
export function dayRows({ number, from, days, spans }: Coverage, { signOf }: Legend): string[] {
  const clock = wallClockOf(zoneOrUtc(number.timeZone))
  const firstDay = Math.floor(clock.wallAt(from) / dayMs)
  const cells = Array.from({ length: days * (dayMs / cellMs) }, () => ' ')
  for (const { from: start, to: end, span } of onTheWall(spans, clock)) {
    const sign = signOf(span)
    const first = Math.floor((start - firstDay * dayMs) / cellMs)
    const last = Math.ceil((end - firstDay * dayMs) / cellMs)
    for (let cell = Math.max(first, 0); cell < Math.min(last, cells.length); cell++) {
      cells[cell] = cells[cell] === ' ' || cells[cell] === sign ? sign : '*'
    }
  }
  const perDay = dayMs / cellMs
  return Array.from({ length: days }, (_, day) => cells.slice(day * perDay, (day + 1) * perDay).join(''))
}

/** `Mon 2026-11-23` of each day. */
export function dayNames({ number, from, days }: Coverage): string[] {
  const clock = wallClockOf(zoneOrUtc(number.timeZone))
  const firstDay = Math.floor(clock.wallAt(from) / dayMs)
  return Array.from({ length: days }, (_, day) => formatInstant((firstDay + day) * dayMs, 'UTC').slice(0, 14))
}

/** Changes of the clocks in the number's zone and in its schedules', in words, in the order they happen. */
export function clockChanges({ number, book, from, to }: Coverage): { readonly at: number; readonly text: string }[] {
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
          : `back ${span}, from ${wall(after - byMs)} to ${wall(after)}: that time comes twice`
      return { at, text: `${formatInstant(at, zone).slice(0, 14)} ${zone}: the clocks go ${what}` }
    })
  })
  return changes.sort((a, b) => a.at - b.at)
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

/** `78.9 h of 240`: the hours in which nobody rings, and all that there are. */
export function gapHours({ spans, from, to }: Pick<Coverage, 'spans' | 'from' | 'to'>): string {
  const hours = (ms: number) => Math.round(ms / (6 * minuteMs)) / 10
  return `${hours(gapsOf(spans).reduce((sum, gap) => sum + gap.to - gap.from, 0))} h of ${hours(to - from)}`
}

const mostGaps = 40

/** The whole answer for people. */
export function coverageText(coverage: Coverage): string {
  const { number, days, spans } = coverage
  const legend = legendOf(spans)
  const rows = dayRows(coverage, legend)
  const names = dayNames(coverage)
  const hours = Array.from({ length: 8 }, (_, index) =>
    String(index * 3)
      .padStart(2, '0')
      .padEnd(6)
  ).join('')
  const label = number.label === '' ? '' : ` (${printable(number.label)})`
  const lines = [
    `${number.number}${label}, ${days === 1 ? '1 day' : `${days} days`}, ${zoneOrUtc(number.timeZone)}, a sign every half hour`,
    '',
    `${' '.repeat(16)}${hours.trimEnd()}`,
    ...rows.map((row, day) => `${names[day] ?? ''}  ${row}`.trimEnd()),
    '',
    ...legend.lines.map(({ sign, text }) => `  ${sign}  ${text}`),
    ...(rows.some((row) => row.includes('*')) ? ['  *  changes within the half hour'] : [])
  ]
  const changes = clockChanges(coverage)
  if (changes.length > 0) lines.push('', 'The clocks change:', ...changes.map(({ text }) => `  ${text}`))
  const gaps = gapLines(coverage)
  if (gaps.length === 0) return [...lines, '', 'No gaps: somebody rings at any time.'].join('\n')
  lines.push('', `Gaps, where nobody rings, ${gapHours(coverage)}:`)
  lines.push(...gaps.slice(0, mostGaps).map((gap) => `  ${gap}`))
  if (gaps.length > mostGaps) lines.push(`  and ${gaps.length - mostGaps} more: --json lists them all`)
  return lines.join('\n')
}
