// How long a call waits for each thing, and which timer watches a leg. PURE.
import type { Leg, Timer } from './types'

/** How long a leg may take from the request to create it until Asterisk reports it. */
export const setupMs = 5000
/** How long after their arrival the caller may hear nothing while no target rings. */
export const ringbackMs = 1000
/** How long to wait before retrying a lease that could not be set. */
export const leaseRetryMs = 1000
/** How long to wait before retrying ringback that failed to start. */
export const ringRetryMs = 1000
/** How often to check whether another device has registered for a target that rings. */
export const contactsMs = 1000
/** How long a trunk may show nothing of a call before the next one is tried; half of the ring time at most. */
export const progressMs = 10_000
/** How much ring time has to be left to try another trunk. */
export const leastTryMs = 2000
/** How long to wait for the event that says which of two legs could not be joined. */
export const joinMs = 1000
/** How long a hang-up may stay unconfirmed before it is retried. */
export const hangUpRetryMs = 3000
/** How long to wait, after a leg's place was taken, for Asterisk or the phone to end it. */
export const replacedLegMs = 1000
/** How much longer Asterisk's ring timer runs than ours, and the lease than the step. Both matter only if followme dies. */
export const marginSeconds = 5

/** The timer that watches a leg in its current state, if any does. */
export function timerOf({ id, state }: Leg): Timer | undefined {
  switch (state) {
    case 'creating':
      return { kind: 'setup', leg: id }
    case 'dialling':
    case 'ringing':
      return { kind: 'ring', leg: id }
    case 'answered':
      return { kind: 'join', leg: id }
    case 'ending':
      return { kind: 'hangUp', leg: id }
    case 'gone':
      return undefined
  }
}

/** The same key for the same timer, and only for that. */
export function timerKey(timer: Timer): string {
  return 'leg' in timer ? `${timer.kind} ${timer.leg}` : timer.kind
}
