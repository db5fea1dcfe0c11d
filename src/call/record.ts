// The records of a call: its own, and those of its attempts and replacements. PURE.
import type { HuntPlan } from '../rules/hunt-plan'

/** Replaces a recorded plan that cannot be read. It rings nobody. */
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
  /** The target must not be dialled (rules/gate.ts). */
  | 'refused'
  /** It had as many calls as it may have, or its trunk was passed over. */
  | 'limited'
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
  /** What decided the call: a rule, an override or the number's fallback; or why the call was refused. */
  readonly decision: 'rule' | 'override' | 'fallback' | 'unknown-number' | 'disabled' | 'loop'
  /** The rule's name, or null if none matched. */
  readonly rule: string | null
  readonly plan: HuntPlan
  /** The fallback that the caller was given, or null. */
  readonly fallback: string | null
  /** The target that answered, as written in the rules, or null. */
  readonly answeredBy: string | null
  /** From arrival to answer, or to the end if nobody answered; null while the caller waits. */
  readonly ringMs: number | null
  /** From answer to end; null if nobody answered, if the caller left before the two were joined, or while the call lasts. */
  readonly talkMs: number | null
  /** No event reported the end; it was discovered later, at `endedAt`. */
  readonly recovered: boolean
  /** When the failsafe took the call, because followme was not available; null if it did not. */
  readonly failsafeAt: number | null
  /** The name of the server that handled it last; null if unknown. */
  readonly server: string | null
  /** Why no rule was asked, in words; null: the rules decided. */
  readonly reason: string | null
  /** The id of the call whose leg through a trunk came back as this call; null: none that is known. */
  readonly cameFrom: string | null
}

/** One attempt to reach a target, with all of its contacts, through one trunk. `step`, `target` and `tryNumber` count from 1. */
export interface AttemptRecord {
  readonly call: string
  readonly step: number
  readonly target: number
  readonly tryNumber: number
  /** The B-leg's id; with several contacts, that of the one that answered, or else of the first. */
  readonly leg: string
  readonly dial: string
  /** The contact that answered, as it was dialled; null if none did, or if the target has only one (the failsafe records it even then). */
  readonly contact: string | null
  readonly startedAt: number
  /** When Asterisk was asked to dial it, or null. It may have rung from then on. */
  readonly dialledAt: number | null
  readonly ringingAt: number | null
  readonly answeredAt: number | null
  readonly endedAt: number | null
  readonly outcome: AttemptOutcome | null
  readonly cause: number | null
  readonly sipCode: number | null
  /** Why it was refused or limited, in words; null for any other outcome. */
  readonly reason: string | null
  /** The trunk's name; null: a phone, or a number through FOLLOWME_TRUNK. */
  readonly trunk: string | null
}

/** Another leg took a place in the call, by call pickup, a transfer, or an INVITE with Replaces. */
export interface ReplacementRecord {
  /** The place: a target's leg, or null for the caller. */
  readonly place: string | null
  readonly at: number
  /** Asterisk's id of the leg that took it. */
  readonly leg: string
  /**
   * Who that leg is: `PJSIP/bob`; or where a transfer went and which end of that connection this is (other-end.ts),
   * `55@office-0000001f;1` or `_attended@transfer-0000001f;1`; empty if unknown.
   */
  readonly who: string
}
