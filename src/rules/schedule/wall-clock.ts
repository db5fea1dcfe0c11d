// Wall clocks: what a clock on the wall of some zone reads, and when it reads it. PURE: the zone's offset is given.
//
// "Wall" values are milliseconds since 1970-01-01 00:00 as read off that wall, so that a day is always 24 hours long.

export const minuteMs = 60_000
export const dayMs = 86_400_000

/** A calendar day in the terms that cron uses: month 1-12, weekday 0 (Sunday) to 6. */
export interface CalendarDay {
  /** Days since 1970-01-01. */
  readonly day: number
  readonly month: number
  readonly date: number
  readonly weekday: number
  readonly daysInMonth: number
}

/** The day so many days after 1970-01-01. */
export function calendarDay(day: number): CalendarDay {
  const at = new Date(day * dayMs)
  const daysInMonth = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate()
  return { day, month: at.getUTCMonth() + 1, date: at.getUTCDate(), weekday: at.getUTCDay(), daysInMonth }
}

/** Days since 1970-01-01 of a date YYYY-MM-DD that exists in the calendar, or undefined. */
export function parseDate(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined
  const at = Date.parse(`${text}T00:00:00Z`)
  // Date.parse lets 2026-02-30 through as the second of March.
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text ? undefined : at / dayMs
}

/** Minutes since midnight of a time HH:MM, 00:00 to 24:00, or undefined. */
export function parseTime(text: string): number | undefined {
  const parts = /^(\d{2}):(\d{2})$/.exec(text)
  if (parts === null) return undefined
  const minutes = Number(parts[1]) * 60 + Number(parts[2])
  return Number(parts[2]) < 60 && minutes <= 24 * 60 ? minutes : undefined
}

/** At this instant the clocks go forward by so much; a negative amount is back. */
export interface ClockChange {
  readonly at: number
  readonly byMs: number
}

/** From `at` on the zone's offset from UTC is `offset`, both in milliseconds, until the next piece. */
interface Piece {
  readonly at: number
  readonly offset: number
}

// Offsets are looked up through the operating system's zone tables, which is slow; so they are read once, by buckets.
const bucketMs = 64 * dayMs
// No zone is further from UTC than this, with room to spare.
const maxOffsetMs = 26 * 3_600_000

/** One zone's clock. The same questions always get the same answers; what it remembers only makes it fast. */
export class WallClock {
  private readonly buckets = new Map<number, readonly Piece[]>()

  /** `offsetAt` gives the zone's offset from UTC at an instant, in milliseconds. */
  constructor(private readonly offsetAt: (instant: number) => number) {}

  /** What the wall reads at an instant. */
  wallAt(instant: number): number {
    const pieces = this.piecesOf(Math.floor(instant / bucketMs))
    const piece = pieces.findLast(({ at }) => at <= instant)
    return instant + (piece?.offset ?? 0)
  }

  /**
   * The first instant at which the wall reads `wall` or later. That is followme's whole rule for daylight saving: a time
   * inside a spring gap happens at the end of the gap, and a time that autumn repeats happens the first time round.
   */
  instantOf(wall: number): number {
    const last = Math.floor((wall + maxOffsetMs) / bucketMs)
    for (let bucket = Math.floor((wall - maxOffsetMs) / bucketMs); bucket <= last; bucket++) {
      const pieces = this.piecesOf(bucket)
      for (const [index, { at, offset }] of pieces.entries()) {
        const end = pieces[index + 1]?.at ?? (bucket + 1) * bucketMs
        if (end + offset > wall) return Math.max(at, wall - offset)
      }
    }
    throw new RangeError(`no instant for wall clock ${wall}: the zone's offset is beyond ${maxOffsetMs} ms`)
  }

  /** When the zone's clocks are changed, from one instant until another (exclusive), and by how much: back is negative. */
  changesBetween(from: number, to: number): readonly ClockChange[] {
    const changes: ClockChange[] = []
    // A change at the very end of a bucket is kept in that bucket.
    for (let bucket = Math.floor((from - 1) / bucketMs); bucket * bucketMs < to; bucket++) {
      let before: Piece | undefined
      for (const piece of this.piecesOf(bucket)) {
        const { at, offset } = piece
        if (before !== undefined && at >= from && at < to) changes.push({ at, byMs: offset - before.offset })
        before = piece
      }
    }
    return changes
  }

  private piecesOf(bucket: number): readonly Piece[] {
    const known = this.buckets.get(bucket)
    if (known !== undefined) return known
    const start = bucket * bucketMs
    const pieces: Piece[] = [{ at: start, offset: this.offsetAt(start) }]
    // A day at a time: no zone has ever changed its clock and changed it back within a day.
    let offset = pieces[0]?.offset ?? 0
    for (let at = start; at < start + bucketMs; at += dayMs) {
      const after = this.offsetAt(at + dayMs)
      if (after === offset) continue
      pieces.push({ at: this.changeBetween(at, at + dayMs, offset), offset: after })
      offset = after
    }
    this.buckets.set(bucket, pieces)
    return pieces
  }

  /** The first instant after `low` whose offset is no longer `offset`; at `high` it no longer is. */
  private changeBetween(low: number, high: number, offset: number): number {
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (this.offsetAt(middle) === offset) low = middle
      else high = middle
    }
    return high
  }
}
