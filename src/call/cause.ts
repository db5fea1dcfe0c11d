// Q.850 causes and SIP responses, and what each says about an attempt: the one table of outcomes. PURE.
// Sources: ITU-T Q.850 table 1; res_pjsip's ast_sip_hangup_sip2cause() for what a SIP response becomes in Asterisk.
import type { TelephonyFailure } from '../ports'
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
  /** What our dialplan makes of 21 where analytics in the network have sent the 603 ("603+", ATIS-1000099). */
  networkBlocked: 24,
  answeredElsewhere: 26,
  noCircuitAvailable: 34,
  networkOutOfOrder: 38,
  temporaryFailure: 41,
  outgoingCallsBarred: 52
} as const

/** What each Q.850 cause is called, and what an attempt came to that ended with it and with no SIP response. */
const causes: Readonly<Record<number, readonly [text: string, outcome: AttemptOutcome]>> = {
  1: ['unallocated number', 'wrong-number'],
  2: ['no route to transit network', 'wrong-number'],
  3: ['no route to destination', 'wrong-number'],
  4: ['send special information tone', 'failed'],
  5: ['misdialled trunk prefix', 'wrong-number'],
  6: ['channel unacceptable', 'failed'],
  7: ['call awarded', 'failed'],
  8: ['preemption', 'failed'],
  9: ['preemption, circuit reserved', 'failed'],
  14: ['query on release', 'failed'],
  // Newer versions make this of 300, 301 and 380; any version of a cause that it has lost. What we end is recorded before this is asked.
  16: ['normal clearing', 'failed'],
  17: ['busy', 'busy'],
  18: ['no user responding', 'unreachable'],
  // A remote party sends 480 for 19; our own ring timeout is recorded as no-answer before this table is asked.
  19: ['no answer', 'unavailable'],
  20: ['subscriber absent', 'unavailable'],
  // Asterisk makes this of 401, 403 and 407, too: without the SIP response it is unknown whether the person has declined.
  21: ['call rejected', 'failed'],
  22: ['number changed', 'wrong-number'],
  23: ['redirected to a new destination', 'failed'],
  24: ['blocked by a feature of the network', 'failed'],
  25: ['exchange routing error', 'failed'],
  26: ['answered elsewhere', 'answered-elsewhere'],
  27: ['destination out of order', 'unreachable'],
  28: ['invalid number format', 'wrong-number'],
  29: ['facility rejected', 'failed'],
  30: ['response to status enquiry', 'failed'],
  31: ['normal, unspecified', 'failed'],
  34: ['no circuit available', 'congestion'],
  38: ['network out of order', 'congestion'],
  39: ['frame mode connection out of service', 'congestion'],
  40: ['frame mode connection operational', 'failed'],
  41: ['temporary failure', 'congestion'],
  42: ['switch congestion', 'congestion'],
  43: ['access information discarded', 'failed'],
  44: ['requested circuit not available', 'congestion'],
  46: ['precedence call blocked', 'congestion'],
  47: ['resource unavailable', 'congestion'],
  49: ['quality of service not available', 'failed'],
  50: ['facility not subscribed', 'failed'],
  52: ['outgoing calls barred', 'failed'],
  53: ['outgoing calls barred within the group', 'failed'],
  54: ['incoming calls barred', 'failed'],
  55: ['incoming calls barred within the group', 'failed'],
  57: ['bearer capability not authorized', 'failed'],
  58: ['bearer capability not available', 'failed'],
  62: ['inconsistent access information', 'failed'],
  63: ['service not available', 'failed'],
  65: ['bearer capability not implemented', 'failed'],
  66: ['channel type not implemented', 'failed'],
  69: ['facility not implemented', 'failed'],
  70: ['restricted digital information only', 'failed'],
  79: ['service not implemented', 'failed'],
  81: ['invalid call reference', 'failed'],
  82: ['channel does not exist', 'failed'],
  83: ['suspended call, other identity', 'failed'],
  84: ['call identity in use', 'failed'],
  85: ['no call suspended', 'failed'],
  86: ['call cleared', 'failed'],
  87: ['not a member of the group', 'failed'],
  88: ['incompatible destination', 'failed'],
  90: ['group does not exist', 'failed'],
  91: ['invalid transit network', 'wrong-number'],
  95: ['invalid message', 'failed'],
  96: ['mandatory element missing', 'failed'],
  97: ['message type unknown', 'failed'],
  98: ['message not compatible with the call state', 'failed'],
  99: ['information element unknown', 'failed'],
  100: ['invalid element contents', 'failed'],
  101: ['message not compatible with the call state', 'failed'],
  102: ['recovery on timer expiry', 'unreachable'],
  103: ['parameter unknown, passed on', 'failed'],
  110: ['message with unknown parameter discarded', 'failed'],
  111: ['protocol error', 'failed'],
  127: ['interworking', 'failed']
}

/**
 * What an attempt came to that ended with a SIP response (RFC 3261 section 21 and the RFCs beside the codes). Only 603 and 607 are the
 * person's own decline, and 603 is not where the cause says {@link Cause.networkBlocked}. Asterisk reports the response from 20.17 and
 * 22.7 on, and it is more exact than the cause that Asterisk makes of it.
 */
const responses: Readonly<Record<number, AttemptOutcome>> = {
  // Redirections are never followed: somebody else would be called than the rules say.
  300: 'failed',
  301: 'failed',
  302: 'failed',
  305: 'failed',
  380: 'failed',
  400: 'failed',
  // Our own password is wrong or missing; the carrier refuses.
  401: 'failed',
  402: 'failed',
  403: 'failed',
  404: 'wrong-number',
  405: 'failed',
  406: 'failed',
  407: 'failed',
  408: 'unreachable',
  410: 'wrong-number',
  412: 'failed', // RFC 3903
  413: 'failed',
  414: 'failed',
  415: 'failed',
  416: 'failed',
  417: 'failed', // RFC 4412
  420: 'failed',
  421: 'failed',
  422: 'failed', // RFC 4028
  423: 'failed',
  424: 'failed', // RFC 6442
  425: 'failed', // RFC 8599
  428: 'failed', // RFC 8224
  429: 'failed', // RFC 3892
  430: 'unreachable', // RFC 5626: the proxy has lost the phone
  433: 'failed', // RFC 5079: anonymous callers are not wanted there
  436: 'failed', // RFC 8224
  437: 'failed', // RFC 8224
  438: 'failed', // RFC 8224
  439: 'failed', // RFC 5626
  440: 'failed', // RFC 5393
  469: 'failed', // RFC 6086
  470: 'failed', // RFC 5360
  480: 'unavailable',
  481: 'failed',
  // A loop.
  482: 'failed',
  483: 'failed',
  484: 'wrong-number',
  485: 'wrong-number',
  486: 'busy',
  487: 'failed',
  488: 'failed',
  489: 'failed', // RFC 6665
  491: 'failed',
  493: 'failed',
  494: 'failed', // RFC 3329
  500: 'congestion',
  501: 'failed',
  502: 'unreachable',
  503: 'congestion',
  504: 'unreachable',
  505: 'failed',
  513: 'failed',
  555: 'failed', // RFC 8599
  580: 'failed', // RFC 3312
  600: 'busy',
  603: 'declined',
  604: 'wrong-number',
  606: 'failed',
  607: 'declined', // RFC 8197: the person does not want this caller
  608: 'failed' // RFC 8688: somebody on the way does not
}

/** "busy", "no answer", …; "cause 99" where Q.850 has no such cause, "unknown cause" for 0. */
export function causeText(cause: number): string {
  return causes[cause]?.[0] ?? (cause === 0 ? 'unknown cause' : `cause ${String(cause)}`)
}

/**
 * What an unanswered attempt came to, from how its leg ended. An unknown response means what the first of its class does
 * (RFC 3261, 8.1.3.2), an unknown cause of the resource class (Q.850, 32 to 47) that the network is short of something.
 */
export function attemptOutcome(cause: number, sipCode: number | undefined): AttemptOutcome {
  const response = sipCode === undefined || isBlocked(cause, sipCode) ? undefined : sipCode
  const byResponse =
    response === undefined ? undefined : (responses[response] ?? responses[Math.floor(response / 100) * 100])
  return byResponse ?? causes[cause]?.[1] ?? (cause >= 32 && cause <= 47 ? 'congestion' : 'failed')
}

/** Responses that a carrier gives for the caller or the callee: another carrier would give the same. */
const notOfTheTrunk: ReadonlySet<number> = new Set([433, 440, 481, 482, 483, 487, 491, 603, 607, 608])

/**
 * Whether it is the trunk that failed, and not the person called, where a leg ended before it rang: then the next trunk may reach them. A
 * response says so (408, 5xx, but also 401, 402 and 403, with which a carrier refuses us), or a cause without one that no person gives.
 */
export function isTrunkFailure(outcome: AttemptOutcome, sipCode: number | null | undefined): boolean {
  if (outcome === 'congestion' || outcome === 'unreachable' || outcome === 'limited') return true
  if (outcome !== 'failed' || sipCode == null) return false
  return sipCode >= 400 && !notOfTheTrunk.has(sipCode)
}

/**
 * Whether a leg that ends before it is joined was not answered by a person, although it answered: Asterisk itself ends a leg whose
 * answer it cannot take (no SDP, no codec in common), with a SIP response of its own (406) and 127. A person who hangs up ends it with 16.
 */
export function isAnswerRefused(cause: number, sipCode: number | undefined): boolean {
  return cause === 127 || (sipCode !== undefined && sipCode >= 300)
}

/** A 603 that no person has sent. */
function isBlocked(cause: number, sipCode: number): boolean {
  return sipCode === 603 && cause === Cause.networkBlocked
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
