// A call restored from its records, or made for a caller who has none, after the process that had it has ended. To the call
// this is no more than a long gap in the connection: afterwards it gets the events that it missed, as after any gap. PURE.
import { plannedAt } from '../rules/hunt-plan'
import { AppError } from '../errors'
import { Cause } from './cause'
import { Draft, newCall } from './draft'
import { giveFallback, hangUpCaller } from './ending'
import { leaseWhileJoining, leaseWhileTalking } from './lease'
import type { IncomingCall } from '../ports'
import { type AttemptRecord, type CallRecord, type ReplacementRecord, unreadablePlan } from './record'
import { watchProgress } from './trunk-tries'
import { legFound } from './resync'
import { advance, ringCaller, ringFirst } from './ringing'
import type { Call, Decided, Leg, Milestone, Turn } from './types'

export interface RestoreOptions {
  readonly at: number
  readonly maxCallSeconds: number
  /** Who took whose place in it, in order. Default: nobody. */
  readonly replacements?: readonly ReplacementRecord[]
}

/**
 * An open call as its records had it, and the commands to send now. The records may lack the last moments before the crash; those come
 * back from the snapshot of Asterisk, because ids there name call, step and target. Throws `invalid` if the plan is needed and cannot
 * be read: the call is then decided again.
 */
export function restore(record: CallRecord, attempts: readonly AttemptRecord[], options: RestoreOptions): Turn {
  if (record.plan === unreadablePlan && record.answeredAt === null && record.fallback === null) {
    throw new AppError('invalid', 'its plan cannot be read')
  }
  const draft = new Draft(recorded(record, attempts, options), options.at)
  draft.begin()
  resume(draft, record, attempts)
  return draft.result()
}

/**
 * A call that the process before had only just begun, so that nothing of it is in the records, and that has legs in
 * Asterisk already: what was decided is decided anew, what rings goes on ringing.
 */
export function adopt(
  id: string,
  incoming: IncomingCall,
  decided: Decided,
  found: readonly string[],
  options: { readonly at: number; readonly maxCallSeconds: number }
): Turn {
  const call = newCall(id, incoming, decided, options.maxCallSeconds)
  const draft = new Draft({ ...call, talked: true }, options.at)
  draft.note({ at: options.at, type: 'arrived' })
  draft.begin()
  for (const leg of found) legFound(draft, leg)
  if (hasNotRung(draft)) ringFirst(draft, Infinity)
  else ringCaller(draft)
  return draft.result()
}

function recorded(
  record: CallRecord,
  attempts: readonly AttemptRecord[],
  { maxCallSeconds, replacements = [] }: RestoreOptions
): Call {
  const { id, aLeg, number, callerNumber, callerName } = record
  const incoming = { aLeg, number, caller: { number: callerNumber, name: callerName } }
  const callerReplacedBy = replacedBy(replacements, null)
  return {
    ...newCall(id, incoming, record, maxCallSeconds),
    phase: { kind: 'hunting', step: Math.max(0, ...attempts.map(({ step }) => step)) },
    legs: attempts.map((attempt) =>
      legFromRecord(attempt, firstTry(attempt, attempts), record, replacedBy(replacements, attempt.leg))
    ),
    ...(callerReplacedBy !== undefined && { callerReplacedBy }),
    // What the last moments told the dialplan may not be in the records.
    talked: true,
    history: historyOf(record, attempts, replacements)
  }
}

/** The leg that has taken the place; undefined: nobody has. */
function replacedBy(replacements: readonly ReplacementRecord[], place: string | null): string | undefined {
  return replacements.findLast((each) => each.place === place)?.leg
}

function resume(draft: Draft, record: CallRecord, attempts: readonly AttemptRecord[]): void {
  const answered = draft.call.legs.findLast(({ state }) => state === 'answered')
  if (record.answeredAt !== null) return resumeTalking(draft, record.answeredAt, answered)
  if (record.fallback !== null) return giveFallback(draft)
  if (answered !== undefined) return resumeJoining(draft, answered)
  if (hasNotRung(draft)) return ringFirst(draft, Infinity)
  resumeRinging(draft, attempts)
}

function hasNotRung({ call: { phase } }: Draft): boolean {
  return phase.kind === 'hunting' && phase.step === 0
}

function resumeTalking(draft: Draft, since: number, partner: Leg | undefined): void {
  draft.set({ bridge: 'made' })
  if (partner === undefined) return hangUpCaller(draft, 'answered', 'target', Cause.normalClearing)
  draft.setPhase({ kind: 'bridged', leg: partner.id })
  leaseWhileTalking(draft, Math.floor((draft.at - since) / 1000))
}

/** It is unknown whether the caller was answered and the two were joined. Doing both again does no harm. */
function resumeJoining(draft: Draft, partner: Leg): void {
  draft.setPhase({ kind: 'connecting', leg: partner.id, asked: 1 })
  draft.set({ bridge: 'made', unsent: [{ type: 'answerCaller' }] })
  leaseWhileJoining(draft)
}

function resumeRinging(draft: Draft, attempts: readonly AttemptRecord[]): void {
  for (const leg of draft.call.legs) {
    const attempt = attempts.find((each) => each.leg === leg.id)
    if (attempt === undefined || leg.state === 'gone') continue
    const rungMs = draft.at - attempt.startedAt
    draft.startTimer({ kind: 'ring', leg: leg.id }, Math.max(0, leg.ringSeconds * 1000 - rungMs))
    if (leg.state === 'dialling') watchProgress(draft, leg, rungMs)
  }
  // It is unknown whether the caller already hears ringback. Starting it again does no harm.
  ringCaller(draft)
  advance(draft)
}

function firstTry({ step, target }: AttemptRecord, attempts: readonly AttemptRecord[]): AttemptRecord | undefined {
  return attempts.find((each) => each.step === step && each.target === target)
}

function legFromRecord(
  attempt: AttemptRecord,
  first: AttemptRecord | undefined,
  { plan }: CallRecord,
  replacement: string | undefined
): Leg {
  const { leg, step, target, tryNumber, dial, contact, startedAt } = attempt
  const planned = plannedAt(plan, { step, target })
  // All tries of a target share its ring time.
  const usedSeconds = Math.round((startedAt - (first?.startedAt ?? startedAt)) / 1000)
  return {
    id: leg,
    step,
    target,
    tryNumber,
    dial,
    ...(contact !== null && { contact }),
    ringSeconds: Math.max(0, (planned?.ringSeconds ?? 0) - usedSeconds),
    state: stateOf(attempt),
    endCause: null,
    ...(replacement !== undefined && { replacedBy: replacement })
  }
}

// A leg is dialled a moment after it is made. If it was not, the snapshot shows that (resync.ts).
function stateOf({ ringingAt, answeredAt, endedAt }: AttemptRecord): Leg['state'] {
  if (endedAt !== null) return 'gone'
  if (answeredAt !== null) return 'answered'
  return ringingAt === null ? 'dialling' : 'ringing'
}

/** The history from which cdr.ts would make the same records again. */
function historyOf(
  record: CallRecord,
  attempts: readonly AttemptRecord[],
  replacements: readonly ReplacementRecord[]
): Milestone[] {
  const history: Milestone[] = replacements.map(({ place, at, leg, who }) => ({
    at,
    type: 'replaced',
    leg: place,
    by: leg,
    who
  }))
  for (const attempt of attempts) {
    const { leg, startedAt, dialledAt, ringingAt, answeredAt, endedAt, outcome, cause, sipCode, reason } = attempt
    history.push({ at: startedAt, type: 'attempt', leg })
    if (dialledAt !== null) history.push({ at: dialledAt, type: 'dialled', leg })
    if (ringingAt !== null) history.push({ at: ringingAt, type: 'ringing', leg })
    if (answeredAt !== null) history.push({ at: answeredAt, type: 'answered', leg })
    if (endedAt === null || outcome === null) continue
    history.push({
      at: endedAt,
      type: 'attempt-ended',
      leg,
      outcome,
      cause: cause ?? 0,
      sipCode: sipCode ?? undefined,
      ...(reason !== null && { reason })
    })
  }
  const partner = attempts.findLast(({ answeredAt }) => answeredAt !== null)
  if (record.answeredAt !== null && partner !== undefined) {
    history.push({ at: record.answeredAt, type: 'connected', leg: partner.leg })
  }
  history.sort((one, other) => one.at - other.at)
  if (record.fallback !== null) {
    history.push({ at: history.at(-1)?.at ?? record.startedAt, type: 'fallback', fallback: record.fallback })
  }
  return [{ at: record.startedAt, type: 'arrived' }, ...history]
}
