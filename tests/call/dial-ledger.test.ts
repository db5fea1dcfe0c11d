// What counts against the limits of dial_policy, held against a plain count.
import fc from 'fast-check'
import { dayMs, DialLedger, dialledLeg, type DialledLeg, hourMs, usedUpText } from '../../src/call/dial-ledger'
import type { PolicyRow } from '../../src/rules/dial-policy'
import { anAttempt, noon } from '../store/fresh-database'

const mobile = '+447400123456'
const row = (limits: Omit<PolicyRow, 'prefix' | 'verdict' | 'note'>, prefix = '+44'): PolicyRow => ({
  ...{ prefix, verdict: 'allow', note: null },
  ...limits
})
const leg = (changes: Partial<DialledLeg> = {}): DialledLeg => ({
  ...{ leg: 'c.1.1', numbers: [mobile], startedAt: noon, isDialled: true, answeredAt: null, endedAt: null },
  ...changes
})
const ledgerOf = (...legs: readonly Partial<DialledLeg>[]): DialLedger => {
  const ledger = new DialLedger()
  legs.forEach((each, index) => ledger.add(leg({ leg: `c.1.${String(index)}`, ...each })))
  return ledger
}

test.each<[string, Partial<DialledLeg>, Omit<PolicyRow, 'prefix' | 'verdict' | 'note'>, number, number | undefined]>([
  ['a live leg counts against max_calls', {}, { maxCalls: 1 }, noon, 1],
  ['an ended leg does not count against max_calls', { endedAt: noon }, { maxCalls: 1 }, noon, undefined],
  ['a leg to another prefix does not count', { numbers: ['+33140000000'] }, { maxCalls: 1 }, noon, undefined],
  [
    'a leg counts if any number that it may dial matches',
    { numbers: ['+33140000000', mobile] },
    { maxCalls: 1 },
    noon,
    1
  ],
  [
    'an ended leg counts within its hour against max_per_hour',
    { endedAt: noon },
    { maxPerHour: 1 },
    noon + hourMs - 1,
    1
  ],
  ['an ended leg does not count after its hour', { endedAt: noon }, { maxPerHour: 1 }, noon + hourMs, undefined],
  ['a live leg does not count after its hour against max_per_hour', {}, { maxPerHour: 1 }, noon + hourMs, undefined],
  [
    'a leg that was never dialled does not count',
    { endedAt: noon, isDialled: false },
    { maxPerHour: 1 },
    noon,
    undefined
  ],
  ['a leg about to be dialled counts', { isDialled: false }, { maxPerHour: 1 }, noon, 1],
  ['talk time in progress counts', { answeredAt: noon }, { maxMinutesDay: 1 }, noon + 60_000, 1],
  ['a minute counts once it is complete', { answeredAt: noon }, { maxMinutesDay: 1 }, noon + 59_999, undefined],
  [
    'talk time of an ended call counts for a day',
    { answeredAt: noon, endedAt: noon + 60_000 },
    { maxMinutesDay: 1 },
    noon + dayMs,
    1
  ],
  [
    'only the part of a talk within the last day counts',
    { answeredAt: noon, endedAt: noon + 120_000 },
    { maxMinutesDay: 1 },
    noon + dayMs + 60_001,
    undefined
  ],
  ['ringing', { endedAt: noon + 120_000 }, { maxMinutesDay: 1 }, noon + 120_000, undefined]
])('%s', (_what, changes, limits, at, count) => {
  expect(ledgerOf(changes).usedUp([row(limits)], at)?.count).toBe(count)
})

test('a leg that is checked again does not count against itself', () => {
  expect(ledgerOf({}).usedUp([row({ maxCalls: 1 })], noon, 'c.1.0')).toBeUndefined()
  expect(ledgerOf({}, {}).usedUp([row({ maxCalls: 1 })], noon, 'c.1.0')?.count).toBe(1)
})

test('the limits of every matching row apply, and the message names row, limit, count and cure', () => {
  const ledger = ledgerOf({}, { numbers: ['+33140000000'] })
  const both = [row({ maxCalls: 2 }), row({ maxCalls: 2 }, '+')]
  const used = ledger.usedUp(both, noon)
  expect(used).toMatchObject({ row: { prefix: '+' }, limit: 'max_calls', count: 2 })
  expect(used && usedUpText(mobile, used)).toBe(
    `target "${mobile}" is over a limit of the row + of dial_policy: 2 of its calls are in progress, and max_calls is 2: wait, or raise max_calls in that row`
  )
})

test('a recorded attempt counts as dialled if nothing shows otherwise', () => {
  const dialled = (changes: Parameters<typeof anAttempt>[1]) => dialledLeg(anAttempt('c', changes), []).isDialled
  expect(dialled({ dialledAt: noon, endedAt: noon, outcome: 'busy' })).toBe(true)
  expect(dialled({ endedAt: noon, outcome: 'lost' })).toBe(true)
  expect(dialled({})).toBe(true)
  expect(dialled({ endedAt: noon, outcome: 'cancelled' })).toBe(false)
  const failsafe = anAttempt('c', { leg: '', step: 2, target: 3 })
  expect(dialledLeg(failsafe, []).leg).toBe('c/2/3')
  expect(dialledLeg(anAttempt('c', { leg: 'c.2.3', startedAt: noon }), [mobile])).toEqual(leg({ leg: 'c.2.3' }))
})

test('the message names the limit that is used up and its count', () => {
  const ledger = ledgerOf({ answeredAt: noon, endedAt: noon + 179_999 }, {})
  const texts = [{ maxCalls: 1 }, { maxPerHour: 2 }, { maxMinutesDay: 2 }].map((limits) => {
    const used = ledger.usedUp([row(limits)], noon + 180_000)
    return used && usedUpText('number:+1', used)
  })
  const over = 'target "number:+1" is over a limit of the row +44 of dial_policy:'
  expect(texts).toEqual([
    `${over} 1 of its calls is in progress, and max_calls is 1: wait, or raise max_calls in that row`,
    `${over} 2 were dialled in the last 60 minutes, and max_per_hour is 2: wait, or raise max_per_hour in that row`,
    `${over} its calls lasted 2 minutes in the last 24 hours, and max_minutes_day is 2: wait, or raise max_minutes_day in that row`
  ])
})

test('a leg is added once, updated while it is known, and forgotten some time after its end', () => {
  const ledger = ledgerOf({}, {})
  const inHour = (least: number) => ledger.usedUp([row({ maxPerHour: least })], noon) !== undefined
  expect(ledger.live().map(({ leg }) => leg)).toEqual(['c.1.0', 'c.1.1'])

  ledger.change('c.1.0', { endedAt: noon })
  ledger.add(leg({ leg: 'c.1.0' }))
  ledger.change('c.1.2', { endedAt: noon })
  expect(ledger.live()).toEqual([leg({ leg: 'c.1.1' })])
  expect([ledger.has('c.1.0'), ledger.has('c.1.2'), inHour(2)]).toEqual([true, false, true])

  ledger.forget(noon)
  expect([ledger.has('c.1.0'), inHour(2)]).toEqual([true, true])
  ledger.forget(noon + 1)
  expect([ledger.has('c.1.0'), ledger.has('c.1.1'), inHour(2), inHour(1)]).toEqual([false, true, false, true])
})

const instants = fc.integer({ min: 0, max: 3 * dayMs })
const legs = fc.array(
  fc.record({
    numbers: fc.subarray([mobile, '+33140000000', '+447911123456'], { minLength: 1 }),
    startedAt: instants,
    isDialled: fc.boolean(),
    answeredAfter: fc.option(fc.integer({ max: 3_600_000, min: 0 }), { nil: null }),
    endedAfter: fc.option(fc.integer({ max: 7_200_000, min: 0 }), { nil: null })
  }),
  { maxLength: 30 }
)
const limit = fc.option(fc.integer({ min: 1, max: 6 }), { nil: null })

test('for any legs, a limit is used up exactly if a plain count says so, and forgetting legs changes no count', () => {
  fc.assert(
    fc.property(
      legs,
      limit,
      limit,
      limit,
      fc.constantFrom('+', '+44', '+447400', '+33'),
      (all, calls, hour, day, prefix) => {
        const at = 3 * dayMs
        const ledger = ledgerOf(
          ...all.map(({ numbers, startedAt, isDialled, answeredAfter, endedAfter }) => ({
            ...{ numbers, startedAt, isDialled },
            answeredAt: answeredAfter === null ? null : Math.min(at, startedAt + answeredAfter),
            endedAt: endedAfter === null ? null : Math.min(at, startedAt + Math.max(answeredAfter ?? 0, endedAfter))
          }))
        )
        const rows = [row({ maxCalls: calls, maxPerHour: hour, maxMinutesDay: day }, prefix)]
        const fits = all.filter(({ numbers }) => numbers.some((each) => each.startsWith(prefix)))
        const live = fits.filter(({ endedAfter }) => endedAfter === null).length
        const lately = fits.filter(
          (each) => each.startedAt > at - hourMs && (each.isDialled || each.endedAfter === null)
        )
        let talkMs = 0
        for (const { startedAt, answeredAfter, endedAfter } of fits) {
          if (answeredAfter === null) continue
          const from = Math.min(at, startedAt + answeredAfter)
          const to = endedAfter === null ? at : Math.min(at, startedAt + Math.max(answeredAfter, endedAfter))
          talkMs += Math.max(0, to - Math.max(from, at - dayMs))
        }
        const isUsedUp =
          (calls !== null && live >= calls) ||
          (hour !== null && lately.length >= hour) ||
          (day !== null && talkMs >= day * 60_000)
        expect(ledger.usedUp(rows, at) !== undefined).toBe(isUsedUp)
        ledger.forget(at - dayMs)
        expect(ledger.usedUp(rows, at) !== undefined).toBe(isUsedUp)
      }
    )
  )
})
