// What is kept of a call: the shapes of its record, its attempts and its replacements. PURE.
import type { HuntPlan } from '../rules/hunt-plan'

/** What stands for the plan of a record that cannot be read: nobody is rung by it. */
export const unreadablePlan: HuntPlan = { steps: [], fallback: 'hangup' }

/** How a call ended; null while it lasts. */
export type CallOutcome = 'answered' | 'fallback' | 'abandoned' | 'refused' | 'failed' | 'lost'

/** How one attempt ended; null while it lasts. */
export type AttemptOutcome =
  | 'answered'
  | 'busy'
  | 'declined'
  | 'no-answer'
  | 'unavailable'
  | 'congestion'
  | 'unreachable'
  | 'wrong-number'
  | 'answered-elsewhere'
  | 'cancelled'
  /** It must not be dialled (rules/gate.ts). */
  | 'refused'
  | 'failed'
  | 'lost'

/** Who ended the call. */
export type EndedBy = 'caller' | 'target' | 'followme'

/** One call. Instants are milliseconds since the epoch, durations milliseconds, causes Q.850. */
export interface CallRecord {
  readonly id: string
  readonly number: string
  readonly callerNumber: string
  readonly callerName: string
  readonly aLeg: string
  readonly startedAt: number
  readonly answeredAt: number | null
  readonly endedAt: number | null
  readonly outcome: CallOutcome | null
  readonly endedBy: EndedBy | null
  readonly cause: number | null
  /** What decided: a rule, an override, the number's fallback, or why the call was refused. */
  readonly decision: 'rule' | 'override' | 'fallback' | 'unknown-number' | 'disabled'
  /** The rule's name, or null where none matched. */
  readonly rule: string | null
  readonly plan: HuntPlan
  /** The fallback that the caller was given, or null. */
  readonly fallback: string | null
  /** The target that answered, as the rules write it, or null. */
  readonly answeredBy: string | null
  /** From arrival to answer, or to the end where nobody answered; null while it lasts. */
  readonly ringMs: number | null
  /** From answer to end; null where nobody answered, the caller left before the two were joined, or the call lasts. */
  readonly talkMs: number | null
  /** Its end was not seen, but found out by looking afterwards: `endedAt` is when that was. */
  readonly recovered: boolean
  /** When the failsafe took it over, followme not being there; null: it did not. */
  readonly failsafeAt: number | null
  /** The name of the server that had it last; null: not known. */
  readonly server: string | null
}

/** One target rung once, with all of its contacts. `step` and `target` count from 1. */
export interface AttemptRecord {
  readonly call: string
  readonly step: number
  readonly target: number
  /** The B-leg's id: of several contacts, the one that answered, or the first. */
  readonly leg: string
  readonly dial: string
  /** Which contact answered, as it was dialled; null: none, or the target has one only (the failsafe names that one, too). */
  readonly contact: string | null
  readonly startedAt: number
  /** When Asterisk was asked to dial it, or null: from then on it may have rung. */
  readonly dialledAt: number | null
  readonly ringingAt: number | null
  readonly answeredAt: number | null
  readonly endedAt: number | null
  readonly outcome: AttemptOutcome | null
  readonly cause: number | null
  readonly sipCode: number | null
  /** Why it was refused, in words; null for any other outcome. */
  readonly reason: string | null
}

/** Another leg took a place in the call: by call pickup, by a transfer, or by INVITE with Replaces. */
export interface ReplacementRecord {
  /** The place: a target's leg, or null for the caller. */
  readonly place: string | null
  readonly at: number
  /** Asterisk's id of the leg that took it. */
  readonly leg: string
  /**
   * What that leg is: `PJSIP/bob`; `55@office-0000001f;1`, where a blind transfer went, or `_attended@transfer-0000001f;1`, and which
   * end of it this is (other-end.ts); empty: not known.
   */
  readonly who: string
}
