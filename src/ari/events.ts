// ARI's JSON events → what a call can use. Tolerant by construction: an unknown type or a missing field gives nothing.
import type { IncomingCall, ReturnSigns, TelephonyEvent } from '../ports'
import { isObject, numberIn, objectIn, textIn, textsIn } from './client/json'
import type { Json } from './client/json'
import { returnSigns } from './return-signs'

/** The event types that {@link readEvent} understands: Asterisk is asked to send no others. */
export const wantedEvents = [
  'StasisStart',
  'StasisEnd',
  'Dial',
  'ChannelStateChange',
  'ChannelHangupRequest',
  'ChannelDestroyed',
  'ApplicationReplaced'
] as const

/** `replaced`: another program has taken our application's name, and its events with it. */
export type AriEvent = TelephonyEvent | { readonly type: 'replaced' }

/** Reads one parsed message of the event socket; undefined if it is of no use to us. Never throws. */
export function readEvent(message: unknown): AriEvent | undefined {
  if (!isObject(message)) return undefined
  const channel = objectIn(message, 'channel')
  const leg = textIn(channel, 'id')
  switch (message['type']) {
    case 'StasisStart':
      return stasisStart(message, channel, leg)
    case 'StasisEnd':
      return leg === '' ? undefined : { type: 'legLeft', leg }
    case 'ChannelHangupRequest':
      // A soft one may be a redirect, which the channel outlives.
      if (leg === '' || message['soft'] === true) return undefined
      return { type: 'legHangingUp', leg, cause: numberIn(message, 'cause') ?? 0 }
    case 'ChannelDestroyed':
      return leg === ''
        ? undefined
        : { type: 'legGone', leg, cause: numberIn(message, 'cause') ?? 0, ...sipCode(message) }
    case 'ChannelStateChange':
      return stateChange(leg, textIn(channel, 'state'))
    case 'Dial':
      return dialProgress(message)
    case 'ApplicationReplaced':
      return { type: 'replaced' }
    default:
      return undefined
  }
}

/** A channel that we made says so in its first argument; any other is a call that arrives, its number there. */
function stasisStart(message: Json, channel: Json, leg: string): AriEvent | undefined {
  if (leg === '') return undefined
  if ('replace_channel' in message) return replaced(textIn(objectIn(message, 'replace_channel'), 'id'), channel, leg)
  const [first, presentation, ...signs] = textsIn(message, 'args')
  if (first === legArgument) return { type: 'legSeen', leg }
  const number = first ?? textIn(objectIn(channel, 'dialplan'), 'exten')
  const at = Date.parse(textIn(message, 'timestamp'))
  return {
    type: 'incoming',
    call: incomingCall(channel, leg, number, presentation, returnSigns(signs)),
    ...(Number.isFinite(at) && { at })
  }
}

/** This is not an incoming call: another channel has replaced a leg (a pickup, a transfer, INVITE with Replaces). */
function replaced(leg: string, channel: Json, by: string): AriEvent | undefined {
  if (leg === '') return undefined
  return { type: 'legReplaced', leg, by, isUp: textIn(channel, 'state') === 'Up', who: endpointOf(channel) }
}

/**
 * `PJSIP/bob` of `PJSIP/bob-0000001f`; of `Local/55@office-0000001f;1`, which a transfer makes, where it has gone and which end of it
 * this is: `55@office-0000001f;1`.
 */
export function endpointOf(channel: Json): string {
  const name = textIn(channel, 'name').slice(0, longestText)
  return name.startsWith('Local/') ? name.slice('Local/'.length) : name.replace(/-[0-9a-f]+$/, '')
}

/**
 * The caller's channel, as a call to a number. What an outsider has chosen goes no further than any number or name needs.
 * `presentation`: CALLERID(num-pres), which the dialplan passes on and ARI does not have. A number that Asterisk may not show
 * (`prohib…`: RFC 3325, `Privacy: id`) is there for emergencies and tracing alone: it goes no further at all, nor does the name.
 */
export function incomingCall(
  channel: Json,
  aLeg: string,
  number: string,
  presentation = '',
  returned?: ReturnSigns
): IncomingCall {
  const isShown = !presentation.startsWith('prohib')
  const caller = isShown ? objectIn(channel, 'caller') : {}
  const short = (text: string): string => text.slice(0, longestText)
  return {
    aLeg,
    number: short(number),
    caller: { number: short(textIn(caller, 'number')), name: short(textIn(caller, 'name')) },
    ...(returned !== undefined && { returned })
  }
}

/** Asterisk itself keeps 80 characters of either. */
const longestText = 256

/** The Stasis argument that marks the channels we make ourselves; the id of the caller's comes after it. */
export const legArgument = 'leg'

/** An answer shows as state Up; ringing as state Ringing, or as the Dial event below where a driver has no such state. */
function stateChange(leg: string, state: string): AriEvent | undefined {
  if (leg === '') return undefined
  if (state === 'Up') return { type: 'legAnswered', leg }
  if (state === 'Ringing') return { type: 'legRinging', leg }
  return undefined
}

/** Only progress is taken from Dial: how a leg ended is judged by its ChannelDestroyed. */
function dialProgress(message: Json): AriEvent | undefined {
  const leg = textIn(objectIn(message, 'peer'), 'id')
  if (leg === '') return undefined
  switch (message['dialstatus']) {
    case 'RINGING':
    case 'PROGRESS': // SIP 183: the network there plays the ringing itself, as carriers do
      return { type: 'legRinging', leg }
    case 'ANSWER':
      return { type: 'legAnswered', leg }
    default:
      return undefined
  }
}

/** `tech_cause`: the final SIP response, from Asterisk 20.17 and 22.7. */
function sipCode(message: Json): { sipCode?: number } {
  const code = numberIn(message, 'tech_cause')
  return code === undefined || code < 300 || code > 699 ? {} : { sipCode: code }
}
