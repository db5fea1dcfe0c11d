// Which call records are old enough to go. PURE.
//
// Deletion cannot be undone, and a clock can be wrong: a machine whose battery is flat boots years ahead, takes a call, and
// is corrected an hour later. So age is counted along the records: from the newest one, not from the clock, and a stretch
// without any call that is longer than a site is ever quiet counts for nothing.
import { dayMs } from '../rules/schedule/wall-clock'

/** Looks at the instants at which recorded calls arrived, in milliseconds since the epoch. */
export interface RecordedInstants {
  /** The latest that is not after `at`. */
  latestUntil(at: number): number | null
  /** The earliest that is not before `at`. */
  earliestSince(at: number): number | null
}

export interface Cutoff {
  /** Calls that arrived before this instant may go; null: none. */
  readonly before: number | null
  /** The latest stretch without calls that was not counted: the clock may have jumped there. */
  readonly doubted: { readonly from: number; readonly to: number } | null
}

/** The longest stretch without calls that counts, in days: a month, or as long as records are kept where that is less. */
export function longestQuiet(days: number): number {
  return Math.min(30, Math.max(7, days))
}

/** The cutoff for records that are kept for so many days, by a clock that shows `now`. */
export function cutoffOf(now: number, days: number, records: RecordedInstants): Cutoff {
  const longestMs = longestQuiet(days) * dayMs
  const newest = records.latestUntil(now)
  if (newest === null) return { before: null, doubted: null }
  let doubted = now - newest > longestMs ? { from: newest, to: now } : null
  let left = days * dayMs
  for (let at = newest; ;) {
    // Calls within a stretch that is not too long: no gap between them is.
    const first = records.earliestSince(at - longestMs) ?? at
    if (at - first >= left) return { before: at - left, doubted }
    left -= at - first
    const previous = records.latestUntil(first - 1)
    if (previous === null) return { before: null, doubted }
    const quiet = first - previous
    if (quiet > longestMs) doubted ??= { from: previous, to: first }
    else left -= quiet
    at = previous
  }
}
