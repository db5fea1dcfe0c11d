// Whether a target may have one more call, for places that it has and conversations that have ended.
import fc from 'fast-check'
import { TargetPlaces } from '../../src/call/target-places'

const alice = 'PJSIP/alice'
const now = Date.parse('2026-11-29T14:00:00Z')

function given(live: readonly string[], ended: Readonly<Record<string, number>> = {}): TargetPlaces {
  const places = new TargetPlaces()
  for (const call of live) places.take(`${call}.1.1`, alice, call)
  for (const [call, secondsAgo] of Object.entries(ended)) places.talked(`${call}.1.1`, alice, now - secondsAgo * 1000)
  return places
}

test.each<
  [live: readonly string[], ended: Readonly<Record<string, number>>, maxCalls: number, wrapUp: number, why: string]
>([
  [[], {}, 1, 60, ''],
  [['a'], {}, 1, 0, 'PJSIP/alice is in call a, and target_limits allows 1'],
  [['a'], {}, 2, 0, ''],
  [['a', 'b'], {}, 2, 0, 'PJSIP/alice is in calls a and b, and target_limits allows 2'],
  [['a', 'b', 'c'], {}, 3, 0, 'PJSIP/alice is in calls a, b and c, and target_limits allows 3'],
  [['a', 'b', 'c', 'd', 'e'], {}, 1, 0, 'PJSIP/alice is in calls a, b, c and 2 more, and target_limits allows 1'],
  [[], { a: 10 }, 1, 0, ''],
  [[], { a: 10 }, 1, 60, 'PJSIP/alice wraps up until 2026-11-29T14:00:50.000Z'],
  [[], { a: 60 }, 1, 60, ''],
  [[], { a: 59, b: 10 }, 1, 60, 'PJSIP/alice wraps up until 2026-11-29T14:00:01.000Z'],
  [[], { a: 10 }, 2, 60, ''],
  [
    ['b'],
    { a: 10 },
    2,
    60,
    'PJSIP/alice is in call b and wraps up until 2026-11-29T14:00:50.000Z, and target_limits allows 2'
  ],
  [[], { a: 10, b: 20 }, 2, 60, 'PJSIP/alice wraps up until 2026-11-29T14:00:40.000Z, and target_limits allows 2']
])('in %j, ended so many seconds ago %j, at most %i with %i s: %s', (live, ended, maxCalls, wrapUpSeconds, why) => {
  const limit = { dial: alice, maxCalls, wrapUpSeconds }
  expect(given(live, ended).refusalOf('new.1.1', limit, now) ?? '').toBe(why)
})

test('what the target has already does not count against itself', () => {
  const limit = { dial: alice, maxCalls: 1, wrapUpSeconds: 0 }
  expect(given(['a']).refusalOf('a.1.1', limit, now)).toBeUndefined()
})

test('somebody who takes a place is in the call, and who had it no longer is', () => {
  const places = given(['a'])
  places.take('a.1.1', 'PJSIP/bob', 'a')
  const limit = { maxCalls: 1, wrapUpSeconds: 0 }
  expect(places.refusalOf('b.1.1', { dial: alice, ...limit }, now)).toBeUndefined()
  expect(places.refusalOf('b.1.1', { dial: 'PJSIP/bob', ...limit }, now)).toContain('is in call a')
})

test('conversations are forgotten that no wrap-up can reach', () => {
  const places = given([], { a: 3600, b: 1 })
  places.forget(now - 3_600_000 + 1)
  const limit = { dial: alice, maxCalls: 1, wrapUpSeconds: 3600 }
  expect(places.refusalOf('c.1.1', limit, now)).toContain('wraps up until 2026-11-29T14:59:59.000Z')
})

test('whatever takes and leaves places, as many count as are held', () => {
  const act = fc.record({ take: fc.boolean(), place: fc.integer({ min: 0, max: 5 }), dial: fc.constantFrom('A', 'B') })
  fc.assert(
    fc.property(fc.array(act), fc.integer({ min: 1, max: 4 }), (acts, maxCalls) => {
      const places = new TargetPlaces()
      const held = new Map<string, string>()
      for (const { take, place, dial } of acts) {
        const id = `c${place}.1.1`
        if (take) {
          places.take(id, dial, `c${place}`)
          held.set(id, dial)
        } else {
          expect(places.leave(id)).toBe(held.get(id))
          held.delete(id)
        }
      }
      for (const dial of ['A', 'B']) {
        const count = [...held.values()].filter((each) => each === dial).length
        const refusal = places.refusalOf('new.1.1', { dial, maxCalls, wrapUpSeconds: 0 }, now)
        expect(refusal === undefined).toBe(count < maxCalls)
      }
    })
  )
})
