// Call and attempt records, folded from a call's history. PURE.
import type { Call, Leg, Transition } from './call-state'
import type { HuntPlan } from './hunt-plan'

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
  | 'failed'
  | 'lost'

/** Who ended an answered call. */
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
  /** From answer to end; null where nobody answered or the call lasts. */
  readonly talkMs: number | null
}

/** One target rung once. `step` and `target` count from 1. */
export interface AttemptRecord {
  readonly call: string
  readonly step: number
  readonly target: number
  /** The B-leg's id. */
  readonly leg: string
  readonly dial: string
  readonly startedAt: number
  readonly ringingAt: number | null
  readonly answeredAt: number | null
  readonly endedAt: number | null
  readonly outcome: AttemptOutcome | null
  readonly cause: number | null
  readonly sipCode: number | null
}

/** The record of a call as far as it has come. */
export function callRecord(call: Call): CallRecord {
  const { history, incoming } = call
  const startedAt = history[0]?.at ?? 0
  const connected = history.find((each) => each.type === 'connected')
  const closed = history.find((each) => each.type === 'closed')
  const answeredAt = connected?.at ?? null
  const endedAt = closed?.at ?? null
  const rungUntil = answeredAt ?? endedAt
  return {
    id: call.id,
    number: incoming.number,
    callerNumber: incoming.caller.number,
    callerName: incoming.caller.name,
    aLeg: incoming.aLeg,
    startedAt,
    answeredAt,
    endedAt,
    outcome: closed?.outcome ?? null,
    endedBy: closed?.endedBy ?? null,
    cause: closed?.cause ?? null,
    decision: call.decision,
    rule: call.rule,
    plan: call.plan,
    fallback: history.find((each) => each.type === 'fallback')?.fallback ?? null,
    answeredBy: call.legs.find((leg) => leg.id === connected?.leg)?.dial ?? null,
    ringMs: rungUntil === null ? null : rungUntil - startedAt,
    talkMs: answeredAt === null || endedAt === null ? null : endedAt - answeredAt
  }
}

/** The records of a call's attempts, in the order they were made. */
export function attemptRecords(call: Call): readonly AttemptRecord[] {
  return call.legs.map((leg) => attemptRecord(call, leg))
}

function attemptRecord({ id, history }: Call, leg: Leg): AttemptRecord {
  const own = history.filter((each) => 'leg' in each && each.leg === leg.id)
  const instantOf = (type: Transition['type']): number | null => own.find((each) => each.type === type)?.at ?? null
  const ended = own.find((each) => each.type === 'attempt-ended')
  return {
    call: id,
    step: leg.step,
    target: leg.target,
    leg: leg.id,
    dial: leg.dial,
    startedAt: instantOf('attempt') ?? 0,
    ringingAt: instantOf('ringing'),
    answeredAt: instantOf('answered'),
    endedAt: ended?.at ?? null,
    outcome: ended?.outcome ?? null,
    cause: ended?.cause ?? null,
    sipCode: ended?.sipCode ?? null
  }
}
