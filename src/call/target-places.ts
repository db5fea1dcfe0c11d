// Which calls each target is in, and which it has just had: whether one more is within its limit. PURE.
import type { TargetLimit } from '../rules/target-limits'

/** A target's place in a call. */
interface Place {
  readonly dial: string
  readonly call: string
}

/** A conversation that has ended, at this instant in milliseconds since the epoch. */
interface Ended {
  readonly place: string
  readonly at: number
}

/** The longest wrap-up. */
export const longestWrapUpMs = 3_600_000

export class TargetPlaces {
  private readonly places = new Map<string, Place>()
  private readonly placesOf = new Map<string, Set<string>>()
  private readonly ended = new Map<string, readonly Ended[]>()

  /** The target has this place in the call from now on, whoever had it before. */
  take(place: string, dial: string, call: string): void {
    this.leave(place)
    this.places.set(place, { dial, call })
    const known = this.placesOf.get(dial)
    if (known === undefined) this.placesOf.set(dial, new Set([place]))
    else known.add(place)
  }

  /** Nobody has this place any more. Returns who had it. */
  leave(place: string): string | undefined {
    const dial = this.places.get(place)?.dial
    if (dial === undefined) return undefined
    this.places.delete(place)
    const others = this.placesOf.get(dial)
    others?.delete(place)
    if (others?.size === 0) this.placesOf.delete(dial)
    return dial
  }

  /** Whether somebody has this place. */
  has(place: string): boolean {
    return this.places.has(place)
  }

  /** The target has talked until then. */
  talked(place: string, dial: string, at: number): void {
    const recent = (this.ended.get(dial) ?? []).filter((each) => each.place !== place && each.at > at - longestWrapUpMs)
    this.ended.set(dial, [...recent, { place, at }])
  }

  /** Forgets the conversations that ended before. */
  forget(before: number): void {
    for (const [dial, ended] of this.ended) if (ended.every(({ at }) => at < before)) this.ended.delete(dial)
  }

  /** Why the target may not have this place, too, in words; undefined if it may. What it has there already does not count. */
  refusalOf(place: string, { dial, maxCalls, wrapUpSeconds }: TargetLimit, now: number): string | undefined {
    const live = [...(this.placesOf.get(dial) ?? [])].filter((each) => each !== place)
    const calls = [...new Set(live.flatMap((each) => this.places.get(each)?.call ?? []))]
    const wrapUpMs = wrapUpSeconds * 1000
    const wrapping =
      wrapUpMs === 0 ? [] : (this.ended.get(dial) ?? []).map(({ at }) => at + wrapUpMs).filter((until) => until > now)
    if (live.length + wrapping.length < maxCalls) return undefined
    const words = [
      ...(calls.length > 0 ? [`is in ${callsText(calls)}`] : []),
      ...(wrapping.length > 0 ? [`wraps up until ${new Date(Math.min(...wrapping)).toISOString()}`] : [])
    ]
    const most = live.length > 0 || maxCalls > 1 ? `, and target_limits allows ${maxCalls}` : ''
    return `${dial} ${words.join(' and ')}${most}`
  }
}

const mostNamed = 3

/** `call A`, `calls A and B`, `calls A, B, C and 4 more`. */
function callsText(calls: readonly string[]): string {
  const named = calls.slice(0, mostNamed)
  const more = calls.length - named.length
  const all = more > 0 ? [...named, `${more} more`] : named
  const last = all.at(-1) ?? ''
  return all.length === 1 ? `call ${last}` : `calls ${all.slice(0, -1).join(', ')} and ${last}`
}
