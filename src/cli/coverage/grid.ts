// Coverage as rows of characters: one row per day, one letter per part of the day, and a legend.
import { type CoverageSpan, answerKey, isGap, inWallTime } from '../../rules/analysis/coverage'
import { ringingIn } from '../../rules/hunt-plan'
import { formatInstant, zoneOrUtc } from '../../rules/schedule/instant'
import type { Caller } from '../../rules/number'
import { type NumberRules, type RuleBook, overrideText } from '../../rules/rule'
import { wallClockOf } from '../../rules/schedule/time-zones'
import { dayMs, minuteMs } from '../../rules/schedule/wall-clock'
import { printable } from '../support/text'

/** What a caller of a number gets over some days, and the rules that decide it. */
export interface Coverage {
  readonly number: NumberRules
  readonly caller: Caller
  readonly book: RuleBook
  readonly days: number
  readonly from: number
  readonly to: number
  readonly spans: readonly CoverageSpan[]
  /** Faults in the rules, in words; the faulty parts were skipped. */
  readonly notes: readonly string[]
}

/** The character for each answer: a letter if somebody rings, a dot if nobody does. */
export interface Legend {
  readonly signOf: (span: CoverageSpan) => string
  readonly lines: readonly { readonly sign: string; readonly text: string }[]
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const gapSign = '·'

/** Letters in order of first appearance; once they run out, further answers share `#`. */
export function legendOf(spans: readonly CoverageSpan[]): Legend {
  const known = new Map<string, { sign: string; text: string }>()
  let rung = 0
  for (const span of spans) {
    const key = answerKey(span)
    if (known.has(key)) continue
    known.set(key, { sign: isGap(span) ? gapSign : (letters[rung++] ?? '#'), text: answerText(span) })
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
  const rung = ringingIn(plan).map((targets) => targets.map(({ dial }) => dial).join(' + '))
  return printable(`${by}: ${isGap(span) ? 'nobody rings, ' : ''}${[...rung, plan.fallback].join(', then ')}`)
}

/**
 * One row of cells per day, each for a fixed number of minutes: `*` if the answer changes within them, blank if the clocks skip
 * them or they are past.
 */
export function dayRows({ number, from, days, spans }: Coverage, { signOf }: Legend, minutes: number): string[] {
  const cellMs = minutes * minuteMs
  const clock = wallClockOf(zoneOrUtc(number.timeZone))
  const firstDay = Math.floor(clock.wallAt(from) / dayMs)
  const cells = Array.from({ length: days * (dayMs / cellMs) }, () => ' ')
  for (const { from: start, to: end, span } of inWallTime(spans, clock)) {
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

/** The label of each day: `Mon 2026-11-23`. */
export function dayNames({ number, from, days }: Coverage): string[] {
  const clock = wallClockOf(zoneOrUtc(number.timeZone))
  const firstDay = Math.floor(clock.wallAt(from) / dayMs)
  return Array.from({ length: days }, (_, day) => formatInstant((firstDay + day) * dayMs, 'UTC').slice(0, 14))
}
