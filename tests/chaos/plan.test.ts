// The plan of a run: the same seed is the same run, and every kind of fault is in it.
import { faultKinds } from './fault-kinds'
import { planOf } from './plan'

test('the same seed gives the same calls and the same faults at the same instants, another seed others', () => {
  expect(planOf(7, 200, 20)).toEqual(planOf(7, 200, 20))
  expect(planOf(8, 200, 20)).not.toEqual(planOf(7, 200, 20))
})

test('every kind of fault strikes, one after another, while calls flow', () => {
  const { calls, faults, lengthMs } = planOf(1, 1000, 61)
  expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(faultKinds))
  faults.slice(1).forEach(({ atMs }, index) => {
    const before = faults[index]
    expect(atMs).toBeGreaterThanOrEqual((before?.atMs ?? 0) + (before?.lastsMs ?? 0) + 2500)
  })
  expect(calls).toHaveLength(1000)
  expect(Math.max(...calls.map(({ atMs }) => atMs))).toBeLessThan(lengthMs + 1000)
  expect(new Set(calls.map(({ number }) => number)).size).toBe(1000)
})
