// From the answer to the conversation: the first to answer is joined to the caller, and stays joined. PURE.
import { Cause } from './cause'
import type { Draft } from './draft'
import { callerVanished, hangUpCaller } from './ending'
import { leaseWhileJoining, leaseWhileTalking } from './lease'
import { endLeg, endLegs, isActive } from './legs'
import { resumeHunt } from './ringing'
import type { TelephonyFailure } from '../ports'
import { joinMs } from './timers'
import type { Leg } from './types'

/** The first to answer wins; everyone else's leg is cleared with cause 26, so that no phone shows a missed call. */
export function legAnswered(draft: Draft, id: string): void {
  const leg = draft.leg(id)
  if (leg === undefined || !isActive(leg) || draft.call.phase.kind !== 'hunting') return
  // Before the hang-ups of those who rang with them: Asterisk does one after another.
  draft.ask({ type: 'answerCaller' })
  wins(draft, leg)
  leaseWhileJoining(draft)
}

function wins(draft: Draft, leg: Leg): void {
  draft.stopTimerOf(leg)
  draft.changeLeg(leg, { state: 'answered' })
  draft.note({ at: draft.at, type: 'answered', leg: leg.id })
  endLegs(draft, 'answered-elsewhere', Cause.answeredElsewhere, leg.id)
  draft.setPhase({ kind: 'connecting', leg: leg.id, asked: 1 })
}

/** The caller is billed from now on, whether they are joined to anybody or not. */
export function callerUp(draft: Draft): void {
  draft.set({ callerUpAt: draft.call.callerUpAt ?? draft.at })
}

/** The caller is answered, so the two can be joined. Joined earlier, the caller would still be hearing ringback. */
export function callerAnswered(draft: Draft): void {
  const { phase } = draft.call
  if (phase.kind !== 'connecting') return
  callerUp(draft)
  draft.set({ bridge: 'made' })
  draft.setPhase({ ...phase, asked: 1 })
  draft.ask({ type: 'bridge', leg: phase.leg })
  leaseWhileTalking(draft)
}

/** Tries once more. A caller who cannot be answered cannot be joined to anybody. */
export function answerFailed(draft: Draft, failure: TelephonyFailure): void {
  if (failure === 'gone' || failure === 'conflict') return callerVanished(draft)
  const { phase } = draft.call
  if (phase.kind !== 'connecting') return
  if (phase.asked >= 2) return joinFailed(draft, phase.leg)
  draft.setPhase({ ...phase, asked: phase.asked + 1 })
  draft.ask({ type: 'answerCaller' })
}

/** Asterisk has joined the two, for the first time or again. */
export function bridgeDone(draft: Draft, leg: string): void {
  const { phase } = draft.call
  if (phase.kind === 'connecting' && phase.leg === leg) connected(draft, leg)
  else if (phase.kind === 'bridged') draft.setPhase({ ...phase, rejoins: 0 })
}

export function bridgeFailed(draft: Draft, leg: string, failure: TelephonyFailure): void {
  if (failure === 'failed' || failure === 'invalid') joinFailed(draft, leg)
  else if (failure === 'timeout') joinAgain(draft, leg)
  // One of the two has gone, and its own event says which: nobody is rung for a caller who may not be there.
  else draft.startTimer({ kind: 'join', leg }, joinMs)
}

/**
 * It is unknown whether the two were joined. Joining them again has no effect if they were, and nobody who has answered is hung up
 * because one of Asterisk's answers was lost.
 */
function joinAgain(draft: Draft, leg: string): void {
  const { phase } = draft.call
  if (phase.kind !== 'connecting' || phase.leg !== leg) return
  if (phase.asked >= 2) return joinFailed(draft, leg)
  draft.setPhase({ ...phase, asked: phase.asked + 1 })
  draft.ask({ type: 'bridge', leg })
}

export function joinFailed(draft: Draft, id: string): void {
  const { phase } = draft.call
  const leg = draft.leg(id)
  if (phase.kind !== 'connecting' || phase.leg !== id || leg === undefined) return
  endLeg(draft, leg, 'failed', Cause.temporaryFailure)
  resumeHunt(draft, leg)
}

/** A snapshot shows the two in their bridge: they are talking, whichever process joined them. */
export function joined(draft: Draft, id: string): void {
  const leg = draft.leg(id)
  if (leg !== undefined && isActive(leg) && draft.call.phase.kind === 'hunting') wins(draft, leg)
  const { phase, lease } = draft.call
  if (phase.kind !== 'connecting' || phase.leg !== id) return
  draft.set({ bridge: 'made' })
  if (lease?.talking !== true) leaseWhileTalking(draft)
  connected(draft, id)
}

function connected(draft: Draft, leg: string): void {
  draft.setPhase({ kind: 'bridged', leg })
  draft.note({ at: draft.at, type: 'connected', leg })
}

/** Their bridge was destroyed, or one of them was taken out of it. Joins them again; the next snapshot shows whether that worked. */
export function parted(draft: Draft, leg: string): void {
  const { phase } = draft.call
  if (phase.kind !== 'bridged' || phase.leg !== leg) return
  const { rejoins = 0 } = phase
  if (rejoins >= 2) return hangUpCaller(draft, 'answered', 'followme', Cause.temporaryFailure)
  draft.setPhase({ ...phase, rejoins: rejoins + 1 })
  draft.ask({ type: 'bridge', leg })
}
