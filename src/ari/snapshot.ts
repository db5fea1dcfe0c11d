// What Asterisk's lists of channels and bridges say of legs and calls.
import { type AsteriskSnapshot, type SnapshotLeg, TelephonyError } from '../ports'
import { endpointOf, incomingCall, legArgument } from './events'
import { objectIn, objectsIn, textIn, textsIn } from './client/json'
import type { Json } from './client/json'
import { returnSigns } from './return-signs'

/** A leg by its channel. Whose it is, the arguments of Stasis say: `ownApp` is followme's own application. */
export function snapshotLeg(channel: Json, ownApp: string): SnapshotLeg {
  const dialplan = objectIn(channel, 'dialplan')
  const data = dialplan['app_name'] === 'Stasis' ? textIn(dialplan, 'app_data') : ''
  const [app, first, second, ...signs] = data.split(',')
  const isHere = app === ownApp
  const leg = {
    state: legState(channel['state']),
    who: endpointOf(channel),
    ours: isHere && first === legArgument,
    // An Asterisk that does not tell where a channel is must be believed to have it where we left it.
    controlled: isHere || !('app_name' in dialplan),
    at: { context: textIn(dialplan, 'context'), extension: textIn(dialplan, 'exten') }
  }
  if (leg.ours) return second === undefined ? leg : { ...leg, ringsFor: second }
  if (!isHere) return leg
  // Without arguments, one that has not been answered may be a caller whose dialplan names no number.
  if (first === undefined)
    return { ...leg, stranger: leg.state === 'up' || textIn(channel, 'name').startsWith('Local/') }
  return { ...leg, incoming: incomingCall(channel, textIn(channel, 'id'), first, second, returnSigns(signs)) }
}

/** Bridges by id. One of ours has the application's name. */
export function snapshotBridges(bridges: readonly Json[], ownApp: string): AsteriskSnapshot['bridges'] {
  return new Map(
    bridges.map((each) => [
      textIn(each, 'id'),
      { ours: textIn(each, 'name') === ownApp, members: textsIn(each, 'channels') }
    ])
  )
}

/** The things of a list. Throws `failed` if it is not a whole list of things that have an id; a bridge's members are ids, too. */
export function listed(answer: unknown): readonly Json[] {
  const things = objectsIn(answer)
  const isWhole = (each: Json): boolean =>
    textIn(each, 'id') !== '' &&
    (!('channels' in each) || (Array.isArray(each['channels']) && !textsIn(each, 'channels').includes('')))
  if (Array.isArray(answer) && things.length === answer.length && things.every(isWhole)) return things
  throw new TelephonyError('failed', 'Asterisk did not return the list that was requested')
}

/** Any other of Asterisk's states is one before ringing. */
function legState(state: unknown): SnapshotLeg['state'] {
  return state === 'Up' ? 'up' : state === 'Ringing' ? 'ringing' : 'down'
}
