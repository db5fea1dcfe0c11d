// Results as a run gives them, for tests of what is made of them.
import type { Cell } from './cell'
import { quick } from './plan'
import type { Plan } from './plan'
import type { Result } from './run'

export function givenCell(cell: Partial<Cell> & { readonly p50?: number }): Cell {
  const { p50 = 4, ...rest } = cell
  return {
    ...{ round: 1, way: 'dial', profile: 'busy', rate: 50, calls: 100, faults: [], phonesMs: 2 },
    ...{ setUp: { p50, p95: 2 * p50, p99: 3 * p50 }, hop: { p50: 1, p95: 2, p99: 3 } },
    ...{ cpu: { asterisk: 5, followme: 0 }, offeredRate: 50, retransmissions: 0, sippShare: 0.1, foreignShare: 0 },
    ...rest
  }
}

export function givenResult(
  cells: readonly Cell[],
  more: Partial<Omit<Result, 'plan'>> = {},
  plan?: Partial<Plan>
): Result {
  const busyBefore = 0.01
  return {
    ...{ version: 1, at: '2026-11-23T00:00:00.000Z', capacities: [], memories: [], leftOut: {}, cells },
    plan: { ...quick, ways: ['dial', 'http'], ...plan },
    machine: { processors: 2, model: 'a processor', node: '20.20.2', asterisk: '22.10.1', busyBefore },
    ...more
  }
}
