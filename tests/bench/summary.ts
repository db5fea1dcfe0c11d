// From single measurements to figures: the median of the rounds, their spread, and the ratio to Dial() in the same round. PURE.
import type { Cell } from './cell'
import { spreadOf } from './figures'
import type { Spread } from './figures'
import { callsOf, isOurs } from './plan'
import type { ProfileId } from './profiles'
import type { Result } from './run'
import { reference } from './ways'
import type { WayId } from './ways'

export interface Figure {
  readonly way: WayId
  /** Null where it does not depend on it. */
  readonly profile: ProfileId | null
  readonly rate: number | null
  readonly name: string
  readonly unit: 'ms' | 'calls/s' | 'MB' | 'kB'
  readonly isBetter: 'lower' | 'higher'
  /** Of the slowest calls too few lie beyond it for two runs to be told apart by it. */
  readonly isRare: boolean
  /** Null where no round went without a fault, or where none was tried. */
  readonly value: Spread | null
  /** How many rounds it is of. */
  readonly rounds: number
  /** False above a rate that was too much. */
  readonly isTried: boolean
  /** Against Dial() in the same round, divided and subtracted; null where Dial() has no such thing. */
  readonly ratio: Spread | null
  readonly over: Spread | null
}

type Timing = readonly [name: string, of: (cell: Cell) => number | null, against?: (cell: Cell) => number | null]

const cpu = (cell: Cell) => cell.cpu.asterisk + cell.cpu.followme

const timings: readonly Timing[] = [
  ['setup p50', ({ setUp }) => setUp.p50],
  ['setup p95', ({ setUp }) => setUp.p95],
  ['setup p99', ({ setUp }) => setUp.p99],
  ['hop p50', ({ hop }) => hop?.p50 ?? null],
  ['hop p95', ({ hop }) => hop?.p95 ?? null],
  ['hop p99', ({ hop }) => hop?.p99 ?? null],
  ['CPU a call', cpu],
  ['CPU a call, Asterisk', (cell) => cell.cpu.asterisk],
  // Of what a call through Dial() takes in all.
  ['CPU a call, followme', (cell) => (isOurs(cell.way) ? cell.cpu.followme : null), cpu]
]

interface Pair {
  readonly value: number
  readonly dial: number | null
}

/** So many calls beyond a percentile, and one of them more or less does not move it. */
const enough = 10

function isRare(name: string, calls: number): boolean {
  const percentile = Number(/ p(\d+)$/.exec(name)?.[1] ?? 0)
  return percentile > 50 && (calls * (100 - percentile)) / 100 < enough
}

function figure(of: Omit<Figure, 'rounds' | 'value' | 'ratio' | 'over'>, pairs: readonly Pair[]): Figure {
  const known = pairs.flatMap(({ value, dial }) => (dial === null || dial <= 0 ? [] : [{ value, dial }]))
  const spread = (values: readonly number[]) => (values.length === 0 ? null : spreadOf(values))
  return {
    ...of,
    rounds: pairs.length,
    value: spread(pairs.map(({ value }) => value)),
    ratio: spread(known.map(({ value, dial }) => value / dial)),
    over: spread(known.map(({ value, dial }) => value - dial))
  }
}

export function summaryOf({
  plan,
  cells,
  capacities,
  memories
}: Pick<Result, 'plan' | 'cells' | 'capacities' | 'memories'>): Figure[] {
  const find = (way: WayId, profile: ProfileId, rate: number, round: number) =>
    cells.find((c) => c.way === way && c.profile === profile && c.rate === rate && c.round === round)
  const sound = (cell: Cell | undefined) => (cell?.faults.length === 0 ? cell : undefined)
  const figures: Figure[] = []
  const rounds = Array.from({ length: plan.rounds }, (_, at) => at + 1)
  for (const profile of plan.profiles) {
    for (const rate of plan.rates) {
      for (const [name, of, against = of] of timings) {
        for (const way of plan.ways) {
          const measured = rounds.flatMap((round) => {
            const cell = sound(find(way, profile, rate, round))
            const dial = sound(find(reference, profile, rate, round))
            const value = cell === undefined ? null : of(cell)
            // Too few calls for a percentile to be had are NaN.
            if (value === null || !Number.isFinite(value)) return []
            return [{ value, dial: dial === undefined ? null : against(dial) }]
          })
          // At a lower rate at least: above one that is too much, none is tried.
          const exists = cells.some((cell) => cell.way === way && cell.profile === profile && of(cell) !== null)
          const lower = { unit: 'ms', isBetter: 'lower', isRare: isRare(name, callsOf(plan, rate)) } as const
          const isTried = cells.some((cell) => cell.way === way && cell.profile === profile && cell.rate === rate)
          if (exists) figures.push(figure({ way, profile, rate, name, ...lower, isTried }, measured))
        }
      }
    }
  }
  const anywhere = { profile: null, rate: null, isRare: false, isTried: true } as const
  for (const way of plan.ways) {
    const mine = capacities.filter((each) => each.way === way)
    const pairs = mine.map(({ round, rate }) => ({
      value: rate,
      dial: capacities.find((each) => each.way === reference && each.round === round)?.rate ?? null
    }))
    if (pairs.length > 0) {
      figures.push(figure({ way, ...anywhere, name: 'capacity', unit: 'calls/s', isBetter: 'higher' }, pairs))
    }
  }
  for (const { way, held, idleMb, heldMb, perCallKb } of memories) {
    const lower = { way, ...anywhere, isBetter: 'lower' } as const
    const alone = (value: number) => [{ value, dial: null }]
    figures.push(
      figure({ ...lower, name: 'memory, idle', unit: 'MB' }, alone(idleMb)),
      figure({ ...lower, name: `memory, ${String(held)} calls held`, unit: 'MB' }, alone(heldMb)),
      figure({ ...lower, name: 'memory a call held', unit: 'kB' }, alone(perCallKb))
    )
  }
  return figures
}

/** What a figure is of, in the words of a table's row. */
export function titleOf({ name, rate }: Pick<Figure, 'name' | 'rate'>): string {
  return rate === null ? name : `${name}, ${String(rate)}/s`
}

export function keyOf({ way, profile, rate, name }: Figure): string {
  return [way, profile, rate, name].join('/')
}
