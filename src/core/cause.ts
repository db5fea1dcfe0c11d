// Q.850 causes, and what each says about an attempt. PURE.
// Sources: ITU-T Q.850 table 1; chan_pjsip's hangup_sip2cause() for what a SIP response becomes in Asterisk.
import type { TelephonyFailure } from './ports'
import type { AttemptOutcome } from './record'

/** The Q.850 causes that followme itself gives. */
export const Cause = {
  unallocatedNumber: 1,
  normalClearing: 16,
  userBusy: 17,
  /** Nothing rang there, in all its time. */
  noUserResponding: 18,
  noAnswer: 19,
  subscriberAbsent: 20,
  answeredElsewhere: 26,
  networkOutOfOrder: 38,
  temporaryFailure: 41,
  outgoingCallsBarred: 52
} as const

interface CauseEntry {
  readonly text: string
  readonly outcome: AttemptOutcome
}

const table: Readonly<Record<number, CauseEntry>> = {
  1: { text: 'unallocated number', outcome: 'wrong-number' },
  2: { text: 'no route to transit network', outcome: 'wrong-number' },
  3: { text: 'no route to destination', outcome: 'wrong-number' },
  16: { text: 'normal clearing', outcome: 'cancelled' },
  17: { text: 'busy', outcome: 'busy' },
  18: { text: 'no user responding', outcome: 'unreachable' },
  // A remote party says 19 by SIP 480; our own ring timeout is recorded as no-answer before this table is asked.
  19: { text: 'no answer', outcome: 'unavailable' },
  20: { text: 'subscriber absent', outcome: 'unavailable' },
  21: { text: 'call rejected', outcome: 'declined' },
  22: { text: 'number changed', outcome: 'wrong-number' },
  26: { text: 'answered elsewhere', outcome: 'answered-elsewhere' },
  27: { text: 'destination out of order', outcome: 'unreachable' },
  28: { text: 'invalid number format', outcome: 'wrong-number' },
  29: { text: 'facility rejected', outcome: 'failed' },
  31: { text: 'normal, unspecified', outcome: 'failed' },
  34: { text: 'no circuit available', outcome: 'congestion' },
  38: { text: 'network out of order', outcome: 'congestion' },
  41: { text: 'temporary failure', outcome: 'congestion' },
  42: { text: 'switch congestion', outcome: 'congestion' },
  44: { text: 'requested circuit not available', outcome: 'congestion' },
  50: { text: 'facility not subscribed', outcome: 'failed' },
  58: { text: 'bearer capability not available', outcome: 'failed' },
  65: { text: 'bearer capability not implemented', outcome: 'failed' },
  66: { text: 'channel type not implemented', outcome: 'failed' },
  69: { text: 'facility not implemented', outcome: 'failed' },
  88: { text: 'incompatible destination', outcome: 'failed' },
  102: { text: 'recovery on timer expiry', outcome: 'unreachable' },
  127: { text: 'interworking', outcome: 'failed' }
}

/** SIP responses that say more than the Q.850 cause which Asterisk makes of them. */
const sipTable: Readonly<Record<number, AttemptOutcome>> = {
  404: 'wrong-number',
  408: 'unreachable',
  410: 'wrong-number',
  480: 'unavailable',
  484: 'wrong-number',
  486: 'busy',
  500: 'congestion',
  502: 'unreachable',
  503: 'congestion',
  504: 'unreachable',
  600: 'busy',
  603: 'declined',
  604: 'wrong-number'
}

/** "busy", "no answer", …; "cause 99" where the table has no words for it, "unknown cause" for 0. */
export function causeText(cause: number): string {
  return table[cause]?.text ?? (cause === 0 ? 'unknown cause' : `cause ${String(cause)}`)
}

/** What an unanswered attempt came to, from how its leg ended. */
export function attemptOutcome(cause: number, sipCode: number | undefined): AttemptOutcome {
  return (sipCode === undefined ? undefined : sipTable[sipCode]) ?? table[cause]?.outcome ?? 'failed'
}

/** A caller who cancels shows as 127 (SIP 487): in Q.850's words that is normal clearing. */
export function clearingCause(cause: number): number {
  return cause === 127 || cause === 0 ? Cause.normalClearing : cause
}

/** What an attempt came to whose leg could not be made. */
export function failedToRing(failure: TelephonyFailure): { outcome: AttemptOutcome; cause: number } {
  return failure === 'unavailable'
    ? { outcome: 'unavailable', cause: Cause.subscriberAbsent }
    : { outcome: 'failed', cause: Cause.temporaryFailure }
}
