// The soak itself, in small: that it can be run, sees what it is to see, and takes a leak for one.
import { join } from 'node:path'
import { run } from '../sandbox/child'
import { judged, slope } from './figures'

/** Grows by so many megabytes a call, and swings by one up and down. */
const growing = (perCall: number) =>
  Array.from({ length: 50 }, (_, index) => ({ calls: 100 * index, value: 80 + perCall * 100 * index + (index % 2) }))

test('the slope is the growth of a figure per call', () => {
  const points = [0, 10, 20, 30].map((calls) => ({ calls, value: 7 + 0.5 * calls }))
  expect(slope(points)).toBeCloseTo(0.5)
  expect(slope([{ calls: 5, value: 1 }])).toBe(0)
})

test.each([
  ['stays where it is', 0, true],
  ['shrinks', -0.01, true],
  ['grows by 2 kB a call', 0.002, true],
  ['grows by 10 kB a call', 0.01, false]
])('memory that %s', (_, perCall, isFlat) => {
  expect(judged({ name: 'memory', unit: 'MB', most: 20, points: growing(perCall) }).isFlat).toBe(isFlat)
})

test('after sixty calls every check passes, nothing is held, and the failsafe was not needed', async () => {
  const args = ['--import', 'tsx', join(__dirname, 'soak.ts'), '--calls', '60', '--rate', '8']
  const printed = await run({ command: process.execPath, args })
  expect(printed).toContain('✓ the failsafe was not needed once')
  expect(printed.trim().split('\n').at(-1)).toBe('7 passed, 0 failed')
})
