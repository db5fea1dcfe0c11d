// One call from every side: the carrier's SIPp, the people's, followme's records, Asterisk's log. PURE.
import type { RecordedCall } from '../../src/core/ports'
import type { SipCall } from '../sandbox/sip-log'
import type { PlannedCall, PlannedFault } from './plan'

/** A fault that has struck: when, when it was undone, and when all was well again. */
export interface Struck extends PlannedFault {
  readonly what: string
  readonly fromAt: number
  readonly undoneAt: number
  readonly wellAt: number
  /** Numbers that were overridden. */
  readonly numbers: readonly string[]
}

/** One call, from every side. */
export interface Account {
  readonly planned: PlannedCall
  /** By the carrier's SIPp. */
  readonly seen: SipCall | undefined
  /** By the SIPp of those who were rung. */
  readonly legs: readonly SipCall[]
  readonly records: readonly RecordedCall[]
  /** How often Asterisk says that it has begun the failsafe for it. */
  readonly failsafes: number
}

/** How long after all is well again a fault may still be felt. */
const afterpainMs = 1500
/** How far apart two sides may see the same moment. */
export const slackMs = 1000

/** The faults that this call may have felt. */
export function feltBy({ seen }: Account, faults: readonly Struck[]): readonly Struck[] {
  if (seen === undefined) return []
  const from = seen.invite.at
  const to = seen.messages.at(-1)?.at ?? from
  return faults.filter(({ fromAt, wellAt }) => fromAt <= to && wellAt + afterpainMs >= from)
}

/** Whoever talked with the caller: they had answered when the caller was, and were there still. */
export function partnerOf({ seen, legs }: Account): SipCall | undefined {
  const answeredAt = seen === undefined ? undefined : answerOf(seen)
  if (answeredAt === undefined) return undefined
  const there = legs.filter((leg) => leg.finalCode === 200 && (leg.end === null || leg.end.at >= answeredAt))
  // The two SIPps write their logs each in its own time.
  return there.findLast((leg) => (answerOf(leg) ?? Infinity) <= answeredAt + slackMs) ?? there.at(-1)
}

function answerOf(call: SipCall): number | undefined {
  return call.messages.find(({ method, code }) => method === 'INVITE' && code === 200)?.at
}

/** Whose number rang: the user of the address that the INVITE is for. */
export function whoOf({ invite }: SipCall): string {
  return /^INVITE sip:([^@;>]+)@/.exec(invite.start)?.[1] ?? ''
}

/** Who calls, by the From header. */
export function callerOf({ invite }: SipCall): string {
  return /sip:([^@;>]+)@/.exec(invite.header('From') ?? '')?.[1] ?? ''
}
