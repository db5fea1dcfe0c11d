// Gives each call what it missed during a gap in the events: its legs and its caller in a snapshot of Asterisk, beside what the
// call believes. Running it twice changes nothing more.
import { bridgeOf, callOf } from '../../call/ids'
import type { AsteriskSnapshot, Telephony } from '../../ports'
import { grouped } from '../../rules/rule-tables'
import type { CallRegistry } from '../call-registry'
import type { CallRunner } from '../call-runner'

/**
 * Tells every call what it has lost, and how far its legs have come meanwhile. Only what existed before Asterisk was asked
 * can be missing from its answer: the legs of the moment before, except those still being made, and those of the calls that
 * `restore` brings back from their records once the answer is there.
 */
export async function reconcileCalls(
  registry: CallRegistry,
  telephony: Telephony,
  restore: (alive: AsteriskSnapshot) => ReadonlySet<CallRunner>
): Promise<{ readonly alive: AsteriskSnapshot; readonly isParted: boolean }> {
  const known = new Map(registry.all().map((runner) => [runner, madeBy(runner)]))
  const partners = new Map(registry.all().map((runner) => [runner, runner.partner]))
  let isParted = false
  const alive = await telephony.snapshot()
  // Whoever has gone before the list was made has gone as their last event says, which may come behind the list.
  await telephony.eventBarrier()
  const restored = restore(alive)
  const made = grouped(
    [...alive.legs.keys()].filter((id) => registry.makerOf(id) !== undefined),
    callOf
  )
  for (const runner of new Set([...known.keys(), ...restored])) {
    const before = restored.has(runner) ? madeBy(runner) : (known.get(runner) ?? [])
    const found = made.get(runner.id) ?? []
    const caller = alive.legs.get(runner.incoming.aLeg)
    if (caller === undefined) runner.post({ type: 'callerLost' })
    else if (!caller.controlled) runner.post({ type: 'callerLeft' })
    else if (caller.state === 'up') runner.post({ type: 'callerUp' })
    for (const leg of found) if (!runner.knows(leg)) runner.post({ type: 'legFound', leg })
    const together = alive.bridges.get(bridgeOf(runner.id))
    for (const leg of new Set([...before, ...found])) {
      const { state, ours, undialled } = alive.legs.get(leg) ?? {}
      if (state === undefined) runner.post({ type: restored.has(runner) ? 'legUnmade' : 'legLost', leg })
      else if (undialled === true && restored.has(runner)) runner.post({ type: 'legUndialled', leg })
      else if (state === 'down' && ours === true) runner.post({ type: 'legSeen', leg })
      else if (state === 'ringing') runner.post({ type: 'legRinging', leg })
      else if (together?.members.includes(leg) === true && together.members.includes(runner.incoming.aLeg)) {
        runner.post({ type: 'joined', leg })
      } else if (state === 'up') runner.post({ type: 'legAnswered', leg })
    }
    const partner = restored.has(runner) ? runner.partner : partners.get(runner)
    if (partner !== undefined && areParted(alive, runner.incoming.aLeg, partner, together?.members ?? [])) {
      isParted = true
      runner.post({ type: 'parted', leg: partner })
    }
    if (together === undefined) runner.post({ type: 'bridgeLost' })
    runner.post({ type: 'recovered' })
    runner.resume()
  }
  return { alive, isParted }
}

/** Both are here, and no longer together. A stranger in their bridge has taken the place of one: that is not undone. */
function areParted({ legs }: AsteriskSnapshot, caller: string, partner: string, members: readonly string[]): boolean {
  const two = [caller, partner]
  const areHere = two.every((leg) => legs.get(leg)?.controlled === true && legs.get(leg)?.state === 'up')
  return areHere && members.length < 2 && members.every((each) => two.includes(each))
}

function madeBy({ legs }: CallRunner): readonly string[] {
  return legs.flatMap(({ id, state }) => (state === 'creating' ? [] : [id]))
}
