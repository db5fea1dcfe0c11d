// What a run measures. PURE.
import { isFor, profileOf, profiles } from './profiles'
import type { ProfileId } from './profiles'
import { reference, wayOf, ways } from './ways'
import type { Way, WayId } from './ways'

export interface Plan {
  readonly ways: readonly WayId[]
  readonly profiles: readonly ProfileId[]
  /** Calls a second. */
  readonly rates: readonly number[]
  readonly rounds: number
  /** How long calls are placed at each rate. */
  readonly seconds: number
  /** How many calls go through followme before its first measurement in a round; through Asterisk alone, a fifth of them. */
  readonly warmUp: number
  /** How long it is watched what a way takes while nobody calls. */
  readonly idleSeconds: number
  readonly capacity: boolean
  /** How many calls are held at once for the memory; 0: none are. */
  readonly held: number
}

export const full: Plan = {
  ways: ways.map(({ id }) => id),
  profiles: profiles.map(({ id }) => id),
  rates: [20, 50, 100],
  rounds: 3,
  seconds: 4,
  warmUp: 750,
  idleSeconds: 2,
  capacity: true,
  held: 1000
}

export const quick: Plan = {
  ...full,
  ways: ways.flatMap(({ id, isQuick }) => (isQuick ? [id] : [])),
  profiles: ['busy'],
  rates: [50],
  warmUp: 250,
  idleSeconds: 1,
  capacity: false,
  held: 0
}

/** How many calls are placed at a rate: enough to say something of the slowest at low rates, too. */
export function callsOf({ seconds }: Plan, rate: number): number {
  return Math.round(Math.max(seconds * rate, Math.min(100, 25 * seconds)))
}

/** Node.js compiles what it has run often; Asterisk is compiled. */
export function warmUpOf({ warmUp }: Pick<Plan, 'warmUp'>, way: WayId): number {
  return hasProgram(way) ? warmUp : Math.ceil(warmUp / 5)
}

/** Calls a second of a warm-up. */
export const warmUpRate = 50

/** The ways in the order of a round: each begins with another one. */
export function orderOf({ ways: ids }: Plan, round: number): readonly WayId[] {
  const first = (round - 1) % Math.max(1, ids.length)
  return [...ids.slice(first), ...ids.slice(0, first)]
}

/** About how long it takes. */
export function minutesOf({ ways: ids, profiles: chosen, rates, rounds, capacity, held, ...plan }: Plan): number {
  const bursts = rates.map((rate) => callsOf({ ...quick, ...plan }, rate) / rate)
  const cells = ids
    .flatMap((way) => chosen.filter((id) => isFor(way, id)))
    .map((id) => profileOf(id).ownMs / 1000)
    .flatMap((own) => bursts.map((seconds) => seconds + own + 1))
  const bursting = cells.reduce((sum, seconds) => sum + seconds, 0)
  const each = 4 + (capacity ? 45 : 0)
  const warmUp = ids.reduce((sum, id) => sum + warmUpOf(plan, id) / warmUpRate, 0) * (capacity ? 2 : 1)
  const memory = ids.filter(isOurs).length * (held === 0 ? 0 : held / 20 + 25)
  return (10 + plan.warmUp / warmUpRate + rounds * (bursting + ids.length * each + warmUp) + memory) / 60
}

export function isOurs(id: WayId): boolean {
  return (ways.find((each: Way) => each.id === id)?.transport ?? null) !== null
}

/** Whether a process beside Asterisk has the calls of a way: followme, or the one by hand. */
export function hasProgram(id: WayId): boolean {
  return isOurs(id) || wayOf(id).isByHand === true
}

/** Why it makes no sense; null where it does. */
export function faultOf(plan: Plan): string | null {
  if (!plan.ways.includes(reference)) return `the ways must include '${reference}', with which all are compared`
  if (plan.rates.some((rate) => !(rate > 0 && rate <= 500))) return 'a rate is a number of calls a second, 1 to 500'
  if (!Number.isInteger(plan.rounds) || plan.rounds < 1) return 'the rounds are a whole number from 1'
  if (!(plan.seconds > 0) || !Number.isInteger(plan.held) || plan.held < 0) return 'seconds and calls held are numbers'
  return plan.profiles.length === 0 || plan.rates.length === 0 ? 'there is nothing to measure' : null
}
