// A call's record, attempts and replacements, folded from its history. PURE.
import { newCall } from './draft'
import { trunkOf } from './trunk-tries'
import type { Call, Decided, Leg, Milestone } from './types'
import type { IncomingCall } from '../ports'
import { grouped } from '../rules/rule-tables'
import type { AttemptRecord, CallRecord, ReplacementRecord } from './record'

/** The record of a call as far as it has come; `server` has it. */
export function callRecord(call: Call, server: string | null = null): CallRecord {
  const { history, incoming } = call
  const startedAt = history[0]?.at ?? 0
  const connected = history.find((each) => each.type === 'connected')
  const unbridged = history.find((each) => each.type === 'answered-unbridged')
  const closed = history.find((each) => each.type === 'closed')
  const answered = connected ?? unbridged
  const answeredAt = answered?.at ?? null
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
    cause: known(closed?.cause),
    decision: call.decision,
    rule: call.rule,
    plan: call.plan,
    fallback: history.find((each) => each.type === 'fallback')?.fallback ?? null,
    answeredBy: call.legs.find((leg) => leg.id === answered?.leg)?.dial ?? null,
    ringMs: rungUntil === null ? null : rungUntil - startedAt,
    recovered: closed?.recovered ?? false,
    talkMs: connected === undefined || endedAt === null ? null : endedAt - connected.at,
    failsafeAt: null,
    server,
    reason: call.reason,
    cameFrom: call.cameFrom
  }
}

/**
 * The record of a call for which nothing was done: the caller came at `cameAt`, and had gone when that was found out, at
 * `goneAt`.
 */
export function unseenRecord(
  id: string,
  incoming: IncomingCall,
  decided: Decided,
  { cameAt, goneAt, server }: { readonly cameAt: number; readonly goneAt: number; readonly server: string }
): CallRecord {
  // Asterisk's clock may be ahead.
  const arrivedAt = Math.min(cameAt, goneAt)
  const history: Milestone[] = [
    { at: arrivedAt, type: 'arrived' },
    { at: goneAt, type: 'closed', outcome: 'lost', endedBy: null, cause: 0, recovered: true }
  ]
  return callRecord({ ...newCall(id, incoming, decided, 0), history }, server)
}

/** The records of a call's attempts, in the order they were made. */
export function attemptRecords(call: Call): readonly AttemptRecord[] {
  const attempts = grouped(call.legs, ({ step, target, tryNumber }) => `${step}.${target}.${tryNumber}`)
  return [...attempts.values()].map((legs) => attemptRecord(call, legs))
}

/** Who took whose place in a call, in order. */
export function replacementRecords({ history }: Call): readonly ReplacementRecord[] {
  return history.flatMap((each) =>
    each.type === 'replaced' ? [{ place: each.leg, at: each.at, leg: each.by, who: each.who }] : []
  )
}

/** `legs`: one, or one for each contact that was rung, in order. */
function attemptRecord({ id, history, plan }: Call, legs: readonly Leg[]): AttemptRecord {
  const own = history.filter((each) => 'leg' in each && legs.some((leg) => leg.id === each.leg))
  const instantOf = (type: Milestone['type']): number | null => own.find((each) => each.type === type)?.at ?? null
  const answered = own.find((each) => each.type === 'answered')
  const [leg] = legs.filter((each) => each.id === answered?.leg).concat(legs) as [Leg]
  const isOver = legs.every(({ state }) => state === 'ending' || state === 'gone')
  const ends = own.flatMap((each) => (each.type === 'attempt-ended' ? [each] : []))
  const ended = isOver ? ends.at(-1) : undefined
  return {
    call: id,
    step: leg.step,
    target: leg.target,
    tryNumber: leg.tryNumber,
    leg: leg.id,
    dial: leg.dial,
    contact: answered === undefined ? null : (leg.contact ?? null),
    startedAt: instantOf('attempt') ?? 0,
    dialledAt: instantOf('dialled'),
    ringingAt: instantOf('ringing'),
    answeredAt: instantOf('answered'),
    endedAt: ended?.at ?? null,
    outcome: ended?.outcome ?? null,
    cause: known(ended?.cause),
    sipCode: ended?.sipCode ?? null,
    reason: ended?.reason ?? null,
    trunk: trunkOf(plan, leg)?.name ?? null
  }
}

/** Asterisk says 0 where it knows no cause. */
function known(cause: number | undefined): number | null {
  return cause === undefined || cause === 0 ? null : cause
}
