// Clears away the legs and bridges of earlier processes that no call controls any more (see call/orphans.ts).
import { Cause } from '../../call/cause'
import { type Orphans, orphans } from '../../call/orphans'
import type { AsteriskSnapshot, Log, Telephony } from '../../ports'
import type { CallRegistry } from '../call-registry'

/** Hangs up and destroys orphans, and nothing else. Returns them. What fails is an orphan again in the next snapshot. */
export async function sweep(
  snapshot: AsteriskSnapshot,
  registry: CallRegistry,
  telephony: Telephony,
  log: Log
): Promise<Orphans> {
  const found = orphans(snapshot, registry)
  const { legs, bridges } = found
  if (legs.length > 0 || bridges.length > 0) {
    log.info('cleaning up legs and bridges left over from an earlier run', {
      legs: legs.length,
      bridges: bridges.length
    })
  }
  await Promise.allSettled([
    ...legs.map((leg) => telephony.hangUp(leg, Cause.normalClearing)),
    ...bridges.map((bridge) => telephony.destroyBridge(bridge))
  ])
  return found
}
