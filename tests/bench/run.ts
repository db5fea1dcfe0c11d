// A whole run: round after round, way after way, all on one Asterisk; what overloads it, each on one of its own.
import type { Server } from '../demo/program'
import { highest, isCarried, mostMs, whyNotCarried } from './capacity'
import { idleOf, measure } from './cell'
import type { Cell, Idle } from './cell'
import { machine, mostBusy } from './machine'
import type { Machine } from './machine'
import { inspected, memoryOf } from './memory'
import type { Memory } from './memory'
import { callsOf, isOurs, orderOf, warmUpOf, warmUpRate } from './plan'
import { isFor } from './profiles'
import type { Plan } from './plan'
import { start } from './sipp-pair'
import { reference, wayOf } from './ways'
import type { WayId } from './ways'
import { openWorld } from './world'
import type { World } from './world'

export interface Capacity {
  readonly round: number
  readonly way: WayId
  /** Calls a second. */
  readonly rate: number
  /** What was wrong at the lowest rate that was too high. */
  readonly limit: string
}

export interface Result {
  readonly version: 1
  readonly at: string
  readonly machine: Machine
  readonly plan: Plan
  readonly cells: readonly Cell[]
  readonly capacities: readonly Capacity[]
  readonly memories: readonly Memory[]
  /** Ways that could not be measured, and why. */
  readonly leftOut: Readonly<Partial<Record<WayId, string>>>
}

/** How long an answered call lasts. */
const holdMs = 500
/** Of the search for the capacity, calls a second. */
const range = { least: 5, most: 1000 }

export interface Run {
  readonly plan: Plan
  readonly busyBefore: number
  /** Measures again what other programs have disturbed. */
  readonly again: boolean
  readonly say: (line: string) => void
}

/** Gives what it has measured. Rejects, with nothing left running, where Asterisk or SIPp cannot be run. */
export async function runPlan({ plan, busyBefore, again, say }: Run): Promise<Result> {
  const at = new Date().toISOString()
  const cells: Cell[] = []
  const capacities: Capacity[] = []
  const memories: Memory[] = []
  const leftOut = new Map<WayId, string>()
  const asterisk = await inWorld(async (world) => {
    // Whoever comes first must not be the one that finds everything cold.
    await warmUp(world, reference, plan.warmUp)
    for (let round = 1; round <= plan.rounds; round++) {
      for (const way of orderOf(plan, round)) await visit(world, round, way)
    }
    return world.asterisk.tree.version
  })
  // Behind an overload Asterisk is slower for a while: what comes next would be measured with it.
  for (let round = 1; plan.capacity && round <= plan.rounds; round++) {
    for (const way of orderOf(plan, round)) await inWorld((world) => search(world, round, way))
  }
  for (const way of plan.held > 0 ? plan.ways.filter(isOurs) : []) await inWorld((world) => hold(world, way))
  return {
    ...{ version: 1, at, machine: machine(asterisk, busyBefore), plan },
    ...{ cells, capacities, memories, leftOut: Object.fromEntries(leftOut) }
  }

  async function inWorld<T>(measured: (world: World) => Promise<T>): Promise<T> {
    // On a busy machine, too, it is followme that is measured, and not its failsafe.
    const world = await openWorld(say, again ? 5 : 60)
    try {
      return await measured(world)
    } finally {
      await world.close()
    }
  }

  /** Warm; gives what it takes while nobody calls. */
  async function ready(world: World, server: Server | null, way: WayId): Promise<Idle> {
    await warmUp(world, way, warmUpOf(plan, way))
    return idleOf(world, server, plan.idleSeconds)
  }

  async function visit(world: World, round: number, way: WayId): Promise<void> {
    const server = await serving(world, way)
    if (server === undefined) return
    const idle = await ready(world, server, way)
    for (const profile of plan.profiles.filter((id) => isFor(way, id))) {
      for (const rate of plan.rates.toSorted((a, b) => a - b)) {
        const burst = { round, way, profile, rate, calls: callsOf(plan, rate), holdMs }
        const cell = await calmest(again ? 3 : 1, async () => {
          const measured = await measure(world, server, burst, idle)
          say(`round ${String(round)}, ${told(measured)}`)
          return measured
        })
        cells.push(cell)
        // A higher rate would be too much, too, and each takes a minute to drain.
        if (!(cell.setUp.p99 < mostMs)) break
      }
    }
    await server?.stop()
  }

  /** Null for a way that needs no program, undefined for one that is left out. */
  async function serving(world: World, way: WayId, more?: Readonly<Record<string, string>>) {
    if (leftOut.has(way)) return undefined
    try {
      return await world.program(wayOf(way), more)
    } catch (error) {
      leftOut.set(way, error instanceof Error ? error.message : String(error))
      say(`left out: ${wayOf(way).title}: ${leftOut.get(way) ?? ''}`)
      return undefined
    }
  }

  async function search(world: World, round: number, way: WayId): Promise<void> {
    const server = await serving(world, way)
    if (server === undefined) return
    const idle = await ready(world, server, way)
    let limit = 'nothing: it is the most that is tried'
    const rate = await highest({ from: likely(way), ...range }, async (each) => {
      const burst = { round, way, profile: 'busy', rate: each, calls: callsOf(plan, each), holdMs } as const
      const why = await whyNotCarried(() => measure(world, server, burst, idle))
      if (why !== null) limit = `at ${String(each)}: ${why}`
      return why === null
    })
    capacities.push({ round, way, rate, limit })
    say(`round ${String(round)}, ${wayOf(way).short}: carries ${String(rate)} calls a second (${limit})`)
    await server?.stop()
  }

  /** About what it carries: as much as in the round before, or the highest rate at which it was fine. */
  function likely(way: WayId): number {
    const last = capacities.findLast((each) => each.way === way)?.rate ?? 0
    const fine = cells.filter((each) => each.way === way && each.profile === 'busy' && isCarried(each))
    const none = Math.floor(Math.min(...plan.rates) / 2)
    return Math.max(range.least, last > 0 ? last : Math.max(none, ...fine.map(({ rate }) => rate)))
  }

  /** In a process of its own, which has not grown by other calls. */
  async function hold(world: World, way: WayId): Promise<void> {
    const server = await serving(world, way, inspected)
    if (server == null) return
    await ready(world, server, way)
    const memory = await memoryOf(world, server, way, plan.held)
    await server.stop()
    memories.push(memory)
    const wrong = memory.faults.map((fault) => `\n    ✗ ${fault}`).join('')
    say(`${wayOf(way).short}: ${memory.heldMb.toFixed(0)} MB with ${String(plan.held)} calls held${wrong}`)
  }
}

/** The measurement that other programs have disturbed least, of no more than so many. */
async function calmest(times: number, measured: () => Promise<Cell>): Promise<Cell> {
  let best = await measured()
  for (let turn = 1; turn < times && best.foreignShare > mostBusy; turn++) {
    const next = await measured()
    if (next.foreignShare < best.foreignShare) best = next
  }
  return best
}

async function warmUp(world: World, way: WayId, calls: number): Promise<void> {
  if (calls > 0) {
    const { seen } = await start(world.asterisk, { way, profile: 'busy', calls, rate: warmUpRate, holdMs })
    await seen
    world.requireAsterisk()
  }
  // What is not over by then shows in what is measured next.
  await world.recorded().catch(() => undefined)
  await world.empty().catch(() => undefined)
}

function told({ way, profile, rate, setUp, hop, cpu, faults }: Cell): string {
  const ms = (value: number) => value.toFixed(1)
  const figures = [
    `setup ${ms(setUp.p50)} / ${ms(setUp.p95)} / ${ms(setUp.p99)} ms`,
    ...(hop === null ? [] : [`hop ${ms(hop.p50)} ms`]),
    `CPU ${ms(cpu.asterisk + cpu.followme)} ms a call`
  ]
  const wrong = faults.map((fault) => `\n    ✗ ${fault.replaceAll(/\s+/g, ' ')}`).join('')
  return `${wayOf(way).short}, ${profile}, ${String(rate)}/s: ${figures.join(', ')}${wrong}`
}
