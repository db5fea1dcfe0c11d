// The plan of a run: the same seed is the same run, and every kind of fault is in it.
import { faultKinds, mayStrikeDuring } from './fault-kinds'
import { planOf } from './plan'

test('the same seed gives the same calls and faults at the same times; another seed gives others', () => {
  expect(planOf(7, 200, 20)).toEqual(planOf(7, 200, 20))
  expect(planOf(8, 200, 20)).not.toEqual(planOf(7, 200, 20))
})

test('every kind of fault occurs during the calls, alone or overlapping with another', () => {
  const { calls, faults, lengthMs } = planOf(1, 1000, 61)
  expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(faultKinds))
  let endMs = 0
  faults.forEach(({ kind, atMs, lastsMs, during }, index) => {
    const before = faults[index - 1]
    if (during && before !== undefined) {
      expect(mayStrikeDuring(kind, before.kind)).toBe(true)
      expect(before.during).toBe(false)
      expect(atMs).toBeGreaterThan(before.atMs)
      expect(atMs).toBeLessThan(before.atMs + before.lastsMs)
    } else expect(atMs).toBeGreaterThanOrEqual(endMs)
    endMs = Math.max(endMs, atMs + lastsMs + 2500)
  })
  expect(calls).toHaveLength(1000)
  expect(Math.max(...calls.map(({ atMs }) => atMs))).toBeLessThan(lengthMs + 1000)
  expect(new Set(calls.map(({ number }) => number)).size).toBe(1000)
})

test.each([1, 2, 3, 4, 5])('with seed %i, one fault in five overlaps with another', (seed) => {
  const { faults } = planOf(seed, 1000, 61)
  expect(faults).toHaveLength(61)
  expect(faults.filter(({ during }) => during)).toHaveLength(12)
})

test('a single fault overlaps with nothing', () => {
  expect(planOf(1, 10, 1).faults).toMatchObject([{ during: false }])
})
