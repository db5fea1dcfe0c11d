// What followme keeps in memory for calls that are up.
import { readFileSync } from 'node:fs'
import type { Server } from '../demo/program'
import { until } from '../sandbox/child'
import { debuggerIn, Inspector } from '../sandbox/inspector'
import { residentMb } from './processor'
import { start } from './sipp-pair'
import type { WayId } from './ways'
import type { World } from './world'

export interface Memory {
  readonly way: WayId
  readonly held: number
  /** Megabytes resident. */
  readonly idleMb: number
  readonly heldMb: number
  /** Of the heap in use, garbage collected before either look. */
  readonly perCallKb: number
  readonly faults: readonly string[]
}

const ratePerSecond = 40

/** Has so many calls answered and up at once, and then ended. The process must have been started with `inspected`. */
export async function memoryOf(world: World, server: Server, way: WayId, held: number): Promise<Memory> {
  const inspector = await Inspector.open(debuggerOf(server))
  try {
    const idleHeap = await inspector.heapBytes()
    const idleMb = residentMb(server.pid)
    const placingMs = (1000 * held) / ratePerSecond
    const patienceMs = Math.min(8000, 2000 + 10 * held)
    const burst = { way, profile: 'answers', calls: held, rate: ratePerSecond, holdMs: placingMs + patienceMs } as const
    const up = world.database.sqlite
      .prepare<[], number>('SELECT count(*) FROM calls WHERE answered_at IS NOT NULL AND ended_at IS NULL')
      .pluck()
    const { seen } = await start(world.asterisk, burst)
    const faults: string[] = []
    const told = (error: unknown) => faults.push(error instanceof Error ? error.message : String(error))
    await until(`${String(held)} calls to be up`, () => up.get() === held, placingMs + patienceMs - 1000).catch(told)
    const heldMb = residentMb(server.pid)
    const heldHeap = await inspector.heapBytes()
    const { failed, errors } = await seen
    world.requireAsterisk()
    await world.recorded().catch(told)
    await world.empty().catch(told)
    if (failed > 0) faults.push(`${String(failed)} of ${String(held)} calls failed: ${errors.slice(0, 200)}`)
    return { way, held, idleMb, heldMb, perCallKb: (heldHeap - idleHeap) / 1000 / held, faults }
  } finally {
    inspector.close()
  }
}

/** What makes Node.js say where its debugger listens. */
export const inspected = { NODE_OPTIONS: '--inspect=127.0.0.1:0' }

function debuggerOf({ logFile }: Server): string {
  const url = debuggerIn(readFileSync(logFile, 'utf8'))
  if (url === null) throw new Error(`followme does not say where its debugger listens: see ${logFile}`)
  return url
}
