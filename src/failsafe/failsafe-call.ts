// A call that the failsafe has carried, as records: what Asterisk noted of it becomes a call and its attempts. PURE.
import { attemptOutcome, Cause, clearingCause } from '../call/cause'
import { type FailsafeStep, targetOf, type WaysOut } from './plan-rows'
import type { PlannedStep, PlannedTarget } from '../rules/hunt-plan'
import { isOutside } from '../rules/number'
import type { RecordedCall } from '../ports'
import type { AttemptOutcome, AttemptRecord, CallRecord } from '../call/record'

/** One step that the failsafe rang. */
export interface FailsafeAttempt {
  /** As the plan counts it, from 1; 0 is the static destination. */
  readonly step: number
  /** What Dial() rang, its addresses joined with `&`. */
  readonly dial: string
  readonly ringSeconds: number
  readonly startedAt: number
  readonly endedAt: number
  /** Dial()'s own word: ANSWER, BUSY, NOANSWER, CANCEL … */
  readonly status: string
  /** Q.850; 0: not known. */
  readonly cause: number
  /** The final SIP response; undefined: not known, as where several rang together. */
  readonly sipCode: number | undefined
}

/** What Asterisk noted of one call. */
export interface FailsafeCall {
  readonly aLeg: string
  readonly number: string
  readonly callerNumber: string
  readonly callerName: string
  readonly enteredAt: number
  readonly endedAt: number
  /** In order; only the last one may have been answered. */
  readonly steps: readonly FailsafeAttempt[]
  /** Of an answered call: how long they talked, which address of the step answered, who hung up. Null: not known. */
  readonly talkMs: number | null
  readonly answeredBy: string
  readonly hungUpBy: 'caller' | 'target' | null
  /** What a caller got whom nobody answered; null: they hung up before. */
  readonly ending: 'fallback' | 'unknown' | 'sorry' | 'loop' | null
  readonly endingAt: number | null
  /** The fallback was that of a full number. */
  readonly isFull: boolean
  readonly fallback: string
  readonly cause: number
}

/** What has been taken into the records at one go. */
export interface ImportResult {
  readonly calls: readonly RecordedCall[]
  /** Why each of those that were set aside cannot be read. */
  readonly faults: readonly string[]
  /** There may be more. */
  readonly isFull: boolean
}

/** Where Asterisk notes the calls that the failsafe carries. */
export interface FailsafeCalls {
  /**
   * Moves some into the records. Every save of a call that was made before must be written by then: it is that call's record
   * that is gone on with. Rejects with a `StoreError` where it cannot be done now, and waits for nobody.
   */
  importCalls(): Promise<ImportResult>
}

/**
 * The records of the call. `before` is what followme had recorded of it: that is gone on with, so that one call is one
 * record. Otherwise it gets the `id`, and `plan`: the steps that the failsafe had for the number, where it still has them.
 */
export function recordsOfFailsafeCall(
  carried: FailsafeCall,
  {
    id,
    plan,
    ways,
    server,
    before,
    stepsBefore
  }: {
    readonly id: string
    readonly plan: readonly FailsafeStep[]
    readonly ways: WaysOut
    /** The name of the server that Asterisk carried it on. */
    readonly server: string
    readonly before: CallRecord | undefined
    /** How many steps of it are recorded: the failsafe's are counted on from there. */
    readonly stepsBefore: number
  }
): RecordedCall {
  const call = before ?? newCall(carried, id, plan, ways)
  const attempts = carried.steps.flatMap((step, index) =>
    attemptsOf(carried, step, { call: call.id, step: stepsBefore + index + 1 }, ways)
  )
  const answered = attempts.find(({ outcome }) => outcome === 'answered')
  const end = endOf(carried, call, answered)
  return {
    call: { ...call, server, failsafeAt: carried.enteredAt, recovered: false, ...end },
    attempts,
    replacements: []
  }
}

function attemptsOf(
  { answeredBy, talkMs, number }: FailsafeCall,
  rung: FailsafeAttempt,
  place: { readonly call: string; readonly step: number },
  ways: WaysOut
): AttemptRecord[] {
  const endpoints = rung.dial.split('&')
  const isAnswered = rung.status === 'ANSWER'
  const taker = endpoints.length === 1 ? 0 : endpoints.findIndex((each) => isOf(answeredBy, each))
  return endpoints.map((endpoint, index) => {
    const took = isAnswered && index === taker
    const outcome = isAnswered ? (took ? 'answered' : 'answered-elsewhere') : outcomeOf(rung)
    return {
      ...place,
      target: index + 1,
      tryNumber: 1,
      leg: '',
      ...targetOf(endpoint, number, ways),
      contact: took && answeredBy.startsWith(`${addressOf(endpoint)}/`) ? `PJSIP/${answeredBy}` : null,
      startedAt: rung.startedAt,
      dialledAt: rung.startedAt,
      ringingAt: null,
      answeredAt: took && talkMs !== null ? rung.endedAt - talkMs : null,
      endedAt: rung.endedAt,
      outcome,
      cause: causeOf(outcome, rung.cause),
      sipCode: isAnswered ? null : (rung.sipCode ?? null),
      reason: null
    }
  })
}

/** Whether this address belongs to what was dialled: to it itself, or to one of its contacts. */
function isOf(address: string, endpoint: string): boolean {
  return `${address}/`.startsWith(`${addressOf(endpoint)}/`)
}

/** Without the technology: `alice` of `PJSIP/alice`. */
function addressOf(endpoint: string): string {
  return endpoint.slice(endpoint.indexOf('/') + 1)
}

/** Where several rang together, the last cause stands for all of them: Dial() tells no other. */
function outcomeOf({ status, cause, sipCode }: FailsafeAttempt): AttemptOutcome {
  switch (status) {
    case 'NOANSWER':
      return sipCode === undefined ? 'no-answer' : attemptOutcome(cause, sipCode)
    case 'CANCEL':
      return 'cancelled'
    case 'BUSY':
      return attemptOutcome(cause === 0 ? Cause.userBusy : cause, sipCode)
    case 'CHANUNAVAIL':
      return attemptOutcome(cause === 0 ? Cause.subscriberAbsent : cause, sipCode)
    case 'CONGESTION':
      return attemptOutcome(cause === 0 ? Cause.networkOutOfOrder : cause, sipCode)
    default:
      return 'failed'
  }
}

// HANGUPCAUSE stays what an earlier step made of it where a step ends without one of its own.
function causeOf(outcome: AttemptOutcome, cause: number): number | null {
  if (outcome === 'no-answer') return Cause.noAnswer
  if (outcome === 'answered-elsewhere') return Cause.answeredElsewhere
  if (outcome === 'cancelled') return Cause.normalClearing
  return cause === 0 ? null : cause
}

function newCall(
  carried: FailsafeCall,
  id: string,
  steps: readonly FailsafeStep[],
  ways: WaysOut
): Omit<CallRecord, keyof End | 'server' | 'recovered' | 'failsafeAt'> {
  const { aLeg, number, callerNumber, callerName, enteredAt } = carried
  const { plan, reason } = planFor(carried, steps)
  const rule = plan[0]?.rule ?? null
  const rung = plan.length > 0 ? plan : carried.steps
  const isLoop = carried.ending === 'loop'
  return {
    id,
    number,
    callerNumber,
    callerName,
    aLeg,
    startedAt: enteredAt,
    decision: decisionOf(carried, rule, reason === null && plan.length > 1),
    rule: isLoop ? null : rule,
    reason: isLoop ? loopReason : reason,
    cameFrom: null,
    plan: {
      steps: rung.flatMap((step) => plannedStep(step, number, ways)),
      fallback: plan.at(-1)?.fallback ?? (carried.fallback === '' ? 'hangup' : carried.fallback)
    }
  }
}

/** What the failsafe has for a number says no more than that. */
function decisionOf({ ending }: FailsafeCall, rule: string | null, isOverride: boolean): CallRecord['decision'] {
  if (ending === 'unknown') return 'unknown-number'
  if (ending === 'loop') return 'loop'
  return rule !== null ? 'rule' : isOverride ? 'override' : 'fallback'
}

const loopReason = 'it had come back through a trunk, or too many legs through trunks rang for this caller'

/** The steps that were for this call: those of the plan, or those for any more calls than the number may have. */
function planFor({ number, isFull, steps: rung }: FailsafeCall, steps: readonly FailsafeStep[]) {
  const { maxCalls, fullStep } = steps[0] ?? {}
  const since = fullStep ?? Infinity
  if (!isFull && !rung.some(({ step }) => step >= since)) return { plan: steps.slice(0, since - 1), reason: null }
  const most = maxCalls == null ? '' : `: its max_calls is ${maxCalls}`
  return { plan: steps.slice(since - 1), reason: `as many calls of ${number} as may be were in progress${most}` }
}

function plannedStep(rung: FailsafeStep | FailsafeAttempt, number: string, ways: WaysOut): PlannedStep[] {
  const ringSeconds = rung.ringSeconds ?? 0
  const row: Partial<FailsafeStep> = 'fallback' in rung ? rung : {}
  // The targets of the row before, once more.
  if (row.insteadOf) return []
  const dials = [rung.dial, row.limitedDial, row.privateDial].flatMap((each) => (each ? each.split('&') : []))
  const targets = dials.map((each) => ({
    dial: targetOf(each, number, ways).dial,
    ringSeconds,
    ...shownBy(rung, each)
  }))
  return targets.length === 0 ? [] : [{ targets }]
}

/** The caller ID that a target of a step was shown. */
function shownBy(rung: FailsafeStep | FailsafeAttempt, endpoint: string): Pick<PlannedTarget, 'shown'> {
  const { outsideCaller, insideCaller, namePrefix, alertInfo } = 'fallback' in rung ? rung : {}
  const shown = isOutside(endpoint)
    ? { ...(outsideCaller && { number: outsideCaller }) }
    : {
        ...(insideCaller && { number: insideCaller }),
        ...(namePrefix && { namePrefix }),
        ...(alertInfo && { alertInfo })
      }
  return Object.keys(shown).length === 0 ? {} : { shown }
}

type End = Pick<
  CallRecord,
  'answeredAt' | 'endedAt' | 'outcome' | 'endedBy' | 'cause' | 'fallback' | 'answeredBy' | 'ringMs' | 'talkMs'
>

function endOf(
  carried: FailsafeCall,
  { startedAt }: Pick<CallRecord, 'startedAt'>,
  answered: AttemptRecord | undefined
): End {
  const { talkMs, hungUpBy, ending, endingAt, fallback } = carried
  const cause = clearingCause(carried.cause)
  if (carried.steps.at(-1)?.status === 'ANSWER') {
    const answeredAt = talkMs === null ? null : carried.endedAt - talkMs
    const ringMs = answeredAt === null ? null : Math.max(0, answeredAt - startedAt)
    const answeredBy = answered?.dial ?? null
    const { endedAt } = carried
    return {
      answeredAt,
      endedAt,
      outcome: 'answered',
      endedBy: hungUpBy,
      cause,
      fallback: null,
      answeredBy,
      ringMs,
      talkMs
    }
  }
  // As ever: a caller who is given the fallback has left.
  const endedAt = endingAt ?? carried.endedAt
  const outcome = { fallback: 'fallback', unknown: 'refused', sorry: 'failed', loop: 'refused' } as const
  return {
    answeredAt: null,
    endedAt,
    outcome: ending === null ? 'abandoned' : outcome[ending],
    endedBy: ending === null ? 'caller' : null,
    cause,
    fallback: ending === 'fallback' ? fallback : null,
    answeredBy: null,
    ringMs: Math.max(0, endedAt - startedAt),
    talkMs: null
  }
}
