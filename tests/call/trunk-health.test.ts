// A trunk that keeps failing is passed over for a minute, and then tried by one call at a time.
import { TrunkHealth } from '../../src/call/trunk-health'

const failing = (...at: readonly number[]): TrunkHealth => {
  const health = new TrunkHealth()
  for (const each of at) health.failed(each * 1000)
  return health
}

test.each([
  ['two failures', [0, 1], null],
  ['two failures long ago', [0, 1, 32, 33], null],
  ['three', [0, 1, 2], 62],
  ['three, each half a minute after the one before', [0, 30, 60], 120],
  ['three, of which one came later', [0, 1, 32], null],
  ['more failures while it rests', [0, 1, 2, 3], 63]
])('after %s', (_, at, until) => {
  expect(failing(...at).restingUntil).toBe(until === null ? null : until * 1000)
})

test('it says once that it rests, and once that it works again', () => {
  const health = failing(0, 1)
  expect([health.failed(2000), health.failed(3000), health.worked(), health.worked()]).toEqual([
    true,
    false,
    true,
    false
  ])
  expect(health.restingUntil).toBeNull()
})

test('a call that gets through makes the failures before it count no longer', () => {
  const health = failing(0, 1)
  health.worked()
  expect([health.failed(2000), health.failed(3000), health.failed(4000)]).toEqual([false, false, true])
})

test('while it rests, nobody uses it; then the first who asks tries it, and nobody else until that is known', () => {
  const health = failing(0, 1, 2)
  expect(health.allows('one', 61_999)).toBe(false)
  expect([health.allows('one', 62_000), health.allows('two', 62_001)]).toEqual([true, false])
  health.worked()
  expect(health.allows('two', 62_002)).toBe(true)
})

test('a try that fails lets it rest again; one that is given up lets another call try it', () => {
  const health = failing(0, 1, 2)
  health.allows('one', 62_000)
  expect(health.failed(63_000)).toBe(false)
  expect([health.allows('two', 100_000), health.allows('two', 123_000)]).toEqual([false, true])
  health.ended('another')
  expect(health.allows('three', 123_001)).toBe(false)
  health.ended('two')
  expect(health.allows('three', 123_002)).toBe(true)
})
