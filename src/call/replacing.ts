// Another leg takes the caller's place, or a target's (places.ts). PURE.
import { Cause } from './cause'
import type { Draft } from './draft'
import { giveFallback } from './ending'
import { legAnswered } from './joining'
import { leaseWhileTalking, renewLease } from './lease'
import { isActive } from './legs'
import { currentCaller, currentLeg } from './places'
import { legGone } from './ringing'
import { replacedLegMs } from './timers'
import type { Replacement } from './types'

/** Too late if the leg has already gone or the call is over. Taking the place of a ringing target counts as an answer. */
export function legReplaced(draft: Draft, id: string, { by, isUp, who }: Replacement): void {
  const leg = draft.leg(id)
  const { phase } = draft.call
  const isPartner = (phase.kind === 'connecting' || phase.kind === 'bridged') && phase.leg === id
  const isRinging = leg !== undefined && isActive(leg) && phase.kind === 'hunting'
  if (leg === undefined || (!isPartner && !isRinging)) {
    hangUp(draft, by)
    // What it took the place of is no more, or does not matter any more.
    hangUp(draft, leg === undefined ? id : currentLeg(leg))
    return legGone(draft, id, 0)
  }
  drop(draft, currentLeg(leg))
  draft.changeLeg(leg, { replacedBy: by })
  draft.note({ at: draft.at, type: 'replaced', leg: id, by, who })
  if (phase.kind === 'connecting') joinCurrent(draft)
  else if (isRinging && isUp) legAnswered(draft, id)
}

export function callerReplaced(draft: Draft, { by, who }: Replacement): void {
  const { phase, closing } = draft.call
  if (phase.kind === 'ending' || phase.kind === 'ended') {
    hangUp(draft, by)
    // One who has left our hands alive is nobody's to hang up.
    return closing?.cause == null ? undefined : hangUp(draft, currentCaller(draft.call))
  }
  drop(draft, currentCaller(draft.call))
  draft.set({ callerReplacedBy: by })
  draft.note({ at: draft.at, type: 'replaced', leg: null, by, who })
  // What was asked of the one before may not have reached the one who is there now.
  if (phase.kind === 'leaving') return giveFallback(draft)
  if (phase.kind === 'connecting') joinCurrent(draft)
  leaseCurrent(draft)
}

/** The dead-man's switch has stayed with the leg that is replaced. A conversation has what is left of its time. */
function leaseCurrent(draft: Draft): void {
  const { lease, history } = draft.call
  const connected = history.find(({ type }) => type === 'connected')
  if (lease?.talking !== true || connected === undefined) return renewLease(draft)
  leaseWhileTalking(draft, Math.floor((draft.at - connected.at) / 1000))
}

/** Answering or joining a second time has no effect. */
function joinCurrent(draft: Draft): void {
  const { phase, bridge } = draft.call
  if (phase.kind !== 'connecting') return
  draft.ask(bridge === 'made' ? { type: 'bridge', leg: phase.leg } : { type: 'answerCaller' })
}

/** A leg whose place was taken is ended once Asterisk has put the other one there. A phone that has transferred ends it itself. */
function drop(draft: Draft, leg: string): void {
  draft.set({ dropped: [...draft.call.dropped, leg] })
  draft.startTimer({ kind: 'replaced', leg }, replacedLegMs)
}

export function hangUpDropped(draft: Draft, leg: string): void {
  if (!draft.call.dropped.includes(leg)) return
  draft.set({ dropped: draft.call.dropped.filter((each) => each !== leg) })
  hangUp(draft, leg)
}

function hangUp(draft: Draft, leg: string): void {
  draft.ask({ type: 'hangUpReplaced', leg, cause: Cause.normalClearing })
}
