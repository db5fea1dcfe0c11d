// Where several rules of a number would answer at once, and position decides. PURE.
import type { CoverageSpan } from './coverage'
import type { Caller } from '../number'
import { type NumberRules, type Rule, openRules } from '../rule'

/** One rule would answer, too, but an earlier one does: from `from` (inclusive) to `to` (exclusive), in order, never touching. */
export interface Overlap {
  readonly answers: string
  readonly behind: string
  readonly spans: readonly { readonly from: number; readonly to: number }[]
}

/** Spans while they grow. */
interface Growing extends Overlap {
  readonly spans: { readonly from: number; to: number }[]
}

/**
 * The overlaps within the spans that a rule of this number answers, in the order met. A rule that is there at any time, the
 * catch-all behind the others, overlaps with everything by its nature and is left out.
 */
export function overlapsOf(number: NumberRules, caller: Caller, spans: readonly CoverageSpan[]): Overlap[] {
  const overlaps = new Map<string, Growing>()
  for (const { from, to } of spans.filter(({ outcome }) => outcome === 'rule')) {
    let next: number
    for (let at = from; at < to; at = next) {
      const { open, nextChangeAt } = openRules(number, caller, at)
      next = Math.min(nextChangeAt ?? to, to)
      const [first, ...others] = open
      if (first === undefined) continue
      for (const other of others.filter(comesAndGoes)) {
        const key = JSON.stringify([first.name, other.name])
        const overlap: Growing = overlaps.get(key) ?? { answers: first.name, behind: other.name, spans: [] }
        overlaps.set(key, overlap)
        const last = overlap.spans.at(-1)
        if (last?.to === at) last.to = next
        else overlap.spans.push({ from: at, to: next })
      }
    }
  }
  return [...overlaps.values()]
}

function comesAndGoes({ schedule, validFrom, validUntil }: Rule): boolean {
  return schedule !== null || validFrom !== null || validUntil !== null
}
