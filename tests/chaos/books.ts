// The books of a run: what the carrier, the people and followme each have counted, held against what the plan says. PURE.
import type { SipCall } from '../sandbox/sip-log'
import { feltBy, partnerOf, whoOf } from './account'
import type { Account, Struck } from './account'
import { cutsOff, keepsAway } from './fault-kinds'
import { rings } from './profiles'
import type { Result } from './profiles'
import { acceptable, describeLoss, resultOf, sameResult, textOf, wrongEnds } from './result'

export interface Verdict {
  readonly outcome: 'person' | 'fallback' | 'refused' | 'cancelled' | 'lost'
  readonly byFailsafe: boolean
  /** What may not be. */
  readonly violations: readonly string[]
  /** What a fault has cost, which may be. */
  readonly notes: readonly string[]
}

/** A caller who has heard nothing for so long has heard silence: three times the lease at the door. */
const silenceMs = 15_000
/** What followme had written down when it was killed may be behind by a batch. */
const recordLagMs = 250

/** Judges one call. */
export function judge(account: Account, faults: readonly Struck[]): Verdict {
  const { planned, seen, failsafes } = account
  if (seen === undefined) return { outcome: 'lost', byFailsafe: false, violations: ['it was never placed'], notes: [] }
  const violations: string[] = []
  const notes: string[] = []
  const felt = feltBy(account, faults)
  const partner = partnerOf(account)
  const result = resultOf(account, seen, partner)
  const fits = (expected: Result): boolean => sameResult(expected, result)

  if (result === null) violations.push(describeLoss(seen))
  else if (!fits(planned.profile.result)) {
    if (acceptable(planned, felt).some(fits)) notes.push(`came to ${textOf(result)}`)
    else violations.push(`came to ${textOf(result)}, not to ${textOf(planned.profile.result)}`)
  }
  if (result !== null) violations.push(...wrongEnds(result, planned.profile, seen, partner))

  const firstHeardAt = seen.messages.find(isHeard)?.at
  const quietMs = (firstHeardAt ?? seen.messages.at(-1)?.at ?? 0) - seen.invite.at
  if (quietMs > silenceMs) violations.push(`the caller heard nothing for ${String(quietMs)} ms`)

  if (failsafes > 1) violations.push(`the failsafe has had it ${String(failsafes)} times`)
  if (failsafes > 0 && !felt.some(({ kind }) => keepsAway(kind))) {
    violations.push('the failsafe has fired with followme there')
  }
  const inVain = account.legs.filter((leg) => leg !== partner && leg.finalCode === 200)
  for (const leg of inVain) {
    const words = `${whoOf(leg)} has answered, and nobody was there`
    // Somebody who waits for the caller is not to be given up for the fallback, whatever has struck.
    const isGivenUp = result !== null && result.kind !== 'person' && leg.end?.direction === 'received'
    if (felt.length === 0 || isGivenUp) violations.push(words)
    else notes.push(words)
  }
  violations.push(...rungTooOften(account, felt))
  for (const { words, isExcused } of faultsOfRecords(account, felt, result))
    (isExcused ? notes : violations).push(words)
  return { outcome: result === null ? 'lost' : outcomeOf(result), byFailsafe: failsafes > 0, violations, notes }
}

/** The people's INVITEs, against the attempts that were recorded and what the failsafe may have rung. */
function rungTooOften({ planned, legs, records, failsafes }: Account, felt: readonly Struck[]): string[] {
  const targets = new Set(legs.map(whoOf))
  return [...targets].flatMap((who) => {
    const rung = legs.filter((leg) => whoOf(leg) === who)
    const recorded = records.flatMap(({ attempts }) => attempts).filter(({ dial }) => dial === who).length
    const overridden = felt.some(({ numbers }) => numbers.includes(planned.number)) ? 1 : 0
    const byFailsafe = failsafes > 0 ? Math.max(rings(planned.profile, who), overridden) : 0
    // The last moments before a death are in no record.
    const behind = rung.filter(({ invite }) =>
      felt.some(({ kind, fromAt }) => kind === 'killed' && Math.abs(fromAt - invite.at) < recordLagMs)
    ).length
    if (rung.length <= recorded + byFailsafe + behind) return []
    return [
      `${who} was rung ${String(rung.length)} times: ${String(recorded)} attempts are recorded, the failsafe rang it ${String(byFailsafe)} times at most`
    ]
  })
}

/** What the records say against what both ends have seen; excused where a fault has kept followme from seeing it. */
function faultsOfRecords(account: Account, felt: readonly Struck[], result: Result | null) {
  const { seen, records, failsafes } = account
  const faults: { readonly words: string; readonly isExcused: boolean }[] = []
  const wrong = (words: string, isExcused = false): void => void faults.push({ words, isExcused })
  const isCutOff = felt.some(({ kind }) => cutsOff(kind))
  if (records.length === 0 && failsafes === 0) {
    // One who came and went while nobody could be told.
    wrong('it has no record, and was not carried by the failsafe', isCutOff && seen?.finalCode === 487)
  }
  if (records.length > 1) wrong(`it has ${String(records.length)} records`)
  for (const { call, attempts } of records) {
    if (call.endedAt === null) wrong(`record ${call.id} was left open`)
    for (const { leg, endedAt } of attempts) if (endedAt === null) wrong(`attempt ${leg} was left open`)
    if (call.recovered || failsafes > 0 || result === null) continue
    const expected = recordedAs[result.kind === 'refused' && result.code === 404 ? 'unknown' : result.kind]
    // What ended while nobody looked was lost sight of; who hangs up before the joining is confirmed was not joined.
    const isExcused =
      (call.outcome === 'lost' && isCutOff) ||
      (call.outcome === 'abandoned' && expected === 'answered' && felt.some(({ kind }) => kind === 'slow'))
    if (call.outcome !== expected) wrong(`its record says ${String(call.outcome)}, not ${expected}`, isExcused)
    else if (result.kind === 'person' && call.answeredBy !== result.who) {
      wrong(`its record says that ${String(call.answeredBy)} answered, not ${result.who}`)
    }
  }
  return faults
}

const recordedAs = {
  person: 'answered',
  refused: 'fallback',
  unknown: 'refused',
  voicemail: 'fallback',
  announcement: 'fallback',
  cancelled: 'abandoned'
} as const

function outcomeOf(result: Result): Exclude<Verdict['outcome'], 'lost'> {
  if (result.kind === 'person' || result.kind === 'cancelled') return result.kind
  return result.kind === 'refused' && result.code === 404 ? 'refused' : 'fallback'
}

function isHeard({ method, code }: SipCall['messages'][number]): boolean {
  return method === 'INVITE' && code !== null && code > 100
}
