// Who took whose place in a call during a gap in the events, as a snapshot of Asterisk shows it: a leg that sits in the call's bridge in
// the place of another, or that has picked up a target. PURE.
import { bridgeIdOf } from '../../call/ids'
import { currentLeg } from '../../call/places'
import type { Replacement } from '../../call/types'
import type { AsteriskSnapshot } from '../../ports'
import type { CallRegistry } from '../call-registry'
import type { CallRunner } from '../call-runner'

/** A place that another leg has: that of a target, by its id, or of the caller (null). `leg` had it before. */
export interface MissedReplacement {
  readonly place: string | null
  readonly leg: string
  readonly replacement: Replacement
}

/** What has to be known about the call. */
export type ReconciledCall = Pick<CallRunner, 'id' | 'incoming' | 'legs' | 'joined' | 'callerLeg' | 'isRinging'>

export function missedReplacements(
  alive: AsteriskSnapshot,
  runner: ReconciledCall,
  registry: Pick<CallRegistry, 'isKnown' | 'isReplaced'>
): readonly MissedReplacement[] {
  const members = alive.bridges.get(bridgeIdOf(runner.id))?.members ?? []
  const isStranger = (leg: string): boolean => !registry.isKnown(leg) && !registry.isReplaced(leg)
  const strangers = members.filter(isStranger)
  const free = strangers.length === 0 ? [] : freePlaces(alive, runner, members)
  const joined = free.slice(0, strangers.length).map((place, index) => replacedBy(alive, place, strangers[index] ?? ''))
  return joined.length > 0 ? joined : pickedUp(alive, runner, isStranger)
}

type Place = Omit<MissedReplacement, 'replacement'>

/**
 * The places whose legs should be in the bridge and are not. A leg that is elsewhere was moved by the replacement; a leg that is
 * gone may simply have hung up, so it comes last.
 */
function freePlaces({ legs }: AsteriskSnapshot, runner: ReconciledCall, members: readonly string[]): readonly Place[] {
  const targets = runner.legs
    .filter(({ id }) => runner.joined === undefined || id === runner.joined)
    .map((leg) => ({ place: leg.id, leg: currentLeg(leg) }))
  const places: readonly Place[] = [...targets, { place: null, leg: runner.callerLeg }]
  const free = places.filter(({ leg }) => !members.includes(leg))
  return [...free.filter(({ leg }) => legs.has(leg)), ...free.filter(({ leg }) => !legs.has(leg))]
}

/** In Asterisk, a leg that picked up a target belongs to the same caller, and the target's own leg is gone. */
function pickedUp(
  alive: AsteriskSnapshot,
  runner: ReconciledCall,
  isStranger: (leg: string) => boolean
): readonly MissedReplacement[] {
  if (!runner.isRinging) return []
  const gone = runner.legs.filter((leg) => leg.state !== 'creating' && !alive.legs.has(currentLeg(leg)))
  const [by] = [...alive.legs].flatMap(([leg, { ours, ringsFor }]) =>
    ours && ringsFor === runner.incoming.aLeg && isStranger(leg) ? [leg] : []
  )
  const [leg] = gone
  if (leg === undefined || by === undefined) return []
  return [replacedBy(alive, { place: leg.id, leg: currentLeg(leg) }, by)]
}

function replacedBy({ legs }: AsteriskSnapshot, place: Place, by: string): MissedReplacement {
  const { state, who = '' } = legs.get(by) ?? {}
  return { ...place, replacement: { by, isUp: state === 'up', who } }
}
