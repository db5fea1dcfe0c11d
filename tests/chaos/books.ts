// The books of a run: what the carrier, the people and followme each have counted, held against what is right. PURE.
import type { AttemptRecord } from '../../src/call/record'
import type { SipCall } from '../sandbox/sip-log'
import { feltBy, partnerOf, recordLagMs, slackMs, whoOf } from './account'
import type { Account, Struck } from './account'
import { keepsAway, mayBeFelt } from './fault-kinds'
import { isLoop, isWithheld, secretsOf, usersOf } from './profiles'
import { mostTurns, recordFaults } from './record-books'
import { describeLoss, resultOf, ringingOn, sameResult, textOf, wrongEnds } from './result'
import type { Result } from './profiles'
import { rightFor } from './right'
import type { Circumstance, Right } from './right'

export interface Verdict {
  readonly outcome: 'person' | 'fallback' | 'refused' | 'cancelled' | 'lost'
  readonly byFailsafe: boolean
  /** The failsafe had it, and could not write that down: another was writing just then. Asterisk has logged it. */
  readonly isUnwritten: boolean
  /** What may not be. */
  readonly violations: readonly string[]
  /** What a fault has cost, which may be. */
  readonly notes: readonly string[]
}

/** A caller who has heard nothing for so long has heard silence: the claim timeout twice, and then the failsafe. */
const silenceMs = 12_000

/** Judges one call. */
export function judge(account: Account, faults: readonly Struck[]): Verdict {
  const { planned, seen, failsafes } = account
  const failsafe = { byFailsafe: failsafes > 0, isUnwritten: account.unwritten > 0 }
  if (seen === undefined) return { outcome: 'lost', ...failsafe, violations: ['it was never placed'], notes: [] }
  const felt = feltBy(account, faults)
  const partner = partnerOf(account)
  const result = resultOf(account, seen, partner, felt)
  const violations = [
    ...silenceOf(seen),
    ...ringingOn(account, seen, felt),
    ...failsafeFaults(account, felt),
    ...shownWrongly(account)
  ]
  const notes: string[] = []
  if (result === null) violations.push(describeLoss(seen))
  else {
    const all = rightFor(planned.profile, circumstanceOf(account, felt), felt)
    const fitting = all.filter((each) => sameResult(each.result, result))
    const decided = account.records[0]?.call.decision
    const right = fitting.find(({ decisions }) => decided !== undefined && decisions.includes(decided)) ?? fitting[0]
    if (right === undefined) violations.push(`came to ${textOf(result)}, not to ${textOf(planned.profile.result)}`)
    else {
      if (right !== all[0]) notes.push(`came to ${textOf(result)}`)
      violations.push(...wrongEnds(result, planned.profile, seen, partner, felt), ...rungWrongly(account, right, felt))
      const record = recordFaults({ account, seen, partner, felt, right })
      violations.push(...record.violations)
      notes.push(...record.notes)
    }
  }
  for (const leg of account.legs.filter((leg) => leg !== partner && leg.finalCode === 200)) {
    const words = `${whoOf(leg)} has answered, and nobody was there`
    // Somebody who waits for the caller is not to be given up for the fallback, whatever has struck.
    const isGivenUp = result !== null && result.kind !== 'person' && leg.end?.direction === 'received'
    if (!felt.some(({ kind }) => mayBeFelt(kind)) || isGivenUp) violations.push(words)
    else notes.push(words)
  }
  return { outcome: result === null ? 'lost' : outcomeOf(result), ...failsafe, violations, notes }
}

function circumstanceOf({ records, failsafes }: Account, felt: readonly Struck[]): Circumstance {
  if (failsafes > 0) return 'failsafe'
  if (records.some(({ call }) => call.recovered)) return 'recovered'
  return felt.some(({ kind }) => mayBeFelt(kind)) ? 'felt' : 'untouched'
}

function silenceOf(seen: SipCall): string[] {
  const firstHeardAt = seen.messages.find(isHeard)?.at
  const quietMs = (firstHeardAt ?? seen.messages.at(-1)?.at ?? 0) - seen.invite.at
  return quietMs > silenceMs ? [`the caller heard nothing for ${String(quietMs)} ms`] : []
}

function isHeard({ method, code }: SipCall['messages'][number]): boolean {
  return method === 'INVITE' && code !== null && code > 100
}

function failsafeFaults({ planned, failsafes }: Account, felt: readonly Struck[]): string[] {
  // Each turn of a loop is a call to it.
  const most = isLoop(planned.profile) ? mostTurns : 1
  if (failsafes > most) return [`the failsafe has had it ${String(failsafes)} times`]
  const isExpected = felt.some(({ kind }) => keepsAway(kind))
  return failsafes > 0 && !isExpected ? ['the failsafe has fired with followme there'] : []
}

/** Nobody sees the number or the name of a caller who withholds them; nor does the record. */
function shownWrongly({ planned, legs, records }: Account): string[] {
  if (!isWithheld(planned.profile)) return []
  const isShownIn = (text: string): boolean => secretsOf(planned).some((secret) => text.includes(secret))
  return [
    ...legs
      .filter(({ messages }) => messages.some(({ raw }) => isShownIn(raw)))
      .map((leg) => `${whoOf(leg)} was shown a number that is withheld`),
    ...(isShownIn(JSON.stringify(records)) ? ['its record has a number that is withheld'] : [])
  ]
}

/** The people's INVITEs against what is right, and against the attempts that are recorded. */
function rungWrongly(account: Account, { rings }: Right, felt: readonly Struck[]): string[] {
  const { legs, records, unwritten } = account
  const attempts = records.flatMap((each) => each.attempts)
  return [...new Set([...Object.keys(rings), ...legs.map(whoOf)])].flatMap((who) => {
    const rung = legs.filter((leg) => whoOf(leg) === who)
    const [least, most] = rings[who] ?? [0, 0]
    const more = rung.filter((leg) => isForgotten(leg, felt)).length
    const asked = attempts.filter(({ dial, trunk }) => usersOf(dial, trunk).includes(who))
    const passedOver = asked.filter(({ outcome }) => outcome === 'limited').length
    const fewer = passedOver + asked.filter((attempt) => isOverslept(account, attempt, felt)).length
    const recorded = asked.length - passedOver
    const times = `${who} was rung ${String(rung.length)} times`
    if (rung.length < least - fewer || rung.length > most + more) {
      return [`${times}, not ${least === most ? '' : `${String(least)} to `}${String(most)}`]
    }
    // What the failsafe could not write down, it has rung all the same.
    const isTold = rung.length <= recorded + more || unwritten > 0
    return isTold ? [] : [`${times}, but ${String(recorded)} attempts are recorded`]
  })
}

/**
 * Rung in the last moment before one process ends, and over before the next has looked: it cannot know. One that is replaced
 * ends once the other has started, up to when all is well again.
 */
function isForgotten({ invite, end }: SipCall, felt: readonly Struck[]): boolean {
  return felt.some(({ kind, fromAt, wellAt }) => {
    if ((kind !== 'killed' && kind !== 'replaced') || end === null || end.at > wellAt) return false
    const endsBy = kind === 'killed' ? fromAt : wellAt
    return invite.at > fromAt - recordLagMs && invite.at < endsBy + recordLagMs
  })
}

/**
 * The process died before the phone rang, and none looked until the time it was to ring was over: whether it has rung the next
 * cannot know, and rings nobody twice.
 */
function isOverslept({ planned }: Account, attempt: AttemptRecord, felt: readonly Struck[]): boolean {
  const { dial, startedAt, ringingAt, outcome } = attempt
  const [, ringSeconds] = planned.profile.steps?.flat().find((each) => each[0] === dial) ?? [dial, Infinity]
  const overAt = startedAt + 1000 * ringSeconds
  const isAway = ({ kind, fromAt, wellAt }: Struck): boolean =>
    (kind === 'killed' || kind === 'replaced') && fromAt >= startedAt - recordLagMs && wellAt + slackMs >= overAt
  return outcome === 'lost' && ringingAt === null && felt.some(isAway)
}

function outcomeOf(result: Result): Exclude<Verdict['outcome'], 'lost'> {
  if (result.kind === 'person' || result.kind === 'cancelled') return result.kind
  return result.kind === 'refused' && result.code === 404 ? 'refused' : 'fallback'
}
