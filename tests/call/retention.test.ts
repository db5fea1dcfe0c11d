// Which records are old enough to go, held against an account that goes from call to call.
import fc from 'fast-check'
import { type RecordedInstants, cutoffOf, longestQuiet } from '../../src/call/retention'

const dayMs = 86_400_000
const now = Date.UTC(2026, 10, 28)

/** A site whose calls arrived so many days ago. */
function records(daysAgo: readonly number[]): RecordedInstants {
  const instants = daysAgo.map((days) => now - days * dayMs).sort((a, b) => a - b)
  return {
    latestUntil: (at) => instants.findLast((each) => each <= at) ?? null,
    earliestSince: (at) => instants.find((each) => each >= at) ?? null
  }
}

const cutDaysAgo = (days: number, daysAgo: readonly number[]) => {
  const { before } = cutoffOf(now, days, records(daysAgo))
  return before === null ? null : (now - before) / dayMs
}

const daily = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

test('with calls every day, records are removed after the retention period', () => {
  expect(cutDaysAgo(365, daily(0, 800))).toBe(365)
  expect(cutDaysAgo(7, daily(0, 800))).toBe(7)
  expect(cutDaysAgo(3650, daily(0, 800))).toBeNull()
})

test('ages are counted from the last call: without new calls, no record ages', () => {
  expect(cutDaysAgo(30, daily(10, 100))).toBe(40)
  expect(cutDaysAgo(30, daily(400, 500))).toBe(430)
})

test('a gap of up to a month counts towards the age; a longer gap does not, and is reported as doubtful', () => {
  expect(cutDaysAgo(60, [0, 30, 60, 90])).toBe(60)
  expect(cutDaysAgo(60, [0, 31, 61, 91])).toBe(91)
  expect(cutoffOf(now, 60, records([0, 31, 61, 91])).doubted).toEqual({ from: now - 31 * dayMs, to: now })
})

test('the latest doubtful gap is reported, including the time since the last call', () => {
  const doubted = (daysAgo: readonly number[]) => cutoffOf(now, 60, records(daysAgo)).doubted
  expect(doubted([31, 40])).toEqual({ from: now - 31 * dayMs, to: now })
  expect(doubted([30, 40])).toBeNull()
  expect(doubted([31, 70])).toEqual({ from: now - 31 * dayMs, to: now })
  expect(doubted([1, 40, 80])).toEqual({ from: now - 40 * dayMs, to: now - dayMs })
})

test('with a short retention, shorter gaps are doubtful', () => {
  expect([1, 7, 14, 30, 365].map(longestQuiet)).toEqual([7, 7, 14, 30, 30])
  expect(cutDaysAgo(7, [0, ...daily(20, 40)])).toBe(27)
})

test('calls recorded while the clock was ahead are ignored once it is right', () => {
  expect(cutDaysAgo(365, [-3650, -3649, ...daily(0, 400)])).toBe(365)
})

test('without calls no record is removed', () => {
  expect(cutoffOf(now, 30, records([]))).toEqual({ before: null, doubted: null })
})

test('the cutoff agrees with summing the gaps call by call, and clock jumps remove nothing', () => {
  const calls = fc.uniqueArray(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(
      calls,
      fc.constantFrom(1, 7, 20, 30, 90, 365),
      fc.integer({ min: 31, max: 20_000 }),
      (days, keep, jump) => {
        const inOrder = [...days].sort((a, b) => a - b)
        let age = 0
        const ages = inOrder.map((each, index) => {
          const quiet = each - (inOrder[index - 1] ?? each)
          if (quiet <= longestQuiet(keep)) age += quiet
          return [each, age] as const
        })
        const { before } = cutoffOf(now, keep, records(inOrder))
        const gone = (each: number) => before !== null && now - each * dayMs < before
        // At the very age either will do.
        for (const [each, old] of ages) if (old !== keep) expect([each, gone(each)]).toEqual([each, old > keep])
        // Years ahead, with and without a call there.
        const later = now + jump * dayMs
        expect(cutoffOf(later, keep, records(inOrder)).before).toBe(before)
        const withOne = cutoffOf(later, keep, records([-jump, ...inOrder])).before
        expect(withOne === null || before === null || withOne <= before || inOrder[0] !== 0).toBe(true)
      }
    ),
    { numRuns: 500 }
  )
})
