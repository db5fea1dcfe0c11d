// When a set of windows and exceptions is open, at any instant: laid out once per stretch of days, then only looked up.
// PURE: imports only core/.
import type { OpeningDays } from './opening-days'
import { layOut } from './transitions'
import { type WallClock, dayMs } from './wall-clock'

/** From `at` on, until the next one, open or closed. */
interface Change<R> {
  readonly at: number
  readonly open: boolean
  readonly because: R
}

const stretchDays = 32
// Long enough for 29 February: there is none between 2096 and 2104.
const stretchesAhead = Math.ceil((9 * 366) / stretchDays)
// A bound on memory, whatever instants are asked about; what is dropped is laid out again, the same.
const stretchesKept = 4 * stretchesAhead

/** Answers depend on the instant alone; `R` is whatever reason windows and exceptions carry, `never` that of neither. */
export class Timeline<R> {
  private readonly stretches = new Map<number, readonly Change<R>[]>()

  constructor(
    private readonly clock: WallClock,
    private readonly openings: OpeningDays<R>,
    private readonly never: R
  ) {}

  /** The state at an instant, and when `open` next flips: null where it does not within nine years. */
  stateAt(at: number): { readonly open: boolean; readonly because: R; readonly nextChangeAt: number | null } {
    const stretch = this.stretchAt(at)
    const changes = this.changesOf(stretch)
    const index = lastNotAfter(changes, at)
    const now = changes[index]
    if (now === undefined) throw new RangeError(`${at} is no instant`)
    const flip = firstFlip(changes, index + 1, now.open) ?? this.firstFlipAfter(stretch, now.open)
    return { open: now.open, because: now.because, nextChangeAt: flip?.at ?? null }
  }

  private firstFlipAfter(stretch: number, open: boolean): Change<R> | undefined {
    for (let ahead = 1; ahead <= stretchesAhead; ahead++) {
      const flip = firstFlip(this.changesOf(stretch + ahead), 0, open)
      if (flip !== undefined) return flip
    }
    return undefined
  }

  /** Which stretch an instant lies in: its wall clock says, or falls back into one that has ended where autumn repeats it. */
  private stretchAt(at: number): number {
    let stretch = Math.floor(this.clock.wallAt(at) / (stretchDays * dayMs))
    while (at >= this.startOf(stretch + 1)) stretch++
    return stretch
  }

  private startOf(stretch: number): number {
    return this.clock.instantOf(stretch * stretchDays * dayMs)
  }

  private changesOf(stretch: number): readonly Change<R>[] {
    const known = this.stretches.get(stretch)
    if (known !== undefined) return known
    const end = this.startOf(stretch + 1)
    const changes: Change<R>[] = []
    for (const { wall, open, because } of layOut(this.openings, stretch * stretchDays, stretchDays, this.never)) {
      const at = this.clock.instantOf(wall)
      // What begins and ends inside a spring gap has no length, and never happens.
      if (changes.at(-1)?.at === at) changes.pop()
      if (at < end) changes.push({ at, open, because })
    }
    if (this.stretches.size >= stretchesKept) this.stretches.clear()
    this.stretches.set(stretch, changes)
    return changes
  }
}

/** The index of the last change at or before an instant; -1 where there is none. */
function lastNotAfter(changes: readonly { readonly at: number }[], at: number): number {
  let low = 0
  let high = changes.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((changes[middle]?.at ?? Infinity) <= at) low = middle + 1
    else high = middle
  }
  return low - 1
}

function firstFlip<C extends { readonly open: boolean }>(changes: readonly C[], from: number, open: boolean) {
  for (let index = from; index < changes.length; index++) {
    if (changes[index]?.open !== open) return changes[index]
  }
  return undefined
}
