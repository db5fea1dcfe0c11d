// The queue of records over a store that takes its time, is busy, is away, or refuses a record: the last save of each call is
// what the store has in the end, and nothing is left over.
import fc from 'fast-check'
import { RecordQueue } from '../../src/engine/record-queue'
import { type RecordedCall, StoreError } from '../../src/ports'
import { aCall, anAttempt, aReplacement } from '../store/fresh-database'
import { FakeClock } from './fakes'
import { fakeLog } from '../fake-log'

const bad = 'c3'

/** What the store does with the next write. */
const moods = fc.constantFrom('well', 'slow', 'busy', 'away')
const step = fc.oneof(
  fc.record({ id: fc.constantFrom('c1', 'c2', bad, 'c4', 'c5', 'c6'), attempts: fc.nat(3), replacements: fc.nat(2) }),
  fc.record({ passMs: fc.constantFrom(1, 10, 60, 5000) }),
  fc.record({ mood: moods })
)

class Store {
  mood = 'well'
  readonly kept = new Map<string, RecordedCall>()
  /** Writes that wait to be let go on. */
  readonly slow: (() => void)[] = []
  private inside = 0

  async write(calls: readonly RecordedCall[]): Promise<void> {
    this.inside += 1
    expect(this.inside).toBe(1)
    try {
      if (this.mood === 'slow') await new Promise<void>((resolve) => this.slow.push(resolve))
      if (this.mood === 'busy') throw new StoreError('busy', 'locked')
      if (this.mood === 'away') throw new StoreError('unavailable', 'away')
      if (calls.some(({ call }) => call.id === bad)) throw new Error('refused')
      for (const each of calls) this.kept.set(each.call.id, each)
    } finally {
      this.inside -= 1
    }
  }
}

test('whatever the store does in between, it finally has the last version of each call it accepts', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 4 }), async (steps, batchSize) => {
      const [clock, store] = [new FakeClock(), new Store()]
      const queue = new RecordQueue({ store, clock, log: fakeLog(), batchSize })
      const saved = new Map<string, RecordedCall>()
      let refused = 0
      for (const each of steps) {
        if ('id' in each) {
          const call = aCall(each.id, { ringMs: saved.size })
          const attempts = Array.from({ length: each.attempts }, (_, at) => anAttempt(each.id, { step: at + 1 }))
          const replacements = Array.from({ length: each.replacements }, () => aReplacement())
          queue.save(call, attempts, replacements)
          if (each.id === bad) refused += 1
          else saved.set(each.id, { call, attempts, replacements })
        } else if ('mood' in each) store.mood = each.mood
        else {
          store.slow.splice(0).forEach((proceed) => proceed())
          await clock.passSlowly(each.passMs)
        }
      }
      store.mood = 'well'
      const flushed = queue.flush()
      store.slow.splice(0).forEach((proceed) => proceed())
      await clock.passSlowly(20_000)
      await flushed
      expect(store.kept).toEqual(saved)
      expect(queue.state).toMatchObject({ waiting: 0, fault: null })
      expect(queue.state.lost).toBeLessThanOrEqual(refused)
      expect(Reflect.get(queue, 'queued')).toBe(0)
      expect(clock.pending).toBe(0)
    }),
    { numRuns: Number(process.env['FOLLOWME_RUNS'] ?? 400), seed: 20261128 }
  )
})

test('a call saved again while its record is being written is written again', async () => {
  const [clock, store] = [new FakeClock(), new Store()]
  const queue = new RecordQueue({ store, clock, log: fakeLog() })
  store.mood = 'slow'
  queue.save(aCall('c1'), [])
  await clock.passSlowly(10)
  queue.save(aCall('c1', { outcome: 'abandoned' }), [])
  store.mood = 'well'
  store.slow.splice(0).forEach((proceed) => proceed())
  await clock.passSlowly(0)
  expect(store.kept.get('c1')?.call.outcome).toBeNull()
  await clock.passSlowly(60)
  expect(store.kept.get('c1')?.call.outcome).toBe('abandoned')
})

test('an idle process uses one timer for the first record of a call', () => {
  const clock = new FakeClock()
  const queue = new RecordQueue({ store: new Store(), clock, log: fakeLog() })
  for (let attempts = 0; attempts < 5; attempts++) queue.save(aCall('c1'), [])
  expect(clock.pending).toBe(1)
})
