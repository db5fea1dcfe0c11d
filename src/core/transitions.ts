// Windows and exceptions laid out over a stretch of days, on the wall clock. PURE: imports only core/.
import { type CalendarDay, calendarDay, dayMs } from './wall-clock'

/** A stretch of wall clock, in milliseconds from some midnight; `to` is exclusive and may lie on a later day. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** One window: on the days that match it is open for these spans. `R` is whatever reason the caller gives. */
export interface DayPattern<R> {
  readonly because: R
  matches(day: CalendarDay): boolean
  /** From the midnight that the day begins with; in order, apart from each other. */
  readonly spans: readonly Span[]
}

/** One exception: instead of any window, these days (counted from 1970-01-01, inclusive) have these hours, or none. */
export interface ExceptionDays<R> {
  readonly because: R
  readonly fromDay: number
  readonly toDay: number
  readonly hours: Span | null
}

/** From here on, until the next one, open or closed. */
export interface Transition<R> {
  readonly wall: number
  readonly open: boolean
  readonly because: R
}

interface OpenSpan<R> extends Span {
  readonly because: R
}

/**
 * What happens from the midnight of `firstDay` on, for so many days: the first transition is at that midnight, and each
 * differs from the one before. A window belongs to the day it opens on: one that would open on an exception's day does
 * not open at all, and one from the evening before ends where an exception's day begins. Where several windows overlap,
 * the reason is the one that opened first; where several exceptions share a day, their hours add up.
 */
export function layOut<R>(
  patterns: readonly DayPattern<R>[],
  exceptions: readonly ExceptionDays<R>[],
  firstDay: number,
  days: number,
  never: R
): readonly Transition<R>[] {
  const endDay = firstDay + days
  const longest = Math.max(0, ...patterns.map(({ spans }) => spans.at(-1)?.to ?? 0))
  const lookBackDay = firstDay - Math.ceil(longest / dayMs)
  const near = exceptions.filter(({ fromDay, toDay }) => fromDay < endDay && toDay >= lookBackDay)
  const exceptionsOn = (day: number) => near.filter(({ fromDay, toDay }) => fromDay <= day && day <= toDay)

  const spans: OpenSpan<R>[] = []
  let nextExceptionMidnight = endDay * dayMs
  for (let day = endDay - 1; day >= lookBackDay; day--) {
    const midnight = day * dayMs
    const excepted = near.length === 0 ? [] : exceptionsOn(day)
    if (excepted.length > 0) {
      nextExceptionMidnight = midnight
      for (const { hours, because } of excepted) {
        if (hours !== null) spans.push({ from: midnight + hours.from, to: midnight + hours.to, because })
      }
      continue
    }
    const calendar = calendarDay(day)
    for (const pattern of patterns) {
      if (!pattern.matches(calendar)) continue
      for (const { from, to } of pattern.spans) {
        spans.push({
          from: midnight + from,
          to: Math.min(midnight + to, nextExceptionMidnight),
          because: pattern.because
        })
      }
    }
  }
  spans.sort((a, b) => a.from - b.from)

  const transitions: Transition<R>[] = []
  const add = (wall: number, open: boolean, because: R) => {
    const last = transitions.at(-1)
    if (last?.open !== open || last.because !== because) transitions.push({ wall, open, because })
  }
  const close = (from: number, to: number) => {
    if (near.length === 0) {
      add(from, false, never)
      return
    }
    for (let day = Math.floor(from / dayMs); day * dayMs < to; day++) {
      add(Math.max(from, day * dayMs), false, exceptionsOn(day).at(-1)?.because ?? never)
    }
  }
  let reached = firstDay * dayMs
  for (const { from, to, because } of spans) {
    if (to <= reached) continue
    if (from > reached) close(reached, from)
    add(Math.max(from, reached), true, because)
    reached = to
  }
  if (reached < endDay * dayMs) close(reached, endDay * dayMs)
  return transitions
}
