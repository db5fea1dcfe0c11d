// Whether a call that arrives is one of ours that has come back: it left through a trunk, and a number, a mobile or the carrier
// forwarded it here. Judged by the calls in progress. PURE.
import { plannedAt } from '../rules/hunt-plan'
import { numbersCalled } from '../rules/gate'
import { isOutside } from '../rules/number'
import { anonymous } from '../rules/withheld'
import { callIdOf } from './ids'
import { isActive } from './legs'
import { ruleNumberOf } from './places'
import { trunkOf } from './trunk-tries'
import type { Call, Leg } from './types'

/** A leg that is out through a trunk, unanswered. */
export interface TrunkLeg {
  readonly id: string
  /** The international numbers that it may ring. */
  readonly numbers: readonly string[]
  /** The caller's number that it shows. */
  readonly shows: string
  readonly since: number
}

/** A call in progress that nobody has answered, and that has a leg out through a trunk. */
export interface CallOut {
  readonly id: string
  readonly number: string
  readonly caller: string
  readonly arrivedAt: number
  /** The call that it came from; null: none that is known. */
  readonly cameFrom: string | null
  /** The call that it may have come from, by its caller's number alone; null: none, or `cameFrom` is known. */
  readonly mayHaveComeFrom: string | null
  readonly legs: readonly TrunkLeg[]
  /** How many calls have come back from it, or from those that came from it. */
  readonly returns: number
  /** A call was refused because of it, by its caller's number alone. */
  readonly isLooping: boolean
}

/** A call that arrives, its numbers in international form. */
export interface Arrival {
  readonly number: string
  readonly caller: string
  readonly at: number
  /** The leg that the header X-Followme names. */
  readonly leg?: string | undefined
  /** The numbers that diverted it, the last one first. */
  readonly diverting: readonly string[]
}

export interface LoopVerdict {
  /** The call that it came from; null: none that is known. A refused call has the most likely one. */
  readonly cameFrom: string | null
  readonly mayHaveComeFrom: string | null
  /** Why it is refused, in words; absent: it is not. */
  readonly reason?: string
  /** Which sign: a header, or the caller's number alone. */
  readonly by: 'sign' | 'caller'
  /** The calls that it has come back from, or may have. */
  readonly calls: readonly CallOut[]
}

/** What is known of a call's returns beside its record. */
export interface ReturnNotes {
  readonly mayHaveComeFrom: string | null
  readonly returns: number
  /** The sign by which a call was refused because it came back from this one; undefined: none was. */
  readonly loopBy: LoopVerdict['by'] | undefined
}

/** How many calls may come back from one that arrived, each to a number that is not in the chain yet. */
export const mostReturns = 5
/** How many calls with one caller's number may have legs out when another arrives, and with none for the same number. */
export const mostAtOnce = { shown: 5, withheld: 20 } as const
/** A mobile that forwards when nobody answers rings for some time; who calls while it rings may be anybody, but not again and again. */
export const slowMs = 5000
export const mostSlow = 3

/** A call as far as loops are concerned; undefined: none of its legs is out through a trunk, or somebody has answered. */
export function callOut(call: Call, { returns, loopBy, mayHaveComeFrom }: ReturnNotes): CallOut | undefined {
  if (call.phase.kind !== 'hunting') return undefined
  const { id, cameFrom, history, incoming } = call
  const legs = call.legs
    .filter((leg) => leg.state !== 'creating' && isActive(leg) && isOutside(leg.dial))
    .map((leg) => trunkLeg(call, leg))
  const [first] = history
  if (legs.length === 0 || first === undefined) return undefined
  const { number, caller } = incoming
  return {
    id,
    number,
    caller: caller.number,
    arrivedAt: first.at,
    cameFrom,
    mayHaveComeFrom,
    legs,
    returns,
    isLooping: loopBy === 'caller'
  }
}

function trunkLeg(call: Call, leg: Leg): TrunkLeg {
  const { id, dial } = leg
  // A process that was killed may not have recorded that it was dialled.
  const own = call.history.filter((each) => 'leg' in each && each.leg === id)
  const since = (own.find(({ type }) => type === 'dialled') ?? own[0])?.at ?? 0
  const { number: shown } = (trunkOf(call.plan, leg) ?? plannedAt(call.plan, leg))?.shown ?? {}
  const { number: caller } = call.incoming.caller
  const shows = caller === anonymous ? caller : (shown ?? caller)
  return { id, numbers: numbersCalled(dial, ruleNumberOf(call, id)), shows, since }
}

/** Undefined: nothing says that the call has come back. */
export function loopVerdict(arrival: Arrival, calls: readonly CallOut[]): LoopVerdict | undefined {
  const parent = signedParent(arrival, calls)
  if (parent !== undefined) return verdictBySign(arrival, parent, calls)
  const byCaller = verdictByCaller(arrival, calls)
  return byCaller?.reason === undefined ? (verdictByDiversion(arrival, calls) ?? byCaller) : byCaller
}

/** The call that a header names. */
function signedParent({ leg, diverting, caller }: Arrival, calls: readonly CallOut[]): CallOut | undefined {
  const named = leg === undefined ? undefined : calls.find(({ id }) => id === callIdOf(leg))
  if (named !== undefined) return named
  const showsCaller = (call: CallOut): boolean =>
    call.caller === caller || call.legs.some(({ shows }) => shows === caller)
  for (const each of diverting) {
    const ringing = ringingOf(each, calls).filter((call) => caller === each || showsCaller(call))
    const own = calls.filter((call) => call.number === each && showsCaller(call))
    const [parent] = [...latestFirst(ringing), ...latestFirst(own)]
    if (parent !== undefined) return parent
  }
  return undefined
}

function ringingOf(number: string, calls: readonly CallOut[]): readonly CallOut[] {
  return calls.filter(({ legs }) => legs.some(({ numbers }) => numbers.includes(number)))
}

/** A call may come back to another number of the site, as a mobile may be forwarded to the office; not to one that it has been through. */
function verdictBySign({ number }: Arrival, parent: CallOut, calls: readonly CallOut[]): LoopVerdict {
  const before = chainTo(parent, calls, ({ cameFrom }) => cameFrom).find((each) => each.number === number)
  const verdict = { cameFrom: parent.id, mayHaveComeFrom: null, by: 'sign', calls: chainTo(parent, calls) } as const
  if (before !== undefined)
    return { ...verdict, reason: `call ${before.id} to ${number} has come back to it through a trunk` }
  return withinReturns(verdict, parent)
}

/**
 * A mobile that rings for a call diverts one of a caller who is in none. Often that is somebody else who has called the mobile: only
 * too many are a loop, in which the network has changed the caller's number.
 */
function verdictByDiversion({ diverting }: Arrival, calls: readonly CallOut[]): LoopVerdict | undefined {
  const [latest] = diverting.flatMap((each) => latestFirst(ringingOf(each, calls)))
  if (latest === undefined) return undefined
  const verdict = { cameFrom: null, mayHaveComeFrom: latest.id, by: 'sign', calls: chainTo(latest, calls) } as const
  return withinReturns(verdict, latest)
}

/** Refused if too many calls have come back from one of its calls. */
function withinReturns(verdict: LoopVerdict, { id }: CallOut): LoopVerdict {
  const looping = verdict.calls.find(({ isLooping }) => isLooping)
  const most = verdict.calls.find(({ returns }) => returns >= mostReturns)
  if (looping !== undefined) return { ...verdict, cameFrom: id, reason: partOf(looping) }
  if (most === undefined) return verdict
  return {
    ...verdict,
    cameFrom: id,
    reason: `${most.returns} calls have come back through a trunk from call ${most.id}`
  }
}

function partOf({ id }: CallOut): string {
  return `it belongs to the loop of call ${id}`
}

/** The call and those that it came from, or may have, the first one last, as far as they still have a leg out. */
function chainTo(
  call: CallOut,
  calls: readonly CallOut[],
  fromOf = ({ cameFrom, mayHaveComeFrom }: CallOut): string | null => cameFrom ?? mayHaveComeFrom
): readonly CallOut[] {
  const chain = new Set<CallOut>()
  for (let next: CallOut | undefined = call; next !== undefined && !chain.has(next);) {
    chain.add(next)
    const from: string | null = fromOf(next)
    next = calls.find(({ id }) => id === from)
  }
  return [...chain]
}

/** Without any sign, only too many calls of one caller are one. */
function verdictByCaller(arrival: Arrival, calls: readonly CallOut[]): LoopVerdict | undefined {
  const suspects = suspectsFor(arrival, calls)
  const [latest] = suspects
  if (latest === undefined) return undefined
  const chains = [...new Set(suspects.flatMap((each) => chainTo(each, calls)))]
  const verdict = { cameFrom: null, mayHaveComeFrom: latest.id, by: 'caller', calls: chains } as const
  const reason = reasonBy(arrival, suspects)
  return reason === undefined ? verdict : { ...verdict, cameFrom: latest.id, reason }
}

/**
 * The calls that this one may be, the latest first: those of the same caller, and one whose leg shows this caller's number or rings
 * it, for networks that put the forwarding number in the caller's place.
 */
function suspectsFor({ caller, number }: Arrival, calls: readonly CallOut[]): readonly CallOut[] {
  if (caller === anonymous) return latestFirst(calls.filter((call) => call.caller === caller && call.number === number))
  const source = sourceOf(caller, calls)
  return latestFirst([...calls.filter((call) => call.caller === caller), ...(source === undefined ? [] : [source])])
}

/** The latest call of another caller with a leg that shows this number, or rings it. */
function sourceOf(caller: string, calls: readonly CallOut[]): CallOut | undefined {
  return latestFirst(calls).find(
    (call) =>
      call.caller !== caller && call.legs.some(({ shows, numbers }) => shows === caller || numbers.includes(caller))
  )
}

function reasonBy({ caller, at }: Arrival, suspects: readonly CallOut[]): string | undefined {
  const looping = suspects.find(({ isLooping }) => isLooping)
  if (looping !== undefined) return partOf(looping)
  const isWithheld = caller === anonymous
  const who = isWithheld ? 'calls without a number' : 'calls of this caller'
  if (suspects.length >= (isWithheld ? mostAtOnce.withheld : mostAtOnce.shown)) {
    return `${suspects.length} ${who} have legs out through a trunk already`
  }
  const slow = isWithheld ? 0 : longestChain(suspects, at)
  return slow < mostSlow
    ? undefined
    : `${slow} ${who} have arrived one after another, each while the one before was ringing through a trunk`
}

/** How many of them can have come from each other, with {@link slowMs} and more of ringing before each, and the next one now. */
function longestChain(latest: readonly CallOut[], at: number): number {
  let length = 0
  let next = at
  for (const { arrivedAt, legs } of latest) {
    if (!legs.some(({ since }) => since <= next - slowMs)) continue
    length += 1
    next = arrivedAt
  }
  return length
}

function latestFirst(calls: readonly CallOut[]): readonly CallOut[] {
  return [...calls].sort((one, other) => other.arrivedAt - one.arrivedAt)
}
