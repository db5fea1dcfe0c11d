// Who has whose place in the model of Asterisk: legs that take the caller's place or a target's, and those that had it before.
import { currentCaller, currentLegOf } from '../../src/call/places'
import type { Call, CallEvent } from '../../src/call/types'
import { incoming } from './given-caller'

type Event = CallEvent extends infer E ? (E extends CallEvent ? Omit<E, 'at'> : never) : never
type Place = string | null

/** So many replacements in one call are enough. */
const most = 3

export class ReplacementModel {
  private readonly current = new Map<Place, string>()
  /** Legs whose place was taken, and that are still there. */
  readonly replaced = new Set<string>()
  private count = 0

  get isEnough(): boolean {
    return this.count >= most
  }

  /** Another leg takes the place; Asterisk says so. What was there before stays until it is hung up. */
  take(place: Place, isUp: boolean): Event {
    this.replaced.add(this.current.get(place) ?? place ?? incoming.aLeg)
    const by = `t${String((this.count += 1))}`
    this.current.set(place, by)
    return eventOf(place, by, isUp)
  }

  /** A leg is made anew, with the id of one that is gone: nobody has taken its place. */
  forget(place: string): void {
    this.current.delete(place)
  }

  /** The place whose leg this is now; undefined: none that was taken. */
  placeOf(leg: string): Place | undefined {
    for (const [place, each] of this.current) if (each === leg) return place
    return undefined
  }

  /** The call still believes another leg to be there. */
  isNews(call: Call, place: Place): boolean {
    const leg = this.current.get(place)
    return leg !== undefined && leg !== (place === null ? currentCaller(call) : currentLegOf(call, place))
  }

  /** What a look tells of the place. */
  found(place: Place, isUp: boolean): Event {
    return eventOf(place, this.current.get(place) ?? '', isUp)
  }

  /** Of those who came and went in a gap nobody tells: the next look clears them away. */
  forgetUnheard(heard: readonly string[]): void {
    for (const leg of this.replaced) if (!heard.includes(leg)) this.replaced.delete(leg)
  }
}

function eventOf(place: Place, by: string, isUp: boolean): Event {
  const replacement = { by, isUp, who: 'PJSIP/taker' }
  return place === null
    ? { ...replacement, type: 'callerReplaced' }
    : { ...replacement, type: 'legReplaced', leg: place }
}
