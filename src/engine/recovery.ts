// After a gap in the events: what do we believe to be alive that Asterisk no longer knows? It looks, and never guesses;
// run twice, nothing more happens.
import { bridgeOf } from '../core/call-draft'
import type { Alive, Telephony } from '../core/ports'
import type { CallRegistry } from './call-registry'

/**
 * Tells every call what it has lost, and how far its legs have come meanwhile. Only what existed before Asterisk was asked
 * can be missing from its answer.
 */
export async function reconcile(registry: CallRegistry, telephony: Telephony): Promise<Alive> {
  const known = registry.all().map((runner) => ({ runner, legs: runner.legs.map((leg) => leg.id) }))
  const alive = await telephony.alive()
  for (const { runner, legs } of known) {
    if (!alive.legs.has(runner.incoming.aLeg)) runner.post({ type: 'callerLost' })
    for (const leg of legs) {
      const state = alive.legs.get(leg)
      if (state === undefined) runner.post({ type: 'legLost', leg })
      else if (state === 'ringing') runner.post({ type: 'legRinging', leg })
      else if (state === 'up') runner.post({ type: 'legAnswered', leg })
    }
    if (!alive.bridges.has(bridgeOf(runner.id))) runner.post({ type: 'bridgeLost' })
  }
  return alive
}
