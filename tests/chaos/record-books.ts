// What the record of a call says, held against what both ends have seen. PURE.
import type { AttemptRecord, CallRecord } from '../../src/call/record'
import { leastTryMs } from '../../src/call/timers'
import type { RecordedCall } from '../../src/ports'
import { anonymous } from '../../src/rules/withheld'
import type { SipCall } from '../sandbox/sip-log'
import { answerOf, isUnseen, slackMs, toleranceMs } from './account'
import type { Account, Struck } from './account'
import { cutsOff, keepsAway, mayBeFelt } from './fault-kinds'
import type { PlannedCall } from './plan'
import { isLoop, isWithheld } from './profiles'
import type { Right } from './right'

export interface Seen {
  readonly account: Account
  readonly seen: SipCall
  readonly partner: SipCall | undefined
  readonly felt: readonly Struck[]
  readonly right: Right
}

interface Faults {
  readonly violations: readonly string[]
  readonly notes: readonly string[]
}

/** How often a loop may go round: for a process that has been killed, and twice for the failsafe. */
export const mostTurns = 4

/** How long a conversation takes to be joined where Asterisk answers late: both requests, one after the other. */
const lateJoinMs = 2000

export function recordFaults(each: Seen): Faults {
  const { account, seen, felt, right } = each
  const { records, failsafes, unwritten, planned } = account
  const [recorded] = records
  if (recorded === undefined) return withoutRecord(each)
  if (records.length > 1 && !isLoop(planned.profile)) return wrong(`it has ${String(records.length)} records`)
  const { call, attempts } = recorded
  const violations: string[] = isLoop(planned.profile) ? loopFaults(each, records) : []
  const notes: string[] = []
  const check = (is: boolean, words: string): void => {
    if (!is) violations.push(words)
  }

  check(call.endedAt !== null, `record ${call.id} was left open`)
  for (const { leg, endedAt } of attempts) check(endedAt !== null, `attempt ${leg} was left open`)
  const shown = isWithheld(planned.profile) ? anonymous : planned.caller
  check(call.callerNumber === shown, `its record is of a call from ${call.callerNumber}`)
  check(right.decisions.includes(call.decision), `its record says that ${call.decision} has decided`)
  if (failsafes > 0 && records.every(({ call: { failsafeAt } }) => failsafeAt === null)) {
    // What followme makes of it then is that it has lost sight of the caller.
    if (unwritten > 0) return { violations, notes: ['what the failsafe did was not written down'] }
    violations.push('its record does not say that the failsafe had it')
  }
  check(failsafes > 0 || call.failsafeAt === null, 'its record says that the failsafe had it')
  if (call.recovered) {
    // Of a caller whom the fallback answers, followme sees no more than that they are let go.
    const overAt = (call.outcome === 'fallback' ? answerOf(seen) : undefined) ?? seen.end?.at ?? NaN
    const isUnseenEnd = isUnseen(overAt, felt, (kind) => keepsAway(kind) || cutsOff(kind))
    check(isUnseenEnd, 'its record says that its end was not seen, with followme there')
  }
  if (isJoinedLate(each, call)) return { violations, notes: [...notes, 'hung up before the joining was confirmed'] }
  if (!right.outcomes.some((outcome) => outcome === call.outcome)) {
    return wrong(...violations, `its record says ${String(call.outcome)}, not ${right.outcomes.join(' or ')}`)
  }
  const isExcused = right.isUntold !== true || attempts.some((attempt) => isUntold(attempt, planned, felt))
  check(isExcused, 'its record has no attempt whose end nobody has seen in time')
  if (call.outcome === 'lost') notes.push('its record says lost')
  const who = call.outcome === 'answered' && right.result.kind === 'person' ? right.result.who : null
  check(call.answeredBy === who, `its record says that ${call.answeredBy ?? 'nobody'} answered, not ${who ?? 'nobody'}`)
  if (who !== null) {
    const answered = attempts.filter(({ outcome, dial }) => outcome === 'answered' && dial === who)
    check(answered.length > 0, `its record has no answered attempt of ${who}`)
  }
  const fallback = call.outcome === 'fallback' ? right.fallback : null
  check(call.fallback === fallback, `its record names the fallback ${String(call.fallback)}, not ${String(fallback)}`)
  const ender = enderOf(each, call)
  const isEnder = ender === undefined || ender.includes(call.endedBy)
  check(isEnder, `its record says that ${String(call.endedBy)} ended it, not ${String(ender?.join(' or '))}`)
  violations.push(...wrongTimes(each, call))
  return { violations, notes }
}

/**
 * A call that came back: it is refused at once, or, where followme was not there, after one more turn by the failsafe. A turn that nobody
 * could judge is at most one more.
 */
function loopFaults({ account, felt }: Seen, [first, ...turns]: readonly RecordedCall[]): string[] {
  const faults = turns.flatMap(({ call }) => [
    ...(call.endedAt === null ? [`record ${call.id} of a turn was left open`] : []),
    ...(call.decision === 'loop' && call.outcome !== 'refused'
      ? [`a loop was not refused, but ${String(call.outcome)}`]
      : [])
  ])
  const loops = turns.filter(({ call }) => call.decision === 'loop')
  const isSeen = account.failsafes === 0 && !felt.some(({ kind }) => mayBeFelt(kind))
  if (!isSeen) return turns.length > mostTurns ? [...faults, `it went round ${String(turns.length)} times`] : faults
  if (turns.length !== 1 || loops.length !== 1) {
    return [
      ...faults,
      `it came back ${String(turns.length)} times, and ${String(loops.length)} were refused as a loop, not 1`
    ]
  }
  const isTold = loops[0]?.call.cameFrom === first?.call.id
  return isTold ? faults : [...faults, 'the record of the loop does not name the call that it came from']
}

/** Nobody saw how it ended, or looked before too little of its ring time was left for another. */
function isUntold(
  { dial, startedAt, endedAt, outcome }: AttemptRecord,
  planned: PlannedCall,
  felt: readonly Struck[]
): boolean {
  if (outcome === 'lost' || outcome === 'failed') return felt.some(({ kind }) => cutsOff(kind))
  const [, ringSeconds] = planned.profile.steps?.flat().find((each) => each[0] === dial) ?? [dial, Infinity]
  return outcome === 'unreachable' && endedAt !== null && endedAt - startedAt > 1000 * ringSeconds - leastTryMs
}

function wrong(...violations: string[]): Faults {
  return { violations, notes: [] }
}

function withoutRecord({ account: { failsafes, unwritten }, seen, felt, right }: Seen): Faults {
  if (failsafes > 0) {
    return unwritten > 0
      ? { violations: [], notes: ['the failsafe could not write it down'] }
      : wrong('it has no record')
  }
  // One who came and went while nobody could be told.
  const isMissed =
    right.result.kind === 'cancelled' &&
    isUnseen(seen.invite.at, felt, cutsOff) &&
    seen.end !== null &&
    isUnseen(seen.end.at, felt, cutsOff)
  const words = 'it has no record, and was not carried by the failsafe'
  return isMissed ? { violations: [], notes: [words] } : wrong(words)
}

/** Two who are joined late by Asterisk's word, while the caller had hung up already. */
function isJoinedLate({ seen, felt, right }: Seen, { outcome, talkMs }: CallRecord): boolean {
  const talkedMs = (seen.end?.at ?? Infinity) - (answerOf(seen) ?? -Infinity)
  const isSlow = felt.some(({ kind }) => kind === 'slow')
  const isUnjoined = outcome === 'abandoned' || (outcome === 'answered' && talkMs === null)
  return isUnjoined && right.result.kind === 'person' && isSlow && talkedMs <= lateJoinMs
}

/** Who may stand there as the one who ended it; undefined: anybody. */
function enderOf({ account, seen, partner, felt, right }: Seen, call: CallRecord): CallRecord['endedBy'][] | undefined {
  if (call.outcome === 'lost') return [null]
  if (right.result.kind === 'cancelled') return ['caller']
  if (right.result.kind !== 'person') return undefined
  const ender = seen.end?.direction === 'sent' || partner?.end?.direction !== 'sent' ? 'caller' : 'target'
  const isSeen = account.failsafes > 0 || felt.length === 0
  return isSeen ? [ender] : [ender, null]
}

/** Each instant and duration against the carrier's clock, which is the same machine's. */
function wrongTimes(each: Seen, call: CallRecord): string[] {
  const { account, seen, felt, right } = each
  const tolerance = toleranceMs(felt)
  const faults: string[] = []
  const near = (what: string, at: number | null, [from, to]: readonly [number, number], most = tolerance): void => {
    if (at === null || (at >= from - most && at <= to + most)) return
    const off = at < from ? at - from : at - to
    faults.push(`${what} is ${String(off)} ms off by its record`)
  }
  const answeredAt = answerOf(seen)
  const endedAt = seen.end?.at ?? seen.messages.at(-1)?.at ?? seen.invite.at
  near('its arrival', call.startedAt, [seen.invite.at, seen.invite.at])
  near('when the failsafe took it', call.failsafeAt, [seen.invite.at, endedAt], slackMs)
  // Who gets a voice of the dialplan's has left followme before they hang up.
  const leftAt = right.result.kind === 'person' ? endedAt : Math.min(answeredAt ?? endedAt, endedAt)
  near('its end', call.endedAt, [leftAt, endedAt])
  if (call.outcome !== 'answered' || answeredAt === undefined) return faults
  near('its answer', call.answeredAt, [answeredAt, answeredAt])
  const talkedMs = endedAt - answeredAt
  near('its talk', call.talkMs, [talkedMs, talkedMs], account.failsafes > 0 ? slackMs : tolerance)
  if (call.answeredAt === null) faults.push('its record does not say when it was answered')
  const isWhole = call.recovered || isJoinedLate(each, call) || (call.talkMs !== null && call.ringMs !== null)
  if (!isWhole) faults.push('its record does not say how long they rang and talked')
  return faults
}
