// When the windows and exceptions of a schedule open and close it, over some days, on the wall clock. PURE.
import type { OpeningHours } from './opening-hours'
import { dayMs } from './wall-clock'

/** From here on, until the next one, open or closed. */
export interface OpenCloseChange<R> {
  readonly wall: number
  readonly open: boolean
  readonly because: R
}

/**
 * What happens from the midnight of `firstDay` on, for so many days: the first change is at that midnight, and each
 * differs from the one before. A window belongs to the day it opens on: one that would open on an exception's day does
 * not open at all, and one from the evening before ends where an exception's day begins. Where several windows overlap,
 * the reason is the one that opened first; where several exceptions share a day, their hours add up.
 */
export function openCloseChanges<R>(
  hours: OpeningHours<R>,
  firstDay: number,
  days: number,
  never: R
): readonly OpenCloseChange<R>[] {
  const end = (firstDay + days) * dayMs
  const changes: OpenCloseChange<R>[] = []
  const add = (wall: number, open: boolean, because: R) => {
    const last = changes.at(-1)
    if (last?.open !== open || last.because !== because) changes.push({ wall, open, because })
  }
  const close = (from: number, to: number) => {
    for (let day = Math.floor(from / dayMs); day * dayMs < to; day++) {
      add(Math.max(from, day * dayMs), false, hours.exceptedOn(day)?.because ?? never)
    }
  }
  let reached = firstDay * dayMs
  for (let day = firstDay - Math.ceil(hours.longest / dayMs); day * dayMs < end && reached < end; day++) {
    const midnight = day * dayMs
    const spans = hours.exceptedOn(day)?.spans ?? hours.windowsOn(day)
    // Nothing that opens today goes on into the next exception's day.
    const latest = Math.min(hours.nextExcepted(day + 1) * dayMs, end)
    for (const span of spans) {
      const from = midnight + span.from
      const to = Math.min(midnight + span.to, latest)
      if (to <= reached) continue
      if (from > reached) close(reached, from)
      add(Math.max(from, reached), true, span.because)
      reached = to
    }
  }
  if (reached < end) close(reached, end)
  return changes
}
