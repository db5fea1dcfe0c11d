// Who rings when, over days: the answers of decide() from one change to the next, never minute by minute. PURE.
import { ringingIn } from '../hunt-plan'
import { type Decision, decide } from '../decide'
import type { Caller } from '../number'
import type { RuleBook } from '../rule'
import type { WallClock } from '../schedule/wall-clock'

/** From one instant until another (exclusive; milliseconds since the epoch), calls get this. */
export interface CoverageSpan extends Pick<Decision, 'outcome' | 'rule' | 'plan'> {
  readonly from: number
  readonly to: number
}

/** A stretch in which nobody rings, and what callers get instead, in the order met. */
export interface Gap {
  readonly from: number
  readonly to: number
  readonly fallbacks: readonly string[]
}

/** A stretch of the wall clock (see wall-clock.ts), and what calls get in it. Where autumn repeats an hour, two overlap. */
export interface WallSpan {
  readonly from: number
  readonly to: number
  readonly span: CoverageSpan
}

/** What calls of this caller to a number get from one instant until another: without holes, neighbours differ. */
export function coverageOf(number: string, caller: Caller, from: number, to: number, book: RuleBook): CoverageSpan[] {
  const spans: CoverageSpan[] = []
  for (let at = from; at < to;) {
    const { outcome, rule, plan, nextChangeAt } = decide(number, caller, at, book)
    const until = Math.min(nextChangeAt ?? to, to)
    const last = spans.at(-1)
    const span = { from: at, to: until, outcome, rule, plan }
    if (last !== undefined && answerKey(last) === answerKey(span)) spans[spans.length - 1] = { ...last, to: until }
    else spans.push(span)
    at = until
  }
  return spans
}

/** The same text for the same answer. */
export function answerKey({ outcome, rule, plan }: CoverageSpan): string {
  return JSON.stringify([outcome, rule, plan])
}

/** Nobody rings: the caller is given the fallback at once. */
export function isGap({ plan }: CoverageSpan): boolean {
  return ringingIn(plan).length === 0
}

/** The gaps, in order; those that follow on each other are one. */
export function gapsOf(spans: readonly CoverageSpan[]): Gap[] {
  const gaps: Gap[] = []
  for (const { from, to, plan } of spans.filter(isGap)) {
    const last = gaps.at(-1)
    if (last?.to === from) {
      gaps[gaps.length - 1] = { from: last.from, to, fallbacks: [...new Set([...last.fallbacks, plan.fallback])] }
    } else {
      gaps.push({ from, to, fallbacks: [plan.fallback] })
    }
  }
  return gaps
}

/** The spans as a clock on the wall shows them; a spring gap is left out, since no wall ever shows it. */
export function inWallTime(spans: readonly CoverageSpan[], clock: WallClock): WallSpan[] {
  return spans.flatMap((span) => {
    const cuts = clock.changesBetween(span.from + 1, span.to).map(({ at }) => at)
    const starts = [span.from, ...cuts]
    return starts.map((start, index) => {
      const from = clock.wallAt(start)
      return { from, to: from + (starts[index + 1] ?? span.to) - start, span }
    })
  })
}
