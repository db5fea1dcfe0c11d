// What the cases share in which the database fails: the real `followme serve`, a conversation that is up, calls that come
// meanwhile, and a look at the records when all is well again.
import type { ChildProcess } from 'node:child_process'
import { openDatabase } from '../../src/store/database/database'
import { type Program, until } from '../sandbox/child'
import type { SippHandle } from '../sandbox/sipp'
import { ready, type Served } from './served'
import { number, useWorld, type World } from './world'

/** Its calls go to alice, who talks until told to hang up; those to {@link number} to bob, since carol is busy. */
const chat = '+14155550101'

export interface FailingDatabase {
  readonly world: World
  /** Ended after the case, whatever became of it. */
  readonly processes: ChildProcess[]
  /** Run after the case, the last first. */
  readonly cleanups: (() => void)[]
  /** followme, as it was started last. */
  served: Served
  /** The conversation. */
  live: SippHandle
  /** Who is rung by the failsafe. */
  dave: SippHandle
  /** Starts followme, with a conversation up. */
  serving(env?: Readonly<Record<string, string>>, within?: Program): Promise<void>
  /** A caller who talks to alice. */
  talks(): Promise<SippHandle>
  /** A new call is decided by the rules and answered by bob, and the conversation goes on. */
  newCall(): Promise<void>
  readyz(): Promise<Readiness>
  /** Resolves when so many calls wait to be written; the end of one comes a moment after SIPp has seen it. */
  waiting(calls: number): Promise<void>
  /**
   * The database is back: the fault was said once, and its end, the process lives, and each call is in the records to its end:
   * the conversation, and those that these have answered.
   */
  isComplete(answeredBy: readonly string[], file?: () => string): Promise<void>
}

export interface Readiness {
  readonly ready: boolean
  readonly reasons: readonly string[]
  readonly records: { readonly waiting: number; readonly lost: number; readonly fault: string | null }
}

/** For the cases of a file. */
export function useFailingDatabase(): FailingDatabase {
  const world = useWorld({ withoutApp: true, globals: { FOLLOWME_FAILSAFE: 'PJSIP/dave' } })
  const state: FailingDatabase = Object.assign({} as FailingDatabase, {
    world,
    processes: [],
    cleanups: [],
    serving: async (env, within) => {
      state.served = await ready(world, env, [], within)
      state.processes.push(state.served.child)
      state.live = await state.talks()
      await until('the conversation to be recorded', async () => {
        const { waiting } = (await state.readyz()).records
        return waiting === 0 && state.served.lines.some(({ message }) => message === 'connected')
      })
    },
    talks: async () => {
      const call = world.dial({ number: chat })
      await call.waitForCall('the answer', ({ finalCode }) => finalCode === 200)
      return call
    },
    newCall: async () => {
      const { calls } = await world.call({ number })
      expect(calls[0]).toMatchObject({ finalCode: 200, end: { method: 'BYE', direction: 'received' } })
      expect(state.dave.calls()).toEqual([])
      expect(state.live.calls()[0]?.end).toBeNull()
    },
    readyz: async () => {
      const line = state.served.lines.find(({ message }) => message === 'followme is running')
      const { health } = line as unknown as { readonly health: number }
      return (await (await fetch(`http://127.0.0.1:${String(health)}/readyz`)).json()) as Readiness
    },
    waiting: async (calls) => {
      await until(`${String(calls)} calls to wait`, async () => {
        return (await state.readyz()).records.waiting === calls
      })
      expect((await state.readyz()).records.lost).toBe(0)
    },
    isComplete: async (answeredBy, file = () => world.database) => {
      state.live.hangUp()
      await state.live.finished
      await until('the records to be complete', async () => {
        const { waiting, fault } = (await state.readyz()).records
        return waiting === 0 && fault === null && recordsIn(file()).every(({ ended }) => ended)
      })
      const said = () =>
        state.served.lines.map(({ message }) => message).filter((text) => text.startsWith('call records'))
      await until('the end of the fault to be said', () => said().length > 1)
      expect(said()).toEqual([
        expect.stringContaining('call records cannot be written, they are kept and tried again: '),
        'call records are written again'
      ])
      expect(recordsIn(file())).toEqual([
        { outcome: 'answered', by: 'PJSIP/alice', attempts: 'answered', ended: true },
        ...answeredBy.map((by) => ({ outcome: 'answered', by, attempts: 'busy,answered', ended: true }))
      ])
      expect((await state.readyz()).records).toEqual({ waiting: 0, lost: 0, fault: null })
      expect(state.served.child.exitCode).toBeNull()
    }
  } satisfies Omit<FailingDatabase, 'served' | 'live' | 'dave'>)

  beforeAll(() =>
    world.sql(`INSERT INTO virtual_numbers (number, time_zone) VALUES ('${chat}', 'UTC');
      INSERT INTO rules (number, name, position) VALUES ('${chat}', 'always', 10);
      INSERT INTO targets (number, rule, step, dial, ring_seconds) VALUES ('${chat}', 'always', 1, 'PJSIP/alice', 20)`)
  )
  beforeEach(async () => {
    world.sql('DELETE FROM calls')
    world.rule([['PJSIP/carol'], ['PJSIP/bob']])
    state.dave = await world.phone('dave', { kind: 'answer', hangupAfterMs: 200 })
    await world.phone('alice', { kind: 'answer' })
    await world.phone('carol', { kind: 'refuse', code: 486 })
    await world.phone('bob', { kind: 'answer', hangupAfterMs: 200 })
  })
  afterEach(async () => {
    for (const cleanup of state.cleanups.splice(0).reverse()) cleanup()
    state.live.hangUp()
    await state.live.finished
    await world.settle()
    for (const each of state.processes.splice(0)) each.kill('SIGKILL')
    await state.served.exited
  })
  return state
}

/** What is in a database of its calls, oldest first. */
export function recordsIn(file: string): { readonly ended: boolean }[] {
  const { sqlite, close } = openDatabase(file)
  try {
    return sqlite
      .prepare<[], { readonly ended: number }>(
        `SELECT outcome, answered_by AS by, ended_at IS NOT NULL AS ended,
           (SELECT group_concat(outcome ORDER BY step) FROM attempts WHERE call = id) AS attempts
         FROM calls ORDER BY started_at`
      )
      .all()
      .map((record) => ({ ...record, ended: record.ended === 1 }))
  } finally {
    close()
  }
}

/** A copy of the whole database, in one file. */
export async function copied(file: string, to: string): Promise<void> {
  const { sqlite, close } = openDatabase(file)
  try {
    await sqlite.backup(to)
  } finally {
    close()
  }
}
