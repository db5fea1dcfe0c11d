// Coverage as rows of signs: a row a day, a letter for each part of it, and a legend.
import { type CoverageSpan, answerKey, isGap, onTheWall } from '../../rules/analysis/coverage'
import { ringingIn } from '../../rules/hunt-plan'
import { formatInstant, zoneOrUtc } from '../../rules/schedule/instant'
import type { Caller } from '../../rules/number'
import { type NumberRules, type RuleBook, overrideText } from '../../rules/rule'
import { wallClockOf } from '../../rules/schedule/time-zones'
import { dayMs, minuteMs } from '../../rules/schedule/wall-clock'
import { printable } from '../support/text'

/** What a caller of a number gets over some days, and the rules that it was worked out from. */
export interface Coverage {
  readonly number: NumberRules
  readonly caller: Caller
  readonly book: RuleBook
  readonly days: number
  readonly from: number
  readonly to: number
  readonly spans: readonly CoverageSpan[]
  /** What was wrong with the rules and so was skipped, in words. */
  readonly notes: readonly string[]
}

/** The sign of each answer: a letter for people who ring, a dot for nobody. */
export interface Legend {
  readonly signOf: (span: CoverageSpan) => string
  readonly lines: readonly { readonly sign: string; readonly text: string }[]
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const gapSign = '·'

/** Letters in the order in which the answers are met; more answers than letters share `#`. */
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
 * A row of cells a day, each with the sign of so many minutes: `*` where the answer changes within them, blank where the clocks
 * skip them and where they are past.
 */
export function dayRows({ number, from, days, spans }: Coverage, { signOf }: Legend, minutes: number): string[] {
  const cellMs = minutes * minuteMs
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
