// What a call came to, as the carrier and the people saw it. PURE.
import type { SipCall } from '../sandbox/sip-log'
import { answerOf, isUnseen, slackMs, toleranceMs, whoOf } from './account'
import type { Account, Struck } from './account'
import { cutsOff } from './fault-kinds'
import { dialOf, people } from './profiles'
import type { Profile, Result } from './profiles'

/** What the call came to; null: to nothing that a caller could have heard. */
export function resultOf(
  { planned, legs }: Account,
  seen: SipCall,
  partner: SipCall | undefined,
  felt: readonly Struck[]
): Result | null {
  const { fallback } = planned.profile
  const { finalCode } = seen
  if (finalCode === null) return null
  if (finalCode === 487) return { kind: 'cancelled' }
  if (finalCode >= 300) return finalCode >= 500 && finalCode < 600 ? null : { kind: 'refused', code: finalCode }
  // They were answered for a person who then had hung up, and got the rest of the plan: refused, as far as that still goes.
  const refusal = seen.end?.direction === 'received' ? refusals[seen.cause ?? 0] : undefined
  const isJoined = refusal === undefined || !mayBeUnjoined(seen, partner, felt)
  if (partner !== undefined && isJoined) return { kind: 'person', who: dialOf(whoOf(partner)) }
  if (refusal !== undefined && legs.some((leg) => leg.finalCode === 200)) return { kind: 'refused', code: refusal }
  // Temporary failure: the apology.
  if (seen.cause === 41 && seen.end?.direction === 'received') return null
  if (fallback.startsWith('voicemail:')) return { kind: 'voicemail' }
  return fallback.startsWith('announce:') ? { kind: 'announcement' } : null
}

/** Both had answered, and nobody could join them until the person had hung up. */
function mayBeUnjoined(seen: SipCall, partner: SipCall | undefined, felt: readonly Struck[]): boolean {
  const answeredAt = answerOf(seen)
  const left = partner?.end
  if (answeredAt === undefined || left?.direction !== 'sent') return false
  return [answeredAt, left.at].every((at) => isUnseen(at, felt, cutsOff))
}

/** Fallbacks as Q.850 causes, and as the SIP answers that Asterisk makes of them. */
const refusals: Readonly<Record<number, number>> = { 17: 486, 19: 480 }

/** What became of a call that came to nothing. */
export function describeLoss({ finalCode, cause }: SipCall): string {
  if (finalCode === null) return 'the caller was never given an answer'
  if (finalCode >= 300) return `the caller was given ${String(finalCode)}`
  return cause === 41 ? 'the caller heard the apology' : 'the caller was answered by nobody'
}

/** A conversation begins and ends for both at once, as far as somebody looks; the side ends it that was to, and no other. */
export function wrongEnds(
  result: Result,
  { caller }: Profile,
  seen: SipCall,
  partner: SipCall | undefined,
  felt: readonly Struck[]
): string[] {
  if (seen.finalCode !== 200 || result.kind === 'refused') return []
  const { end } = seen
  if (end === null) return ['the caller has never been hung up']
  const endedByCaller = end.direction === 'sent'
  if (result.kind !== 'person') {
    const isCallers = caller !== 'waits'
    return endedByCaller === isCallers ? [] : [`dropped: it was ended by ${endedByCaller ? 'the caller' : 'Asterisk'}`]
  }
  if (partner?.end == null) return ['the person has never been hung up']
  const endedByPerson = partner.end.direction === 'sent'
  if (!endedByCaller && !endedByPerson) return ['dropped: both were hung up on']
  if (endedByPerson && result.who !== people.hangsUp.number) return ['dropped: the person gave up']
  if (!endedByPerson && partner.end.at < end.at - slackMs)
    return ['dropped: the person was hung up on before the caller']
  const apart = [
    ['answered', (answerOf(seen) ?? 0) - (answerOf(partner) ?? 0)],
    ['hung up', end.at - partner.end.at]
  ] as const
  return apart.flatMap(([what, ms]) =>
    Math.abs(ms) <= toleranceMs(felt) ? [] : [`the two were ${what} ${String(Math.abs(ms))} ms apart`]
  )
}

/** Phones stop ringing when the caller has gone, as soon as somebody looks. */
export function ringingOn({ legs }: Account, seen: SipCall, felt: readonly Struck[]): string[] {
  return legs.flatMap((leg) => {
    const ms = (leg.end?.method === 'CANCEL' ? leg.end.at : 0) - (seen.end?.at ?? Infinity)
    return ms > toleranceMs(felt) ? [`${whoOf(leg)} rang for ${String(ms)} ms after the caller had gone`] : []
  })
}

export function sameResult(expected: Result, seen: Result | null): boolean {
  if (seen?.kind !== expected.kind) return false
  if (seen.kind === 'person' && expected.kind === 'person') return seen.who === expected.who
  return seen.kind !== 'refused' || expected.kind !== 'refused' || seen.code === expected.code
}

export function textOf(result: Result): string {
  if (result.kind === 'person') return result.who
  return result.kind === 'refused' ? String(result.code) : result.kind
}
