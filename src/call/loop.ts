// Whether a call that arrives is one of ours that has come back: it left through a trunk, and a number, a mobile or the carrier
// forwarded it here. Judged by the calls in progress. PURE.
import { numbersCalled } from '../rules/gate'
import { isOutside } from '../rules/number'
import { anonymous } from '../rules/withheld'
import { callIdOf } from './ids'
import { isActive } from './legs'
import { ruleNumberOf } from './places'
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
  /** The call that it came from; null: none that is known. */
  readonly cameFrom: string | null
  /** Why it is refused, in words; absent: it is not. */
  readonly reason?: string
  /** Which sign: a header, or the caller's number alone. */
  readonly by: 'sign' | 'caller'
  /** The calls that it has come back from, or may have. */
  readonly calls: readonly CallOut[]
}

/** How many calls may come back from one that arrived, each to a number that is not in the chain yet. */
export const mostReturns = 5
/** How many calls with one caller's number may have legs out when another arrives, and with none for the same number. */
export const mostAtOnce = { shown: 5, withheld: 20 } as const
/** A mobile that forwards when nobody answers rings for some time; who calls while it rings may be anybody, but not again and again. */
export const slowMs = 5000
export const mostSlow = 3

/** A call as far as loops are concerned; undefined: none of its legs is out through a trunk, or somebody has answered. */
export function callOut(call: Call, returns: number, loopBy: LoopVerdict['by'] | undefined): CallOut | undefined {
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
    legs,
    returns,
    isLooping: loopBy === 'caller'
  }
}

function trunkLeg(call: Call, { id, step, target, dial }: Leg): TrunkLeg {
  // A process that was killed may not have recorded that it was dialled.
  const own = call.history.filter((each) => 'leg' in each && each.leg === id)
  const since = (own.find(({ type }) => type === 'dialled') ?? own[0])?.at ?? 0
  const shown = call.plan.steps[step - 1]?.targets[target - 1]?.shown?.number
  const { number: caller } = call.incoming.caller
  const shows = caller === anonymous ? caller : (shown ?? caller)
  return { id, numbers: numbersCalled(dial, ruleNumberOf(call, id)), shows, since }
}

/** Undefined: nothing says that the call has come back. */
export function loopVerdict(arrival: Arrival, calls: readonly CallOut[]): LoopVerdict | undefined {
  const parent = signedParent(arrival, calls)
  return parent === undefined ? verdictByCaller(arrival, calls) : verdictBySign(arrival, parent, calls)
}

/** The call that a header names. */
function signedParent({ leg, diverting, caller }: Arrival, calls: readonly CallOut[]): CallOut | undefined {
  const named = leg === undefined ? undefined : calls.find(({ id }) => id === callIdOf(leg))
  if (named !== undefined) return named
  const isSameCaller = (call: CallOut): boolean =>
    call.caller === caller || call.legs.some(({ shows }) => shows === caller)
  for (const each of diverting) {
    const rings = calls.filter(({ legs }) => legs.some(({ numbers }) => numbers.includes(each)))
    const own = calls.filter((call) => call.number === each && isSameCaller(call))
    const [parent] = [...latestFirst(rings.filter(isSameCaller)), ...latestFirst(rings), ...latestFirst(own)]
    if (parent !== undefined) return parent
  }
  return undefined
}

/** A call may come back to another number of the site, as a mobile may be forwarded to the office; not to one that it has been through. */
function verdictBySign({ number }: Arrival, parent: CallOut, calls: readonly CallOut[]): LoopVerdict {
  const chain = chainTo(parent, calls)
  const verdict = { cameFrom: parent.id, by: 'sign', calls: chain } as const
  const before = chain.find((each) => each.number === number)
  const returns = Math.max(...chain.map((each) => each.returns))
  if (before !== undefined)
    return { ...verdict, reason: `call ${before.id} to ${number} has come back to it through a trunk` }
  const looping = chain.find((each) => each.isLooping)
  if (looping !== undefined) return { ...verdict, reason: partOf(looping) }
  if (returns < mostReturns) return verdict
  return {
    ...verdict,
    reason: `${returns} calls have come back through a trunk from call ${chain.at(-1)?.id ?? parent.id}`
  }
}

function partOf({ id }: CallOut): string {
  return `it belongs to the loop of call ${id}`
}

/**
 * The call and those that it came from, the first one last, as far as they still have a leg out. `orElse`: the call that one may have
 * come from, if no sign tells.
 */
function chainTo(
  call: CallOut,
  calls: readonly CallOut[],
  orElse: (call: CallOut) => CallOut | undefined = () => undefined
): readonly CallOut[] {
  const chain = new Set<CallOut>()
  for (let next: CallOut | undefined = call; next !== undefined && !chain.has(next);) {
    const last: CallOut = next
    chain.add(last)
    next = last.cameFrom === null ? orElse(last) : calls.find(({ id }) => id === last.cameFrom)
  }
  return [...chain]
}

/** Without any sign, only too many calls of one caller are one. */
function verdictByCaller(arrival: Arrival, calls: readonly CallOut[]): LoopVerdict | undefined {
  const suspects = suspectsFor(arrival, calls)
  const reason = reasonBy(arrival, suspects)
  if (reason === undefined) return undefined
  const source = ({ caller }: CallOut): CallOut | undefined => sourceOf(caller, calls)
  const chains = new Set(suspects.flatMap((each) => chainTo(each, calls, source)))
  return { cameFrom: suspects[0]?.id ?? null, reason, by: 'caller', calls: [...chains] }
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
  if (caller === anonymous) return undefined
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
