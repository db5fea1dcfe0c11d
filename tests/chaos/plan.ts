// Which calls come and which faults strike, and when: all of it made up front from the seed. The same seed, calls and
// faults give the same plan.
import { faultKinds, faultsByKind, mayStrikeDuring } from './fault-kinds'
import type { FaultKind } from './fault-kinds'
import { callers, profiles } from './profiles'
import type { CallerKind, Profile } from './profiles'

export interface PlannedCall {
  /** The virtual number it calls, which nobody else does. */
  readonly number: string
  /** Who calls: nobody else has this number. */
  readonly caller: string
  readonly profile: Profile
  readonly atMs: number
}

export interface PlannedFault {
  readonly kind: FaultKind
  readonly atMs: number
  readonly lastsMs: number
  /** In [0, 1): what else there is to choose. */
  readonly chance: number
  /** It strikes while the one before it in the plan still goes on. */
  readonly during: boolean
}

export interface Plan {
  readonly seed: number
  readonly calls: readonly PlannedCall[]
  readonly faults: readonly PlannedFault[]
  readonly lengthMs: number
}

/** From so many faults on, SIGSTOP takes so long. */
const many = 30
const longStopMs = 20_000
const mostCallsPerSecond = 4
/** Of so many faults one strikes while another goes on. */
const oneIn = 5

/** The plan of a seed. More faults than there is time for at four calls a second make the calls come slower. */
export function planOf(seed: number, calls: number, faults: number): Plan {
  const random = mulberry32(seed)
  const struck = planFaults(random, faults)
  const lengthMs = Math.max((calls / mostCallsPerSecond) * 1000, struck.endMs)
  return { seed, calls: planCalls(random, calls, lengthMs), faults: struck.faults, lengthMs }
}

/** The calls of one kind of caller come evenly: SIPp sends them so. */
function planCalls(random: () => number, count: number, lengthMs: number): PlannedCall[] {
  const total = profiles.reduce((sum, { weight }) => sum + weight, 0)
  const chosen = Array.from({ length: count }, () => byWeight(profiles, ({ weight }) => weight, random() * total))
  const soFar = new Map<CallerKind, number>()
  const planned = chosen.map((profile, index) => {
    const kind = profile.caller
    const turn = soFar.get(kind) ?? 0
    soFar.set(kind, turn + 1)
    const of = chosen.filter(({ caller }) => caller === kind).length
    const digits = String(index).padStart(4, '0')
    return {
      number: `${profile.steps === null ? '+1416556' : '+1415555'}${digits}`,
      caller: `+1500555${digits}`,
      profile,
      atMs: offsetMs(kind) + (turn * lengthMs) / of
    }
  })
  return planned.sort((one, other) => one.atMs - other.atMs)
}

/** They do not all begin in the same moment. */
export function offsetMs(kind: CallerKind): number {
  return Object.keys(callers).indexOf(kind) * 70
}

/** Every kind once, in any order; then by how much each tells. */
function planFaults(random: () => number, count: number): { faults: PlannedFault[]; endMs: number } {
  const kinds = shuffled(faultKinds, random).slice(0, count)
  const again = faultKinds.reduce((sum, kind) => sum + faultsByKind[kind].again, 0)
  while (kinds.length < count) kinds.push(byWeight(faultKinds, (kind) => faultsByKind[kind].again, random() * again))
  let endMs = 3000
  const faults = paired(kinds, random).flatMap(([first, second]) => {
    const fault = planFault(first, endMs + random() * 1500, count, random)
    const faults = [fault]
    if (second !== undefined) {
      const atMs = fault.atMs + (0.2 + 0.5 * random()) * fault.lastsMs
      faults.push({ ...planFault(second, atMs, count, random), during: true })
    }
    endMs = Math.max(...faults.map(({ kind, atMs, lastsMs }) => atMs + lastsMs + faultsByKind[kind].afterMs))
    return faults
  })
  return { faults, endMs }
}

function planFault(kind: FaultKind, atMs: number, count: number, random: () => number): PlannedFault {
  const [from, to] = faultsByKind[kind].lastsMs
  const lastsMs = kind === 'stopped' && count >= many ? longStopMs : Math.round(from + random() * (to - from))
  return { kind, atMs: Math.round(atMs), lastsMs, chance: random(), during: false }
}

/** One in so many is taken from its place, and put beside one that it may strike during. */
function paired(kinds: readonly FaultKind[], random: () => number): (readonly [FaultKind, FaultKind | undefined])[] {
  const left = new Map(kinds.entries())
  const second = new Map<number, FaultKind>()
  for (const [at, lasting] of shuffled([...kinds.entries()], random)) {
    if (second.size >= Math.round(kinds.length / oneIn)) break
    const fitting = [...left].filter(
      ([other, kind]) => other !== at && !second.has(other) && mayStrikeDuring(kind, lasting)
    )
    const chosen = fitting[Math.floor(random() * fitting.length)]
    if (!left.has(at) || chosen === undefined) continue
    left.delete(chosen[0])
    second.set(at, chosen[1])
  }
  return [...left].map(([at, kind]) => [kind, second.get(at)] as const)
}

function byWeight<T>(all: readonly T[], weightOf: (each: T) => number, at: number): T {
  let left = at
  const found = all.find((each) => (left -= weightOf(each)) < 0) ?? all.at(-1)
  if (found === undefined) throw new Error('nothing to choose from')
  return found
}

function shuffled<T>(all: readonly T[], random: () => number): T[] {
  return all
    .map((each) => ({ each, key: random() }))
    .sort((one, other) => one.key - other.key)
    .map(({ each }) => each)
}

/** Numbers in [0, 1), the same for the same seed. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
