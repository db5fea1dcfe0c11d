// The outcome of each command: what its failure means, and what is asked again once there is a connection. PURE.
import { Cause } from './cause'
import type { Draft } from './draft'
import { bridgeGone, callerGone, callerLeft, close } from './ending'
import { answerFailed, bridgeDone, bridgeFailed, callerAnswered } from './joining'
import { isLeaseWanted, leaseFailed, leaseWhileRinging } from './lease'
import { hangUpLegLater } from './legs'
import { createFailed, dial, dialFailed, legGone, createLeg, ringCallerFailed, watchContacts } from './ringing'
import type { TelephonyFailure } from '../ports'
import { hangUpRetryMs, leaseRetryMs } from './timers'
import type { Command } from './types'

export function commandDone(draft: Draft, command: Command): void {
  switch (command.type) {
    case 'answerCaller':
      return callerAnswered(draft)
    case 'bridge':
      return bridgeDone(draft, command.leg)
    case 'leaveToDialplan':
      return callerLeft(draft)
    case 'destroyBridge':
      return bridgeGone(draft)
    default:
  }
}

export function commandFailed(
  draft: Draft,
  command: Command,
  failure: TelephonyFailure,
  reason: string | undefined
): void {
  if (failure === 'disconnected' && isStillWanted(draft, command)) {
    return draft.set({ unsent: [...draft.call.unsent, command] })
  }
  switch (command.type) {
    case 'createLeg':
      return createFailed(draft, command.leg, failure, reason)
    case 'findContacts':
      return watchContacts(draft, command.leg)
    case 'dialLeg':
      return dialFailed(draft, command.leg, failure)
    case 'hangUpLeg':
      return failure === 'gone' ? legGone(draft, command.leg, 0) : hangUpLegLater(draft, command.leg)
    case 'answerCaller':
      return answerFailed(draft, failure)
    case 'bridge':
      return bridgeFailed(draft, command.leg, failure)
    case 'destroyBridge':
      return failure === 'gone' ? bridgeGone(draft) : draft.startTimer({ kind: 'bridge' }, hangUpRetryMs)
    case 'hangUpCaller':
      // 404 is the one proof without an event that the caller is gone.
      return failure === 'gone' ? close(draft, 'lost', null, 0, true) : undefined
    case 'leaveToDialplan':
      return leaveFailed(draft, command, failure)
    case 'setLease':
      return leaseFailed(draft, command, failure)
    case 'ringCaller':
      return ringCallerFailed(draft, failure)
    // The next look clears away what is left.
    case 'hangUpReplaced':
    case 'startTimer':
    case 'cancelTimer':
  }
}

function leaveFailed(draft: Draft, command: Command, failure: TelephonyFailure): void {
  if (draft.call.phase.kind !== 'leaving') return
  if (failure === 'gone') return callerGone(draft, Cause.normalClearing)
  if (failure === 'conflict') return callerLeft(draft)
  // It is unknown whether they have left: ask again.
  if (failure === 'timeout') return draft.ask(command)
  // If this never works, the lease takes them to the failsafe.
  draft.startTimer({ kind: 'leave' }, leaseRetryMs)
}

/** There is a connection again: sends the commands that could not be sent, if they are still wanted. */
export function recovered(draft: Draft): void {
  const { unsent } = draft.call
  draft.set({ unsent: [] })
  const wanted = unsent.filter((command) => isStillWanted(draft, command))
  for (const command of wanted) askAgain(draft, command)
  // A leg starts its whole ring time again.
  if (wanted.some(({ type }) => type === 'createLeg' || type === 'dialLeg')) leaseWhileRinging(draft)
}

/** A leg's ring time starts again: its first timer may have expired during the gap, waiting only for this snapshot. */
function askAgain(draft: Draft, command: Command): void {
  const leg = 'leg' in command ? draft.leg(command.leg) : undefined
  if (leg !== undefined && command.type === 'createLeg') createLeg(draft, leg)
  // The connection may have gone with the answer, after Asterisk has acted.
  else if (leg !== undefined && command.type === 'dialLeg') dial(draft, leg, true)
  else draft.ask(command)
}

/** Whether a command is worth asking again. Hang-ups of legs and callers are repeated by timers of their own. */
function isStillWanted(draft: Draft, command: Command): boolean {
  const { phase } = draft.call
  switch (command.type) {
    case 'createLeg':
      return draft.leg(command.leg)?.state === 'creating'
    case 'dialLeg':
      return draft.leg(command.leg)?.state === 'dialling'
    case 'ringCaller':
      return phase.kind === 'hunting'
    case 'answerCaller':
      return phase.kind === 'connecting'
    case 'bridge':
      return phase.kind === 'connecting' && phase.leg === command.leg
    case 'leaveToDialplan':
      return phase.kind === 'leaving'
    case 'setLease':
      return isLeaseWanted(draft, command)
    default:
      return false
  }
}
