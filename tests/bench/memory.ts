// What followme keeps in memory for calls that are up.
import type { Server } from '../demo/program'
import { until } from '../sandbox/child'
import { residentMb } from './processor'
import { start } from './sipp-pair'
import type { WayId } from './ways'
import type { World } from './world'

/** Megabytes resident. */
export interface Memory {
  readonly way: WayId
  readonly held: number
  readonly idleMb: number
  readonly heldMb: number
  readonly perCallKb: number
  readonly faults: readonly string[]
}

const ratePerSecond = 40

/** Has so many calls answered and up at once, and then ended. */
export async function memoryOf(world: World, server: Server, way: WayId, held: number): Promise<Memory> {
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
  await until(`${String(held)} calls to be up`, placingMs + patienceMs - 500, () => up.get() === held).catch(told)
  const heldMb = residentMb(server.pid)
  const { failed, errors } = await seen
  await world.recorded().catch(told)
  await world.empty().catch(told)
  if (failed > 0) faults.push(`${String(failed)} of ${String(held)} calls failed: ${errors.slice(0, 200)}`)
  return { way, held, idleMb, heldMb, perCallKb: (1000 * (heldMb - idleMb)) / held, faults }
}
