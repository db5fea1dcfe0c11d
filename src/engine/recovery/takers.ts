// Who has taken whose place in a call while nobody heard of it, as a look at Asterisk shows it: whoever sits in the call's bridge in
// the place of one who belongs there, and whoever has picked up one of its legs. PURE.
import { bridgeOf } from '../../call/ids'
import { currentLeg } from '../../call/places'
import type { Taker } from '../../call/types'
import type { AsteriskSnapshot } from '../../ports'
import type { CallRegistry } from '../call-registry'
import type { CallRunner } from '../call-runner'

/** A place that another leg has: that of a target, by its id, or of the caller (null). `leg` had it before. */
export interface Taken {
  readonly place: string | null
  readonly leg: string
  readonly taker: Taker
}

/** What is to be known of the call. */
export type LookedAt = Pick<CallRunner, 'id' | 'incoming' | 'legs' | 'joined' | 'callerLeg' | 'isRinging'>

export function takersOf(
  alive: AsteriskSnapshot,
  runner: LookedAt,
  registry: Pick<CallRegistry, 'isKnown' | 'isReplaced'>
): readonly Taken[] {
  const members = alive.bridges.get(bridgeOf(runner.id))?.members ?? []
  const isStranger = (leg: string): boolean => !registry.isKnown(leg) && !registry.isReplaced(leg)
  const strangers = members.filter(isStranger)
  const free = strangers.length === 0 ? [] : freePlaces(alive, runner, members)
  const joined = free.slice(0, strangers.length).map((place, index) => taken(alive, place, strangers[index] ?? ''))
  return joined.length > 0 ? joined : pickedUp(alive, runner, isStranger)
}

type Place = Omit<Taken, 'taker'>

/**
 * The places of those who should be in the bridge and are not. One who is elsewhere has been put there by whoever came; one who is
 * gone may have hung up.
 */
function freePlaces({ legs }: AsteriskSnapshot, runner: LookedAt, members: readonly string[]): readonly Place[] {
  const targets = runner.legs
    .filter(({ id }) => runner.joined === undefined || id === runner.joined)
    .map((leg) => ({ place: leg.id, leg: currentLeg(leg) }))
  const places: readonly Place[] = [...targets, { place: null, leg: runner.callerLeg }]
  const free = places.filter(({ leg }) => !members.includes(leg))
  return [...free.filter(({ leg }) => legs.has(leg)), ...free.filter(({ leg }) => !legs.has(leg))]
}

/** Asterisk says of one who has picked up a leg that it was made for the same caller; the leg itself is no more. */
function pickedUp(alive: AsteriskSnapshot, runner: LookedAt, isStranger: (leg: string) => boolean): readonly Taken[] {
  if (!runner.isRinging) return []
  const gone = runner.legs.filter((leg) => leg.state !== 'creating' && !alive.legs.has(currentLeg(leg)))
  const [by] = [...alive.legs].flatMap(([leg, { ours, ringsFor }]) =>
    ours && ringsFor === runner.incoming.aLeg && isStranger(leg) ? [leg] : []
  )
  const [leg] = gone
  if (leg === undefined || by === undefined) return []
  return [taken(alive, { place: leg.id, leg: currentLeg(leg) }, by)]
}

function taken({ legs }: AsteriskSnapshot, place: Place, by: string): Taken {
  const { state, who = '' } = legs.get(by) ?? {}
  return { ...place, taker: { by, isUp: state === 'up', who } }
}
