// One call from every side: the carrier's SIPp, the people's, followme's records, Asterisk's log. PURE.
import type { RecordedCall } from '../../src/ports'
import type { SipCall } from '../sandbox/sip-log'
import { mayBeFelt } from './fault-kinds'
import type { FaultKind } from './fault-kinds'
import type { PlannedCall, PlannedFault } from './plan'
import { dialOf } from './profiles'

/** A fault that has struck: when, when it was undone, and when all was well again. */
export interface Struck extends PlannedFault {
  readonly what: string
  readonly fromAt: number
  /** When the one began that it struck during: what followme had not heard since then, it may never hear; else `fromAt`. */
  readonly sinceAt: number
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
  /** How often Asterisk says that it could not write down what the failsafe did with it. */
  readonly unwritten: number
}

/** How long after all is well again a fault may still be felt. */
const afterpainMs = 1500
/** How far apart two sides may see the same moment. */
export const slackMs = 1000

/** What followme had heard and written down when something struck may be behind by so much: an event, and a batch. */
export const recordLagMs = 250

/** How long after its caller has gone a leg may be dialled: the longest fault lasts 20 s. */
const goneMs = 25_000

/** The faults that this call may have felt. */
export function feltBy({ planned, seen, legs }: Account, faults: readonly Struck[]): readonly Struck[] {
  if (seen === undefined) return []
  const from = seen.invite.at
  // Until nobody is left of it: one who was talked to has to be hung up on, too.
  const to = Math.max(...[seen, ...legs].flatMap(({ messages }) => messages.map(({ at }) => at)))
  return faults.filter(({ kind, numbers, sinceAt, wellAt }) => {
    if (kind === 'overridden' && !numbers.includes(planned.number)) return false
    const beganAt = mayBeFelt(kind) ? sinceAt - recordLagMs : sinceAt
    return beganAt <= to && wellAt + afterpainMs >= from
  })
}

/** How far apart followme may see a moment from when it was: it is kept from looking as long as faults last. */
export function toleranceMs(felt: readonly Struck[]): number {
  const lasting = felt.filter(({ kind }) => mayBeFelt(kind))
  return lasting.reduce((sum, { fromAt, wellAt }) => sum + wellAt - fromAt + afterpainMs, slackMs)
}

/** Whether an instant lies where followme could not see it, or had not written it down yet when it died. */
export function isUnseen(at: number, felt: readonly Struck[], is: (kind: FaultKind) => boolean): boolean {
  return felt.some(({ kind, sinceAt, wellAt }) => is(kind) && at >= sinceAt - recordLagMs && at <= wellAt + slackMs)
}

/** Whoever talked with the caller: they had answered when the caller was, and were there still. */
export function partnerOf({ seen, legs }: Account): SipCall | undefined {
  const answeredAt = seen === undefined ? undefined : answerOf(seen)
  if (answeredAt === undefined) return undefined
  const there = legs.filter((leg) => leg.finalCode === 200 && (leg.end === null || leg.end.at >= answeredAt))
  // The two SIPps write their logs each in its own time.
  return there.findLast((leg) => (answerOf(leg) ?? Infinity) <= answeredAt + slackMs) ?? there.at(-1)
}

/**
 * Whose each ringing is: of the one who has called the number that it names, as it does for those who withhold theirs. Asterisk takes the caller's number from their channel as it dials: where they have gone since the
 * leg was made, it says `anonymous`. Such a leg is of those who have left, and whose plan rings that number, the one who has
 * an open attempt on it that was dialled nearest to then; where none has, the last who left.
 */
export function callerOfLeg(leg: SipCall, calls: readonly Pick<Account, 'planned' | 'seen' | 'records'>[]): string {
  const marked = calls.find(({ planned }) => planned.number === numberOf(leg))
  const named = marked?.planned.caller ?? callerOf(leg)
  if (named !== 'anonymous') return named
  const who = whoOf(leg)
  const { at } = leg.invite
  const gone = calls.flatMap(({ planned: { caller, profile }, seen, records }) => {
    const rings = profile.steps?.flat().some(([dial]) => dial === dialOf(who)) ?? false
    const leftAt = seen?.end?.at ?? Infinity
    if (!rings || at - leftAt < -slackMs || at - leftAt > goneMs) return []
    const open = records
      .flatMap(({ attempts }) => attempts)
      .filter(
        ({ dial, startedAt, endedAt }) => dial === dialOf(who) && startedAt <= at && (endedAt ?? at) + slackMs >= at
      )
    const apartMs = open.map(({ startedAt, dialledAt }) => Math.abs(at - (dialledAt ?? startedAt)))
    return [{ caller, leftAt, nearestMs: Math.min(Number.MAX_SAFE_INTEGER, ...apartMs) }]
  })
  const [nearest] = gone.sort((one, other) => one.nearestMs - other.nearestMs || other.leftAt - one.leftAt)
  return nearest?.caller ?? named
}

/** When an INVITE was answered. */
export function answerOf(call: SipCall): number | undefined {
  return call.messages.find(({ method, code }) => method === 'INVITE' && code === 200)?.at
}

/** Whose number rang: the user of the address that the INVITE is for. */
export function whoOf({ invite }: SipCall): string {
  return /^INVITE sip:([^@;>]+)@/.exec(invite.start)?.[1] ?? ''
}

/** The virtual number that was called, if the INVITE names it: to a trunk in `Diversion`, to a phone in `Alert-Info`. */
export function numberOf({ invite }: SipCall): string | undefined {
  const named =
    /<sip:(\+\d+)@/.exec(invite.header('Diversion') ?? '') ?? /number=(\+\d+)/.exec(invite.header('Alert-Info') ?? '')
  return named?.[1]
}

/** Who calls, by the From header. */
export function callerOf({ invite }: SipCall): string {
  return /sip:([^@;>]+)@/.exec(invite.header('From') ?? '')?.[1] ?? ''
}
