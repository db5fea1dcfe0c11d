// The hunt: targets ring step by step, until somebody answers or nobody is left. PURE.
import { plannedAt } from '../rules/hunt-plan'
import { dialRefusal } from '../rules/gate'
import { isOutside, phoneNameIn } from '../rules/number'
import { presentedCaller } from '../rules/shown-caller'
import { attemptOutcome, Cause, clearingCause, failedToRing, isAnswerRefused, isTrunkFailure } from './cause'
import type { Draft } from './draft'
import { fallBack, finish, hangUpCaller } from './ending'
import { legIdOf } from './ids'
import { leaseWhileRinging } from './lease'
import { endLeg, isActive, legInCurrentStep, noteDialled, noteEnded } from './legs'
import type { AttemptOutcome } from './record'
import { contactsMs, joinMs, marginSeconds, ringbackMs, ringRetryMs, setupMs } from './timers'
import { addNextTry, hasNextTrunk, trunkOf, watchProgress } from './trunk-tries'
import type { TelephonyFailure } from '../ports'
import type { Leg } from './types'

/** Rings the first step for a caller who has waited so long; refuses one whose number takes no calls. */
export function ringFirst(draft: Draft, waitedMs: number): void {
  const { decision } = draft.call
  if (decision === 'unknown-number') return hangUpCaller(draft, 'refused', 'followme', Cause.unallocatedNumber)
  if (decision === 'disabled') return hangUpCaller(draft, 'refused', 'followme', Cause.subscriberAbsent)
  if (decision === 'loop') return hangUpCaller(draft, 'refused', 'followme', Cause.userBusy)
  draft.startTimer({ kind: 'ringback' }, Math.max(0, ringbackMs - waitedMs))
  ring(draft, 1)
}

/** Rings a step (counted from 1); past the last one, the fallback. */
function ring(draft: Draft, step: number): void {
  const planned = draft.call.plan.steps[step - 1]
  if (planned === undefined) return fallBack(draft)
  draft.setPhase({ kind: 'hunting', step })
  planned.targets.forEach(({ dial, ringSeconds }, index) => {
    const id = legIdOf(draft.call.id, step, index + 1)
    const leg = { id, step, target: index + 1, tryNumber: 1, dial, ringSeconds }
    draft.addLeg({ ...leg, state: 'creating', endCause: null })
    draft.note({ at: draft.at, type: 'attempt', leg: id })
  })
  for (const leg of draft.call.legs.filter((each) => each.step === step)) createLeg(draft, leg)
  leaseWhileRinging(draft)
}

/** Goes on to the next step once nobody of this one can answer any more. */
export function advance(draft: Draft): void {
  const { phase, legs } = draft.call
  if (phase.kind !== 'hunting' || legs.some((leg) => leg.step === phase.step && isActive(leg))) return
  ring(draft, phase.step + 1)
}

/** The person who answered was lost before the two could talk: the caller goes on ringing, at the next step. */
export function resumeHunt(draft: Draft, { step }: Leg): void {
  draft.set({ ringback: false })
  ring(draft, step + 1)
  ringCaller(draft)
}

/** A target that must not be dialled is never called, whatever an older plan says. */
export function createLeg(draft: Draft, leg: Leg): void {
  const { id, dial, step, target, contact } = leg
  const { plan, incoming } = draft.call
  const planned = plannedAt(plan, { step, target })
  const trunk = trunkOf(plan, leg)
  const isPrivate = (trunk ?? planned)?.isPrivate === true
  const reason = planned?.refused ?? dialRefusal(dial, '', undefined, isPrivate)?.reason
  if (reason !== undefined) return refuse(draft, id, reason)
  const given = (trunk ?? planned)?.shown
  const isInside = isPrivate || (trunk === undefined && !isOutside(dial))
  const shown = given && presentedCaller(isInside, given, incoming.caller)
  draft.ask({
    type: 'createLeg',
    leg: id,
    dial,
    ...(contact !== undefined && { contact }),
    ...(shown !== undefined && { shown }),
    ...(trunk !== undefined && { trunk }),
    ...(trunk !== undefined && hasNextTrunk(draft, leg) && { mayPass: true }),
    ...(isPrivate && { isPrivate })
  })
  draft.startTimer({ kind: 'setup', leg: id }, setupMs)
}

/** It must not be dialled, and nothing of it is in Asterisk. */
function refuse(draft: Draft, id: string, reason: string | undefined): void {
  legGone(draft, id, Cause.outgoingCallsBarred, undefined, { outcome: 'refused', reason })
}

/** `again`: it may have been dialled before. */
export function dial(draft: Draft, leg: Leg, again = false): void {
  const { id, ringSeconds } = leg
  const diversion = trunkOf(draft.call.plan, leg)?.diversion
  draft.changeLeg(leg, { state: 'dialling' })
  noteDialled(draft, id)
  draft.ask({
    type: 'dialLeg',
    leg: id,
    timeoutSeconds: ringSeconds + marginSeconds,
    again,
    ...(diversion !== undefined && { diversion })
  })
  draft.startTimer({ kind: 'ring', leg: id }, ringSeconds * 1000)
  watchProgress(draft, leg)
}

export function legSeen(draft: Draft, id: string): void {
  const leg = draft.leg(id)
  // It came up after all, when everybody had given it up.
  if (leg?.state === 'gone') draft.ask({ type: 'hangUpLeg', leg: id, cause: Cause.normalClearing })
  // Taken over, and dialled by the process before, which had no time to write it down.
  if (leg?.state === 'dialling') noteDialled(draft, id)
  if (leg?.state !== 'creating') return
  draft.cancelTimer({ kind: 'setup', leg: id })
  dial(draft, leg)
}

export function legRinging(draft: Draft, id: string): void {
  const leg = draft.leg(id)
  if (leg?.state !== 'dialling') return
  draft.changeLeg(leg, { state: 'ringing' })
  draft.note({ at: draft.at, type: 'ringing', leg: id })
  ringCaller(draft)
}

/** The caller hears ringing as soon as something rings, and after a while in any case: never dead air. */
export function ringCaller(draft: Draft): void {
  if (draft.call.ringback || draft.call.phase.kind !== 'hunting') return
  draft.set({ ringback: true })
  draft.ask({ type: 'ringCaller' })
  leaseWhileRinging(draft)
}

/** The ringing that could not be asked for is asked for again. */
export function ringCallerAgain(draft: Draft): void {
  const { ringback, phase } = draft.call
  if (ringback && phase.kind === 'hunting') draft.ask({ type: 'ringCaller' })
}

export function ringCallerFailed(draft: Draft, failure: TelephonyFailure): void {
  // The caller's own end, if that is why, comes as an event. Otherwise they may hear nothing.
  if (failure !== 'gone' && failure !== 'conflict') draft.startTimer({ kind: 'silence' }, ringRetryMs)
}

/** How an attempt ended, where that is known better than its cause tells. */
interface Ending {
  readonly outcome: AttemptOutcome
  readonly reason?: string | undefined
  /** Asterisk has no way to the trunk. */
  readonly isTrunkFailure?: boolean
}

/** Tries the same number through the next trunk, if there is one and time for it. */
export function tryNextTrunk(draft: Draft, leg: Leg): void {
  const next = addNextTry(draft, leg)
  if (next === undefined) return
  createLeg(draft, next)
  leaseWhileRinging(draft)
}

/** Its cause tells how it ended, where neither we nor `ending` know better. */
export function legGone(draft: Draft, id: string, cause: number, sipCode?: number, ending?: Ending): void {
  const leg = draft.leg(id)
  if (leg === undefined || leg.state === 'gone') return
  const { phase } = draft.call
  const isPartner = (phase.kind === 'connecting' || phase.kind === 'bridged') && phase.leg === id
  draft.stopTimerOf(leg)
  const gone = draft.changeLeg(leg, { state: 'gone' })
  // A leg that we have ended echoes our own cause, and its end is noted already.
  if (leg.state !== 'ending') {
    const isAnswered = leg.state === 'answered' && (phase.kind === 'bridged' || !isAnswerRefused(cause, sipCode))
    const natural = isAnswered ? 'answered' : attemptOutcome(cause, sipCode)
    const { outcome = natural, reason } = ending ?? {}
    noteEnded(draft, gone, { outcome, cause, sipCode, ...(reason !== undefined && { reason }) })
    const hasRung = leg.state === 'ringing' || leg.state === 'answered'
    if (!hasRung && (ending?.isTrunkFailure ?? isTrunkFailure(outcome, sipCode))) tryNextTrunk(draft, gone)
  }
  if (isPartner && phase.kind === 'bridged') hangUpCaller(draft, 'answered', 'target', clearingCause(cause))
  else if (isPartner) resumeHunt(draft, leg)
  else advance(draft)
  finish(draft)
}

export function giveUp(draft: Draft, leg: Leg, outcome: AttemptOutcome, cause: number): void {
  endLeg(draft, leg, outcome, cause)
  advance(draft)
}

export function rangTooLong(draft: Draft, id: string): void {
  const leg = draft.leg(id)
  if (leg?.state === 'ringing') giveUp(draft, leg, 'no-answer', Cause.noAnswer)
  else if (leg?.state === 'dialling') giveUp(draft, leg, 'unreachable', Cause.noUserResponding)
}

/** Its trunk has shown nothing of the call: the next one is tried. */
export function noProgress(draft: Draft, id: string): void {
  const leg = draft.leg(id)
  if (leg?.state !== 'dialling') return
  endLeg(draft, leg, 'unreachable', Cause.noUserResponding)
  tryNextTrunk(draft, leg)
  advance(draft)
}

/** What has not even been sent cannot have been seen: the target is not given up for that. */
export function setupTooLong(draft: Draft, id: string): void {
  const leg = draft.leg(id)
  if (leg?.state !== 'creating') return
  const isUnsent = draft.call.unsent.some((each) => each.type === 'createLeg' && each.leg === leg.id)
  if (isUnsent) draft.startTimer({ kind: 'setup', leg: leg.id }, setupMs)
  else giveUp(draft, leg, 'failed', Cause.temporaryFailure)
}

/** `reason`: why it was refused. */
export function createFailed(draft: Draft, id: string, failure: TelephonyFailure, reason?: string): void {
  const leg = draft.leg(id)
  // One that was shown to us is made, whatever became of the answer.
  if (leg?.state !== 'creating' && leg?.state !== 'ending') return
  // The id is there already, so the leg is: an earlier request has made it. Where nobody knows, hanging it up tells.
  if (failure === 'conflict') return
  if (failure === 'timeout' || failure === 'disconnected') return fail(draft, leg)
  if (failure === 'barred') return refuse(draft, id, reason)
  // Through another trunk it would be as busy.
  if (failure === 'limited') {
    return legGone(draft, id, Cause.userBusy, undefined, { outcome: 'limited', reason, isTrunkFailure: false })
  }
  if (failure === 'trunk-limited') {
    return legGone(draft, id, Cause.noCircuitAvailable, undefined, { outcome: 'limited', reason })
  }
  const { outcome, cause } = failedToRing(failure)
  legGone(draft, id, cause, undefined, { outcome, isTrunkFailure: failure === 'unavailable' })
  if (failure === 'unavailable') watchContacts(draft, id)
}

/** During its step, a phone may still register and ring, for example after a push message wakes it. */
export function watchContacts(draft: Draft, id: string): void {
  const leg = legInCurrentStep(draft, id)
  if (leg !== undefined && phoneNameIn(leg.dial) !== undefined)
    draft.startTimer({ kind: 'contacts', leg: id }, contactsMs)
}

export function dialFailed(draft: Draft, id: string, failure: TelephonyFailure): void {
  const leg = draft.leg(id)
  // One that rings, whatever became of the answer, is dialled; so is one where a conflict says so.
  if (failure === 'conflict' || leg?.state !== 'dialling') return
  // How it ended its own event says, which is on its way.
  if (failure === 'gone') draft.startTimer({ kind: 'ring', leg: id }, joinMs)
  else fail(draft, leg)
}

function fail(draft: Draft, leg: Leg): void {
  if (isActive(leg)) giveUp(draft, leg, 'failed', Cause.temporaryFailure)
}
