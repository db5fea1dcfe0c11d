// A whole run: round after round, way after way, all on one Asterisk.
import type { Server } from '../demo/program'
import { carried, highest, isCarried } from './capacity'
import { idleOf, measure } from './cell'
import type { Cell, Idle } from './cell'
import { machine, mostBusy } from './machine'
import type { Machine } from './machine'
import { inspected, memoryOf } from './memory'
import type { Memory } from './memory'
import { callsOf, orderOf, warmUpOf, warmUpRate } from './plan'
import type { Plan } from './plan'
import { start } from './sipp-pair'
import { wayOf } from './ways'
import type { WayId } from './ways'
import { openWorld } from './world'
import type { World } from './world'

export interface Capacity {
  readonly round: number
  readonly way: WayId
  /** Calls a second. */
  readonly rate: number
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
  const world = await openWorld(say)
  const cells: Cell[] = []
  const capacities: Capacity[] = []
  const memories: Memory[] = []
  const leftOut = new Map<WayId, string>()
  try {
    for (let round = 1; round <= plan.rounds; round++) {
      for (const way of orderOf(plan, round)) if (!leftOut.has(way)) await visit(round, way)
    }
    return {
      ...{ version: 1, at, machine: machine(world.asterisk.tree.version, busyBefore), plan },
      ...{ cells, capacities, memories, leftOut: Object.fromEntries(leftOut) }
    }
  } finally {
    await world.close()
  }

  /** About what it carries: as much as in the round before, or the highest rate at which it was fine. */
  function likely(way: WayId): number {
    const last = capacities.findLast((each) => each.way === way)?.rate ?? 0
    const fine = cells.filter((each) => each.way === way && each.profile === 'busy' && isCarried(each))
    const none = Math.floor(Math.min(...plan.rates) / 2)
    return Math.max(5, last > 0 ? last : Math.max(none, ...fine.map(({ rate }) => rate)))
  }

  async function visit(round: number, way: WayId): Promise<void> {
    let server: Server | null
    try {
      server = await world.followme(wayOf(way))
    } catch (error) {
      leftOut.set(way, error instanceof Error ? error.message : String(error))
      say(`left out: ${wayOf(way).title}: ${leftOut.get(way) ?? ''}`)
      return
    }
    const idle = await warmedUp(world, server, way, plan)
    const one = (profile: Cell['profile'], rate: number) =>
      measure(world, server, { round, way, profile, rate, calls: callsOf(plan, rate), holdMs }, idle)
    for (const profile of plan.profiles) {
      for (const rate of plan.rates.toSorted((a, b) => a - b)) {
        const cell = await calmest(again ? 3 : 1, () => one(profile, rate))
        cells.push(cell)
        say(`round ${String(round)}, ${told(cell)}`)
        // A higher rate would be too much, too, and each takes a minute to drain.
        if (!isCarried(cell)) break
      }
    }
    if (plan.capacity) {
      const range = { from: likely(way), least: 5, most: 400 }
      const rate = await highest(range, (each) => carried(each, (r) => one('busy', r)))
      capacities.push({ round, way, rate })
      say(`round ${String(round)}, ${wayOf(way).short}: carries ${String(rate)} calls a second`)
    }
    await server?.stop()
    if (server !== null && round === 1 && plan.held > 0) await hold(way)
  }

  /** In a process of its own, which has not grown by other calls. */
  async function hold(way: WayId): Promise<void> {
    const server = await world.followme(wayOf(way), inspected)
    if (server === null) return
    await warmedUp(world, server, way, plan)
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

async function warmedUp(world: World, server: Server | null, way: WayId, plan: Plan): Promise<Idle> {
  const calls = warmUpOf(plan, way)
  if (calls > 0) {
    const { seen } = await start(world.asterisk, { way, profile: 'busy', calls, rate: warmUpRate, holdMs })
    await seen
    world.requireAsterisk()
  }
  // What is not over by then shows in what is measured next.
  await world.recorded().catch(() => undefined)
  await world.empty().catch(() => undefined)
  return idleOf(world, server, plan.idleSeconds)
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
