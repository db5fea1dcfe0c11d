// The caller's lease, the dead-man's switch: how long Asterisk leaves them with us before the dialplan takes them back. PURE.
import type { Draft } from './draft'
import { isActive } from './legs'
import type { TelephonyFailure } from '../ports'
import { leaseRetryMs, marginSeconds, setupMs } from './timers'
import type { HuntPlan } from '../rules/hunt-plan'
import type { Call, Command } from './types'

/** The lease while two are being joined: enough to ask twice where an answer does not come. */
const joiningSeconds = 15

type SetLease = Extract<Command, { type: 'setLease' }>

function setLease(draft: Draft, lease: NonNullable<Call['lease']>): void {
  const { talked } = draft.call
  draft.set({ lease, talked: talked || lease.talking })
  draft.ask({ type: 'setLease', ...lease, talked })
}

/**
 * Just past what the step may last, from when the caller hears ringing. One who hears nothing yet has only the
 * claim timeout: should we be stopped or hang at that moment, the failsafe has them within seconds.
 */
export function leaseWhileRinging(draft: Draft): void {
  const { ringback, phase, legs } = draft.call
  if (!ringback || phase.kind !== 'hunting') return
  const longest = Math.max(0, ...legs.filter(isActive).map(({ ringSeconds }) => ringSeconds))
  const seconds = setupMs / 1000 + longest + marginSeconds
  const reached = phase.step > 1 ? firstDialIn(draft.call.plan, phase.step) : undefined
  setLease(draft, { seconds, talking: false, ...(reached !== undefined && { reached }) })
}

function firstDialIn({ steps }: HuntPlan, step: number): string | undefined {
  const target = steps[step - 1]?.targets.find(({ refused }) => refused === undefined)
  return target?.trunks?.[0]?.dial ?? target?.dial
}

/** Where somebody answers at once, under the claim timeout, the two have time to be joined. */
export function leaseWhileJoining(draft: Draft): void {
  if (draft.call.lease === null) setLease(draft, { seconds: joiningSeconds, talking: false })
}

/** As long as a call may last, less what it has lasted. */
export function leaseWhileTalking(draft: Draft, talkedSeconds = 0): void {
  setLease(draft, { seconds: Math.max(1, draft.call.maxCallSeconds - talkedSeconds), talking: true })
}

/** Sets the lease again as it should be. */
export function renewLease(draft: Draft): void {
  const { lease } = draft.call
  if (lease !== null && isInOurHands(draft)) setLease(draft, lease)
}

/** An old one that stays armed would tear a conversation apart, so it is set again. */
export function leaseFailed(draft: Draft, command: SetLease, failure: TelephonyFailure): void {
  if (failure === 'gone' || failure === 'conflict') return
  if (isCurrent(draft, command)) draft.startTimer({ kind: 'lease' }, leaseRetryMs)
}

export function isLeaseWanted(draft: Draft, command: SetLease): boolean {
  return isInOurHands(draft) && isCurrent(draft, command)
}

function isInOurHands({ call }: Draft): boolean {
  const { kind } = call.phase
  return kind === 'hunting' || kind === 'connecting' || kind === 'bridged'
}

function isCurrent({ call }: Draft, { seconds, talking }: SetLease): boolean {
  return call.lease?.seconds === seconds && call.lease.talking === talking
}
