// Compares a snapshot of Asterisk with what each call believes, and posts the events that the call missed during a gap.
import { bridgeIdOf, callIdOf } from '../../call/ids'
import type { AsteriskSnapshot, Telephony } from '../../ports'
import { grouped } from '../../rules/rule-tables'
import type { CallRegistry } from '../call-registry'
import type { CallRunner } from '../call-runner'
import { missedReplacements } from './missed-replacements'

/**
 * Posts to every call what it has lost, and how far its legs have come meanwhile. Only what existed before the snapshot was
 * requested can be missing from it: the legs of the moment before, except those still being made, and those of the calls that
 * `restore` brings back from their records once the snapshot is there.
 */
export async function postMissedEvents(
  registry: CallRegistry,
  telephony: Telephony,
  restore: (snapshot: AsteriskSnapshot) => ReadonlySet<CallRunner>
): Promise<{ readonly snapshot: AsteriskSnapshot; readonly isParted: boolean }> {
  const known = new Map(registry.all().map((runner) => [runner, believed(runner)]))
  let isParted = false
  const snapshot = await telephony.snapshot()
  // The last event of a leg that was gone before the snapshot may arrive after it, and has the right cause.
  await telephony.eventBarrier()
  const restored = restore(snapshot)
  const made = grouped(
    [...snapshot.legs.keys()].filter((id) => registry.makerOf(id) !== undefined && !registry.isReplaced(id)),
    callIdOf
  )
  for (const runner of new Set([...known.keys(), ...restored])) {
    const before = restored.has(runner) ? believed(runner) : (known.get(runner) ?? believed(runner))
    // The snapshot is older than a replacement that we know of: wait for the next one.
    if (before.replacements !== runner.replacements) {
      isParted = true
      resume(runner)
      continue
    }
    applyMissedReplacements(snapshot, runner, registry)
    const found = made.get(runner.id) ?? []
    const caller = snapshot.legs.get(runner.callerLeg)
    if (caller === undefined) runner.post({ type: 'callerLost' })
    else if (!caller.controlled) runner.post({ type: 'callerLeft' })
    else if (caller.state === 'up') runner.post({ type: 'callerUp' })
    for (const leg of found) if (!runner.knows(leg)) runner.post({ type: 'legFound', leg })
    const together = snapshot.bridges.get(bridgeIdOf(runner.id))
    for (const leg of new Set([...before.legs, ...found])) {
      const current = runner.currentLegOf(leg)
      const { state, ours, undialled } = snapshot.legs.get(current) ?? {}
      if (state === undefined) runner.post({ type: restored.has(runner) ? 'legUnmade' : 'legLost', leg })
      else if (undialled === true && restored.has(runner)) runner.post({ type: 'legUndialled', leg })
      else if (state === 'down' && ours === true) runner.post({ type: 'legSeen', leg })
      else if (state === 'ringing') runner.post({ type: 'legRinging', leg })
      else if (together?.members.includes(current) === true && together.members.includes(runner.callerLeg)) {
        runner.post({ type: 'joined', leg })
      } else if (state === 'up') runner.post({ type: 'legAnswered', leg })
    }
    const partner = restored.has(runner) ? runner.partner : before.partner
    if (partner !== undefined && areParted(snapshot, runner, partner, together?.members ?? [])) {
      isParted = true
      runner.post({ type: 'parted', leg: partner })
    }
    if (together === undefined) runner.post({ type: 'bridgeLost' })
    resume(runner)
  }
  return { snapshot, isParted }
}

function resume(runner: CallRunner): void {
  runner.post({ type: 'recovered' })
  runner.resume()
}

/** Registers legs that have taken another's place during the gap. */
function applyMissedReplacements(snapshot: AsteriskSnapshot, runner: CallRunner, registry: CallRegistry): void {
  for (const { place, leg, replacement } of missedReplacements(snapshot, runner, registry)) {
    registry.replace(leg, replacement.by)
    runner.replaced(place, replacement)
  }
}

/** Both are here, but no longer in one bridge. If somebody else is in the bridge, that is a replacement and stays so. */
function areParted(
  { legs }: AsteriskSnapshot,
  runner: CallRunner,
  partner: string,
  members: readonly string[]
): boolean {
  const two = [runner.callerLeg, runner.currentLegOf(partner)]
  const areHere = two.every((leg) => legs.get(leg)?.controlled === true && legs.get(leg)?.state === 'up')
  return areHere && members.length < 2 && members.every((each) => two.includes(each))
}

/** What a call believes before Asterisk is asked. */
function believed({ legs, partner, replacements }: CallRunner) {
  return { legs: legs.flatMap(({ id, state }) => (state === 'creating' ? [] : [id])), partner, replacements }
}
