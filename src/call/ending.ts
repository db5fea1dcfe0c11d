// How a call ends: by its fallback, because we or the caller hang up, or because somebody else takes the caller. PURE.
import { finalFallback } from '../rules/number'
import { Cause } from './cause'
import type { Draft } from './draft'
import { endLegs } from './legs'
import type { CallOutcome, EndedBy } from './record'
import { hangUpRetryMs } from './timers'

/** Nobody has answered: the caller gets the fallback. */
export function fallBack(draft: Draft): void {
  draft.note({ at: draft.at, type: 'fallback', fallback: draft.call.plan.fallback })
  giveFallback(draft)
}

export function giveFallback(draft: Draft): void {
  const fallback = finalFallback(draft.call.plan.fallback)
  if (fallback.kind === 'busy') return hangUpCaller(draft, 'fallback', 'followme', Cause.userBusy)
  if (fallback.kind === 'hangup') return hangUpCaller(draft, 'fallback', 'followme', Cause.noAnswer)
  // The lease stays until the dialplan has the caller, and ends it there.
  draft.setPhase({ kind: 'leaving' })
  draft.ask({ type: 'leaveToDialplan', fallback })
}

export function hangUpCaller(draft: Draft, outcome: CallOutcome, endedBy: EndedBy | null, cause: number): void {
  draft.set({ closing: { outcome, endedBy, cause } })
  draft.setPhase({ kind: 'ending' })
  endLegs(draft, 'cancelled', Cause.normalClearing)
  askToHangUp(draft, cause)
}

function askToHangUp(draft: Draft, cause: number): void {
  draft.ask({ type: 'hangUpCaller', cause })
  draft.startTimer({ kind: 'caller' }, hangUpRetryMs)
}

/** Whether the caller who is leaving had been answered. If the two were not joined yet, the history says so. */
function wasAnswered(draft: Draft): boolean {
  const { phase, callerUpAt } = draft.call
  if (phase.kind === 'bridged') return true
  if (phase.kind !== 'connecting' || callerUpAt === null) return false
  draft.note({ at: callerUpAt, type: 'answered-unbridged', leg: phase.leg })
  return true
}

/**
 * The caller has gone or is in other hands: an event follows if they have gone. Everything that rings for them
 * stops now.
 */
export function callerVanished(draft: Draft): void {
  if (draft.call.phase.kind === 'ending') return
  const outcome = wasAnswered(draft) ? 'answered' : 'abandoned'
  draft.set({ closing: { outcome, endedBy: 'caller', cause: null } })
  draft.setPhase({ kind: 'ending' })
  endLegs(draft, 'cancelled', Cause.normalClearing)
  draft.startTimer({ kind: 'caller' }, hangUpRetryMs)
}

/** The caller's end was not confirmed in time. A caller we did not hang up on is left alone: the dialplan has them. */
export function callerUnconfirmed(draft: Draft): void {
  const { outcome, cause } = draft.call.closing ?? { outcome: 'lost', cause: null }
  if (cause !== null) return askToHangUp(draft, cause)
  draft.set({ closing: null })
  close(draft, outcome === 'answered' ? outcome : 'lost', null, 0, true)
}

export function callerGone(draft: Draft, cause: number): void {
  const { phase } = draft.call
  if (wasAnswered(draft)) close(draft, 'answered', 'caller', cause)
  else if (phase.kind === 'leaving') close(draft, 'fallback', 'caller', cause)
  else close(draft, 'abandoned', 'caller', cause)
}

/** They went during a gap: how far the call had come decides the outcome. */
export function callerLost(draft: Draft): void {
  const { kind } = draft.call.phase
  close(draft, kind === 'bridged' ? 'answered' : kind === 'leaving' ? 'fallback' : 'lost', null, 0, true)
}

export function callerLeft(draft: Draft): void {
  const { phase, closing } = draft.call
  if (phase.kind === 'leaving') close(draft, 'fallback', null, 0)
  // We asked them to go, and something else controls them now: do not hang up again.
  else if (phase.kind === 'ending' && closing?.cause != null) close(draft, closing.outcome, closing.endedBy, 0)
  else callerVanished(draft)
}

export function isClosed({ call }: Draft): boolean {
  return call.history.some(({ type }) => type === 'closed')
}

/** Closes the record, once; our own decision takes precedence over what Asterisk reports. */
export function close(
  draft: Draft,
  outcome: CallOutcome,
  endedBy: EndedBy | null,
  cause: number,
  recovered = false
): void {
  if (isClosed(draft)) return
  const { closing } = draft.call
  draft.note({
    at: draft.at,
    type: 'closed',
    outcome: closing?.outcome ?? outcome,
    endedBy: closing === null ? endedBy : closing.endedBy,
    cause: closing?.cause ?? cause,
    recovered: recovered && closing === null
  })
  draft.setPhase({ kind: 'ending' })
  draft.cancelTimer({ kind: 'caller' })
  // Where the caller was answered elsewhere, the phones that ring show no missed call either (RFC 3326, 3.1).
  endLegs(draft, 'cancelled', cause === Cause.answeredElsewhere ? cause : Cause.normalClearing)
  const { dropped } = draft.call
  draft.set({ dropped: [] })
  for (const leg of dropped) draft.ask({ type: 'hangUpReplaced', leg, cause: Cause.normalClearing })
  if (draft.call.bridge === 'made') {
    draft.set({ bridge: 'ending' })
    draft.ask({ type: 'destroyBridge' })
  }
  finish(draft)
}

export function bridgeGone(draft: Draft): void {
  if (draft.call.bridge !== 'ending') return
  draft.set({ bridge: 'none' })
  draft.cancelTimer({ kind: 'bridge' })
  finish(draft)
}

/** Ends when the record is closed and nothing of the call is left in Asterisk. */
export function finish(draft: Draft): void {
  const { bridge, legs } = draft.call
  if (!isClosed(draft) || bridge !== 'none' || legs.some((leg) => leg.state !== 'gone')) return
  draft.setPhase({ kind: 'ended' })
}
