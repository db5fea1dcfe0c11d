// How long a call waits for what, and which timer watches a leg. PURE.
import type { Leg, Timer } from './types'

/** How long a leg may take from its creation until Asterisk shows it to us. */
export const setupMs = 5000
/** How long the caller may hear nothing while no target rings, counted from their arrival. */
export const ringbackMs = 1000
/** How long to wait before a lease that could not be set is set again. */
export const leaseRetryMs = 1000
/** How long to wait before a caller whose ringing could not be asked for is rung again. */
export const ringRetryMs = 1000
/** How long to wait before it is looked whether another device has registered for a target that is rung. */
export const contactsMs = 1000
/** How long to wait for the event that tells which of two legs could not be joined. */
export const joinMs = 1000
/** How long a hang-up may go unconfirmed before it is asked for again. */
export const hangUpRetryMs = 3000
/** How long a leg whose place was taken is left to Asterisk, which may still be at it, and to its own phone. */
export const replacedLegMs = 1000
/** How much longer than our own ring timer Asterisk's runs, and the lease than the step: each is there for our death. */
export const marginSeconds = 5

/** The timer that watches a leg in its current state; undefined where none does. */
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

/** Equal for equal timers, and only for those. */
export function timerKey(timer: Timer): string {
  return 'leg' in timer ? `${timer.kind} ${timer.leg}` : timer.kind
}
