// The records of calls, attempts and replacements as rows of the database, and back.
import { legIdOf, placeInPlan } from '../../call/ids'
import { type AttemptRecord, type CallRecord, type ReplacementRecord, unreadablePlan } from '../../call/record'
import type { HuntPlan } from '../../rules/hunt-plan'
import type { Selectable } from 'kysely'
import type { Schema } from '../database/schema'

export type CallRow = Selectable<Schema['calls']>
export type AttemptRow = Selectable<Schema['attempts']>
export type ReplacementRow = Selectable<Schema['replacements']>

export function callRow(call: CallRecord): CallRow {
  return {
    id: call.id,
    number: call.number,
    caller_number: call.callerNumber,
    caller_name: call.callerName,
    a_leg: call.aLeg,
    started_at: instant(call.startedAt),
    answered_at: instantOrNull(call.answeredAt),
    ended_at: instantOrNull(call.endedAt),
    outcome: call.outcome,
    ended_by: call.endedBy,
    cause: call.cause,
    decision: call.decision,
    rule: call.rule,
    plan: JSON.stringify(call.plan),
    fallback: call.fallback,
    answered_by: call.answeredBy,
    ring_ms: wholeOrNull(call.ringMs),
    talk_ms: wholeOrNull(call.talkMs),
    recovered: call.recovered ? 1 : 0,
    failsafe_at: instantOrNull(call.failsafeAt),
    server: call.server,
    reason: call.reason,
    came_from: call.cameFrom
  }
}

export function callFromRow(row: CallRow): CallRecord {
  return {
    id: row.id,
    number: row.number,
    callerNumber: row.caller_number,
    callerName: row.caller_name,
    aLeg: row.a_leg,
    startedAt: Date.parse(row.started_at),
    answeredAt: msOrNull(row.answered_at),
    endedAt: msOrNull(row.ended_at),
    outcome: row.outcome,
    endedBy: row.ended_by,
    cause: row.cause,
    decision: row.decision,
    rule: row.rule,
    plan: planOf(row.plan),
    fallback: row.fallback,
    answeredBy: row.answered_by,
    ringMs: row.ring_ms,
    talkMs: row.talk_ms,
    recovered: row.recovered === 1,
    failsafeAt: msOrNull(row.failsafe_at),
    server: row.server,
    reason: row.reason,
    cameFrom: row.came_from
  }
}

/**
 * Reads the text that callRow wrote. If another program has changed it, the result is {@link unreadablePlan}, so that other
 * calls can still be read.
 */
function planOf(text: string): HuntPlan {
  try {
    const plan = JSON.parse(text) as HuntPlan
    if (plan.steps.every(({ targets }) => targets.length > 0) && typeof plan.fallback === 'string') return plan
  } catch {
    // JSON of another shape.
  }
  return unreadablePlan
}

export function attemptRow(attempt: AttemptRecord): AttemptRow {
  return {
    call: attempt.call,
    step: attempt.step,
    target: attempt.target,
    try: attempt.tryNumber,
    leg: attempt.leg,
    dial: attempt.dial,
    contact: attempt.contact,
    started_at: instant(attempt.startedAt),
    dialled_at: instantOrNull(attempt.dialledAt),
    ringing_at: instantOrNull(attempt.ringingAt),
    answered_at: instantOrNull(attempt.answeredAt),
    ended_at: instantOrNull(attempt.endedAt),
    outcome: attempt.outcome,
    cause: attempt.cause,
    sip_code: attempt.sipCode,
    reason: attempt.reason,
    trunk: attempt.trunk
  }
}

export function attemptFromRow(row: AttemptRow): AttemptRecord {
  return {
    call: row.call,
    step: row.step,
    target: row.target,
    tryNumber: row.try,
    leg: row.leg,
    dial: row.dial,
    contact: row.contact,
    startedAt: Date.parse(row.started_at),
    dialledAt: msOrNull(row.dialled_at),
    ringingAt: msOrNull(row.ringing_at),
    answeredAt: msOrNull(row.answered_at),
    endedAt: msOrNull(row.ended_at),
    outcome: row.outcome,
    cause: row.cause,
    sipCode: row.sip_code,
    reason: row.reason,
    trunk: row.trunk
  }
}

/** The replacement that came as the `position`th in its call, counted from 1. */
export function replacementRow(
  call: string,
  { place, leg, who, at }: ReplacementRecord,
  position: number
): ReplacementRow {
  const { step, target, tryNumber } =
    place === null ? { step: null, target: null, tryNumber: 1 } : placeInPlan(call, place)
  return { call, position, step, target, leg, who, at: instant(at), try: tryNumber > 1 ? tryNumber : null }
}

/** `attempts`: those of its call. */
export function replacementFromRow(
  { call, step, target, leg, who, at, ...row }: ReplacementRow,
  attempts: readonly AttemptRecord[]
): ReplacementRecord {
  const tryNumber = row.try ?? 1
  const attempt = attempts.find((each) => each.step === step && each.target === target && each.tryNumber === tryNumber)
  const place = step === null || target === null ? null : (attempt?.leg ?? legIdOf(call, step, target))
  return { place, at: Date.parse(at), leg, who }
}

/** Milliseconds since the epoch in the format of the tables: `2026-11-22T11:48:12.345Z`. */
export function instant(ms: number): string {
  return new Date(ms).toISOString()
}

function instantOrNull(ms: number | null): string | null {
  return ms === null ? null : instant(ms)
}

// If the clock was set back during a call, its record must still be written.
function wholeOrNull(ms: number | null): number | null {
  return ms === null ? null : Math.max(0, Math.round(ms))
}

function msOrNull(text: string | null): number | null {
  return text === null ? null : Date.parse(text)
}
