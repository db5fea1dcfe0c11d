// One call as a pure state machine: start(…) and step(call, event) → [call, commands, transitions]. Only restore.ts makes
// calls, too. There is no clock, no randomness, no I/O, and the same events always give the same call.
import { clearingCause } from './cause'
import { contactsFound, lookForContacts } from './contacts'
import { Draft, newCall } from './draft'
import * as ending from './ending'
import * as joining from './joining'
import { renewLease } from './lease'
import { hangUpUnconfirmed } from './legs'
import type { IncomingCall } from '../ports'
import { commandDone, commandFailed, recovered } from './replies'
import { legFound, legLost, legUndialled, legUnmade } from './resync'
import * as replacing from './replacing'
import * as ringing from './ringing'
import type { Call, CallEvent, Decided, Timer, Turn } from './types'

/**
 * Begins a call: claims the caller, who has waited so long, and rings the first step, or goes straight to the fallback. A
 * caller who hung up before that, with the Q.850 cause `goneWith`, is recorded, and nobody is rung.
 */
export function start(
  id: string,
  incoming: IncomingCall,
  decided: Decided,
  options: {
    readonly at: number
    readonly maxCallSeconds: number
    readonly waitedMs?: number
    readonly goneWith?: number | undefined
  }
): Turn {
  const { at, maxCallSeconds, waitedMs = 0, goneWith } = options
  const draft = new Draft(newCall(id, incoming, decided, maxCallSeconds), at)
  draft.note({ at, type: 'arrived' })
  draft.begin()
  if (goneWith === undefined) ringing.ringFirst(draft, waitedMs)
  else ending.callerGone(draft, clearingCause(goneWith))
  return draft.result()
}

/** Takes one event. An event that no longer means anything (a stale timer, a leg that has ended) changes nothing. */
export function step(call: Call, event: CallEvent): Turn {
  if (call.phase.kind === 'ended') return [call, [], []]
  const draft = new Draft(call, event.at)
  take(draft, event)
  return draft.result()
}

function take(draft: Draft, event: CallEvent): void {
  switch (event.type) {
    case 'legSeen':
      return ringing.legSeen(draft, event.leg)
    case 'legRinging':
      return ringing.legRinging(draft, event.leg)
    case 'legAnswered':
      return joining.legAnswered(draft, event.leg)
    case 'legGone':
      return ringing.legGone(draft, event.leg, event.cause, event.sipCode)
    case 'contactsFound':
      return contactsFound(draft, event.leg, event.contacts)
    case 'legLost':
      return legLost(draft, event.leg)
    case 'legFound':
      return legFound(draft, event.leg)
    case 'legUndialled':
      return legUndialled(draft, event.leg)
    case 'legUnmade':
      return legUnmade(draft, event.leg)
    case 'joined':
      return joining.joined(draft, event.leg)
    case 'parted':
      return joining.parted(draft, event.leg)
    case 'legReplaced':
      return replacing.legReplaced(draft, event.leg, event)
    case 'callerReplaced':
      return replacing.callerReplaced(draft, event)
    case 'callerUp':
      return joining.callerUp(draft)
    case 'callerGone':
      return ending.callerGone(draft, clearingCause(event.cause))
    case 'callerLeft':
      return ending.callerLeft(draft)
    case 'callerLost':
      return ending.callerLost(draft)
    case 'bridgeLost':
      return ending.bridgeGone(draft)
    case 'recovered':
      return recovered(draft)
    case 'timer':
      return timerFired(draft, event.timer)
    case 'done':
      return commandDone(draft, event.command)
    case 'failed':
      return commandFailed(draft, event.command, event.failure, event.reason)
  }
}

function timerFired(draft: Draft, timer: Timer): void {
  const { phase, bridge } = draft.call
  switch (timer.kind) {
    case 'setup':
      return ringing.setupTooLong(draft, timer.leg)
    case 'ring':
      return ringing.rangTooLong(draft, timer.leg)
    case 'progress':
      return ringing.noProgress(draft, timer.leg)
    case 'join':
      return joining.joinFailed(draft, timer.leg)
    case 'hangUp':
      return hangUpUnconfirmed(draft, timer.leg)
    case 'replaced':
      return replacing.hangUpDropped(draft, timer.leg)
    case 'contacts':
      return lookForContacts(draft, timer.leg)
    case 'ringback':
      return ringing.ringCaller(draft)
    case 'silence':
      return ringing.ringCallerAgain(draft)
    case 'lease':
      return renewLease(draft)
    case 'leave':
      return phase.kind === 'leaving' ? ending.giveFallback(draft) : undefined
    case 'caller':
      return ending.isClosed(draft) ? undefined : ending.callerUnconfirmed(draft)
    case 'bridge':
      return bridge === 'ending' ? draft.ask({ type: 'destroyBridge' }) : undefined
  }
}
