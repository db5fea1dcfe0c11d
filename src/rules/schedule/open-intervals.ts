// When a set of windows and exceptions is open, at any instant: laid out once per segment of days, then only looked up.
// PURE.
import type { OpeningHours } from './opening-hours'
import { openCloseChanges } from './open-close-changes'
import { type WallClock, dayMs } from './wall-clock'

/**
 * A segment of days, with a column for each thing that is known: from an instant on, until the next one, open or closed, and why.
 * Thousands of schedules are kept so, and an object for each change would take three times the room.
 */
interface Segment<R> {
  readonly at: readonly number[]
  readonly open: readonly boolean[]
  readonly because: readonly R[]
  /** The first change after the segment; null: none within nine years; undefined: not computed yet. */
  flipAfter?: number | null
}

const segmentDays = 32
// Long enough for 29 February: there is none between 2096 and 2104.
const segmentsAhead = Math.ceil((9 * 366) / segmentDays)
// A bound on memory, however long the process runs and whatever instants are asked about: the one that was laid out first is
// dropped, and laid out again, the same, where it is asked for.
const segmentsKept = 6
// The latest instant of a Date (ECMAScript).
const maxInstantMs = 8.64e15

/** Answers depend on the instant alone; `R` is whatever reason windows and exceptions carry, `never` that of neither. */
export class OpenIntervals<R> {
  private readonly segments = new Map<number, Segment<R>>()

  constructor(
    private readonly clock: WallClock,
    private readonly hours: OpeningHours<R>,
    private readonly never: R
  ) {}

  /**
   * The state at an instant, and when `open` next flips: null if it does not within nine years. Throws RangeError if `at` is
   * not an instant of a Date.
   */
  stateAt(at: number): { readonly open: boolean; readonly because: R; readonly nextChangeAt: number | null } {
    // Beyond the range of Date, and for NaN and the infinities, there is no wall clock to search.
    if (!(Math.abs(at) <= maxInstantMs)) throw new RangeError(`${at} is not an instant`)
    const number = this.segmentAt(at)
    const segment = this.segmentOf(number)
    const index = lastNotAfter(segment.at, at)
    const open = segment.open[index]
    if (open === undefined) throw new RangeError(`${at} is not an instant`)
    const nextChangeAt = firstFlip(segment, index + 1, open) ?? this.flipAfter(number, segment, open)
    return { open, because: segment.because[index] as R, nextChangeAt }
  }

  private flipAfter(number: number, segment: Segment<R>, open: boolean): number | null {
    if (segment.flipAfter === undefined) segment.flipAfter = this.searchFlipAfter(number, open)
    return segment.flipAfter
  }

  // What is only passed through is not kept: it may be nine years.
  private searchFlipAfter(number: number, open: boolean): number | null {
    for (let ahead = number + 1; ahead <= number + segmentsAhead; ahead++) {
      const flip = firstFlip(this.segments.get(ahead) ?? this.layOutSegment(ahead), 0, open)
      if (flip !== undefined) return flip
    }
    return null
  }

  /** The segment of an instant, by its wall clock; where autumn repeats an hour, the wall clock may fall back into the one before. */
  private segmentAt(at: number): number {
    let number = Math.floor(this.clock.wallAt(at) / (segmentDays * dayMs))
    while (at >= this.startOf(number + 1)) number++
    return number
  }

  private startOf(number: number): number {
    return this.clock.instantOf(number * segmentDays * dayMs)
  }

  private segmentOf(number: number): Segment<R> {
    const known = this.segments.get(number)
    if (known !== undefined) return known
    const segment = this.layOutSegment(number)
    this.segments.set(number, segment)
    if (this.segments.size > segmentsKept) {
      for (const oldest of this.segments.keys()) {
        this.segments.delete(oldest)
        break
      }
    }
    return segment
  }

  private layOutSegment(number: number): Segment<R> {
    const end = this.startOf(number + 1)
    const changes: { at: number; open: boolean; because: R }[] = []
    for (const { wall, open, because } of openCloseChanges(this.hours, number * segmentDays, segmentDays, this.never)) {
      const at = this.clock.instantOf(wall)
      // What begins and ends inside a spring gap has no length, and never happens.
      if (changes.at(-1)?.at === at) changes.pop()
      if (at < end) changes.push({ at, open, because })
    }
    return {
      at: changes.map(({ at }) => at),
      open: changes.map(({ open }) => open),
      because: changes.map(({ because }) => because)
    }
  }
}

/** The index of the last instant at or before another; -1 where there is none. */
function lastNotAfter(instants: readonly number[], at: number): number {
  let low = 0
  let high = instants.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((instants[middle] ?? Infinity) <= at) low = middle + 1
    else high = middle
  }
  return low - 1
}

function firstFlip({ at, open }: Segment<unknown>, from: number, now: boolean): number | undefined {
  for (let index = from; index < at.length; index++) {
    if (open[index] !== now) return at[index]
  }
  return undefined
}
