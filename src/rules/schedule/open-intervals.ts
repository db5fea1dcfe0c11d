// When a set of windows and exceptions is open, at any instant: laid out once per stretch of days, then only looked up.
// PURE.
import type { OpeningDays } from './opening-days'
import { layOut } from './opening-changes'
import { type WallClock, dayMs } from './wall-clock'

/**
 * A stretch of days, a column for each thing that is known: from an instant on, until the next one, open or closed, and why.
 * Thousands of schedules are kept so, and an object for each change would take three times the room.
 */
interface Stretch<R> {
  readonly at: readonly number[]
  readonly open: readonly boolean[]
  readonly because: readonly R[]
  /** The first flip after the stretch: null where there is none within nine years, undefined while nobody has asked. */
  flipAfter?: number | null
}

const stretchDays = 32
// Long enough for 29 February: there is none between 2096 and 2104.
const stretchesAhead = Math.ceil((9 * 366) / stretchDays)
// A bound on memory, however long the process runs and whatever instants are asked about: the one that was laid out first is
// dropped, and laid out again, the same, where it is asked for.
const stretchesKept = 6

/** Answers depend on the instant alone; `R` is whatever reason windows and exceptions carry, `never` that of neither. */
export class Timeline<R> {
  private readonly stretches = new Map<number, Stretch<R>>()

  constructor(
    private readonly clock: WallClock,
    private readonly openings: OpeningDays<R>,
    private readonly never: R
  ) {}

  /** The state at an instant, and when `open` next flips: null where it does not within nine years. */
  stateAt(at: number): { readonly open: boolean; readonly because: R; readonly nextChangeAt: number | null } {
    const number = this.stretchAt(at)
    const stretch = this.stretchOf(number)
    const index = lastNotAfter(stretch.at, at)
    const open = stretch.open[index]
    if (open === undefined) throw new RangeError(`${at} is no instant`)
    const nextChangeAt = firstFlip(stretch, index + 1, open) ?? this.flipAfter(number, stretch, open)
    return { open, because: stretch.because[index] as R, nextChangeAt }
  }

  private flipAfter(number: number, stretch: Stretch<R>, open: boolean): number | null {
    if (stretch.flipAfter === undefined) stretch.flipAfter = this.searchFlipAfter(number, open)
    return stretch.flipAfter
  }

  // What is only passed through is not kept: it may be nine years.
  private searchFlipAfter(number: number, open: boolean): number | null {
    for (let ahead = number + 1; ahead <= number + stretchesAhead; ahead++) {
      const flip = firstFlip(this.stretches.get(ahead) ?? this.layOutStretch(ahead), 0, open)
      if (flip !== undefined) return flip
    }
    return null
  }

  /** Which stretch an instant lies in: its wall clock says, or falls back into one that has ended where autumn repeats it. */
  private stretchAt(at: number): number {
    let number = Math.floor(this.clock.wallAt(at) / (stretchDays * dayMs))
    while (at >= this.startOf(number + 1)) number++
    return number
  }

  private startOf(number: number): number {
    return this.clock.instantOf(number * stretchDays * dayMs)
  }

  private stretchOf(number: number): Stretch<R> {
    const known = this.stretches.get(number)
    if (known !== undefined) return known
    const stretch = this.layOutStretch(number)
    this.stretches.set(number, stretch)
    if (this.stretches.size > stretchesKept) {
      for (const oldest of this.stretches.keys()) {
        this.stretches.delete(oldest)
        break
      }
    }
    return stretch
  }

  private layOutStretch(number: number): Stretch<R> {
    const end = this.startOf(number + 1)
    const changes: { at: number; open: boolean; because: R }[] = []
    for (const { wall, open, because } of layOut(this.openings, number * stretchDays, stretchDays, this.never)) {
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

function firstFlip({ at, open }: Stretch<unknown>, from: number, now: boolean): number | undefined {
  for (let index = from; index < at.length; index++) {
    if (open[index] !== now) return at[index]
  }
  return undefined
}
