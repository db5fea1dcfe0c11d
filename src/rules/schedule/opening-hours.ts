// Which hours each day has, by windows and exceptions: a thousand of them cost little more than one. PURE.
import { type CalendarDay, calendarDay } from './wall-clock'

/** A stretch of wall clock, in milliseconds from some midnight; `to` is exclusive and may lie on a later day. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** A span and its reason, whatever the caller gives. */
export interface OpenSpan<R> extends Span {
  readonly because: R
}

/** One window: on the days that match it is open for these spans. */
export interface CompiledWindow<R> {
  readonly because: R
  /** Which days these are, as text: the same text, the same days. */
  readonly days: string
  matches(day: CalendarDay): boolean
  /** From the midnight that the day begins with; in order, apart from each other. */
  readonly spans: readonly Span[]
}

/** One exception: instead of any window, these days (counted from 1970-01-01, inclusive) have these hours, or none. */
export interface CompiledException<R> {
  readonly because: R
  readonly fromDay: number
  readonly toDay: number
  readonly hours: Span | null
}

/** Some days (inclusive) that have the same exceptions. */
interface ExceptedDays<R> {
  readonly fromDay: number
  readonly toDay: number
  readonly spans: readonly OpenSpan<R>[]
  /** Why it is closed for the rest of them. */
  readonly because: R
}

/** Asked again and again, it answers from what it has worked out for a day like that one. */
export class OpeningHours<R> {
  /** No window is open for longer than this after the midnight of its day. */
  readonly longest: number
  private readonly kinds: readonly (readonly CompiledWindow<R>[])[]
  private readonly unions = new Map<string, readonly OpenSpan<R>[]>()
  private readonly excepted: readonly ExceptedDays<R>[]

  constructor(patterns: readonly CompiledWindow<R>[], exceptions: readonly CompiledException<R>[]) {
    this.longest = patterns.reduce((most, { spans }) => Math.max(most, spans.at(-1)?.to ?? 0), 0)
    const kinds = new Map<string, CompiledWindow<R>[]>()
    for (const pattern of patterns) {
      const kind = kinds.get(pattern.days)
      if (kind === undefined) kinds.set(pattern.days, [pattern])
      else kind.push(pattern)
    }
    this.kinds = [...kinds.values()]
    this.excepted = exceptedDays(exceptions)
  }

  /** The exceptions of a day, or undefined where it has none. */
  exceptedOn(day: number): ExceptedDays<R> | undefined {
    const excepted = this.excepted[this.firstEndingFrom(day)]
    return excepted !== undefined && excepted.fromDay <= day ? excepted : undefined
  }

  /** The first day from `day` on that has an exception; Infinity where there is none. */
  nextExcepted(day: number): number {
    const excepted = this.excepted[this.firstEndingFrom(day)]
    return excepted === undefined ? Infinity : Math.max(excepted.fromDay, day)
  }

  /** What windows open on a day without exceptions, in order, apart from each other; the reason is what opened first. */
  windowsOn(day: number): readonly OpenSpan<R>[] {
    const calendar = calendarDay(day)
    const matching: number[] = []
    for (const [index, [pattern]] of this.kinds.entries()) if (pattern?.matches(calendar) === true) matching.push(index)
    const key = matching.join()
    let union = this.unions.get(key)
    if (union === undefined) {
      const spans = matching
        .flatMap((index) => this.kinds[index] ?? [])
        .flatMap((pattern) => pattern.spans.map(({ from, to }) => ({ from, to, because: pattern.because })))
      union = joined(spans)
      this.unions.set(key, union)
    }
    return union
  }

  private firstEndingFrom(day: number): number {
    let low = 0
    let high = this.excepted.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.excepted[middle]?.toDay ?? Infinity) < day) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** The days that have exceptions, in order, apart from each other. Where several cover a day, their hours add up. */
function exceptedDays<R>(exceptions: readonly CompiledException<R>[]): ExceptedDays<R>[] {
  // Where several cover a day, the one that begins last gives the reason: it was written with that day in mind.
  const left = exceptions.toSorted((a, b) => a.fromDay - b.fromDay)
  const edges = [...new Set(exceptions.flatMap(({ fromDay, toDay }) => [fromDay, toDay + 1]))].sort((a, b) => a - b)
  const days: ExceptedDays<R>[] = []
  let active: CompiledException<R>[] = []
  let taken = 0
  for (const [index, fromDay] of edges.entries()) {
    active = active.filter(({ toDay }) => toDay >= fromDay)
    for (let next = left[taken]; next?.fromDay === fromDay; next = left[++taken]) active.push(next)
    const last = active.at(-1)
    if (last === undefined) continue
    const hours = active.flatMap(({ hours, because }) => (hours === null ? [] : [{ ...hours, because }]))
    days.push({ fromDay, toDay: (edges[index + 1] ?? Infinity) - 1, spans: inOrder(hours), because: last.because })
  }
  return days
}

/** Spans that touch or overlap made one. */
function joined<R>(spans: readonly OpenSpan<R>[]): readonly OpenSpan<R>[] {
  const apart: { from: number; to: number; because: R }[] = []
  for (const { from, to, because } of inOrder(spans)) {
    const last = apart.at(-1)
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to)
    else apart.push({ from, to, because })
  }
  return apart
}

function inOrder<R>(spans: readonly OpenSpan<R>[]): readonly OpenSpan<R>[] {
  return spans.toSorted((a, b) => a.from - b.from)
}
