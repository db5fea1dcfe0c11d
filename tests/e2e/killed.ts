// followme as a process of its own, which the cases of a file kill with a call in hand.
import { until } from '../sandbox/child'
import { ready } from './served'
import type { Served } from './served'
import { useWorld } from './world'
import type { World, WorldOptions } from './world'

export interface Killed {
  readonly world: World
  /** The process that runs now. */
  readonly served: () => Served
  readonly killed: () => Promise<void>
  /** Records are written in batches: what was there a moment before the end is what the next process finds. */
  readonly rings: () => Promise<void>
  /** The next process is there. */
  readonly back: () => Promise<void>
  /** Nobody is there for so long, then the next process is. */
  readonly killedFor: (ms: number) => Promise<void>
  /** Of the one call there was, once it is over. */
  readonly record: () => Promise<Awaited<ReturnType<World['records']>>[number]>
}

/** A process for each case, ended with it. */
export function useKilled(options: WorldOptions = {}): Killed {
  const world = useWorld({ withoutApp: true, globals: { FOLLOWME_FAILSAFE: 'PJSIP/dave' }, ...options })
  let served: Served
  beforeEach(async () => {
    world.sql('DELETE FROM calls')
    served = await ready(world)
  })
  afterEach(async () => {
    await world.settle()
    await killed()
  })

  async function killed(): Promise<void> {
    served.child.kill('SIGKILL')
    await served.exited
  }

  async function back(): Promise<void> {
    served = await ready(world)
  }

  return {
    world,
    served: () => served,
    killed,
    rings: () =>
      until('the ringing to be recorded', async () =>
        (await world.records()).some(({ attempts }) => attempts.every(({ ringingAt }) => ringingAt !== null))
      ),
    back,
    killedFor: async (ms) => {
      await killed()
      await new Promise((resolve) => setTimeout(resolve, ms))
      await back()
    },
    record: async () => {
      await until('the record to be closed', async () => (await world.records()).at(-1)?.call.endedAt != null)
      const records = await world.settle()
      expect(records).toHaveLength(1)
      const [last] = records
      if (last === undefined) throw new Error('no call was recorded')
      return last
    }
  }
}
