// An event of a leg becomes one of the place that the leg has in a call: its caller's, or a target's.
import type { TelephonyEvent } from '../ports'
import type { CallRegistry } from './call-registry'
import type { Happening } from './call-runner'

type LegEvent = Extract<TelephonyEvent, { type: 'legSeen' | 'legRinging' | 'legAnswered' | 'legGone' }>

/** What an event says to a call whose caller has sent it, and to one whose target has; undefined: nothing. */
export interface Meanings {
  readonly asCaller?: Happening
  readonly asTarget?: LegEvent
  /**
   * Of a leg that has taken another's place Asterisk says no more than that it hangs up, or leaves our hands: with this cause it is
   * gone.
   */
  readonly asTaker?: number
}

export function tellPlace(registry: CallRegistry, leg: string, { asCaller, asTarget, asTaker }: Meanings): void {
  const place = registry.placeOf(leg)
  if (place === undefined) return
  const { runner, leg: target } = place
  const hasTaken = leg !== (target ?? runner.incoming.aLeg)
  if (hasTaken && asTaker !== undefined) {
    runner.post(
      target === null ? { type: 'callerGone', cause: asTaker } : { type: 'legGone', leg: target, cause: asTaker }
    )
  } else if (target === null) {
    if (asCaller !== undefined) runner.post(asCaller)
  } else if (asTarget !== undefined) {
    runner.post({ ...asTarget, leg: target })
  }
}
