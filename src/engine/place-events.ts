// An event of a leg becomes one of the place that the leg has in a call: its caller's, or a target's.
import type { TelephonyEvent } from '../ports'
import type { CallRegistry } from './call-registry'
import type { UnstampedEvent } from './call-runner'

type LegEvent = Extract<TelephonyEvent, { type: 'legSeen' | 'legRinging' | 'legAnswered' | 'legGone' }>

/** What an event means to a call if the leg is its caller, and if it is a target; undefined: nothing. */
export interface Meanings {
  readonly asCaller?: UnstampedEvent
  readonly asTarget?: LegEvent
  /**
   * A replacement sends only two events, hanging up and leaving Stasis: after either it is gone, with this cause.
   */
  readonly asReplacement?: number
}

export function postToPlace(
  registry: CallRegistry,
  leg: string,
  { asCaller, asTarget, asReplacement }: Meanings
): void {
  const place = registry.placeOf(leg)
  if (place === undefined) return
  const { runner, leg: target } = place
  const isReplacement = leg !== (target ?? runner.incoming.aLeg)
  if (isReplacement && asReplacement !== undefined) {
    runner.post(
      target === null
        ? { type: 'callerGone', cause: asReplacement }
        : { type: 'legGone', leg: target, cause: asReplacement }
    )
  } else if (target === null) {
    if (asCaller !== undefined) runner.post(asCaller)
  } else if (asTarget !== undefined) {
    runner.post({ ...asTarget, leg: target })
  }
}
