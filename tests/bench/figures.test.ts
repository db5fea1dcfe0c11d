// What many times say, and what the logs of SIPp say of a call.
import { median, percentilesOf, spreadOf } from './figures'
import { callsOf, faultOf, full, minutesOf, orderOf, quick } from './plan'
import { linesOf, timed } from './sipp-lines'

test('a percentile is the smallest time that so many percent of the calls do not exceed', () => {
  const hundred = Array.from({ length: 100 }, (_, at) => 100 - at)
  expect(percentilesOf(hundred)).toEqual({ p50: 50, p95: 95, p99: 99 })
  expect(percentilesOf([7])).toEqual({ p50: 7, p95: 7, p99: 7 })
  expect(percentilesOf([]).p50).toBeNaN()
})

test('the figure of several rounds is their median, with the minimum and maximum', () => {
  expect(spreadOf([5, 1, 3])).toEqual({ median: 3, min: 1, max: 5 })
  expect(median([4, 1, 3, 2])).toBe(2.5)
})

const log = (seconds: number, micros: number, what: string) =>
  `2026-11-22\t21:30:45.${String(micros).padStart(6, '0')}\t${String(seconds)}.${String(micros).padStart(6, '0')} ${what}`

const call = [
  log(1_795_383_045, 100_000, 'invite +15005550000'),
  log(1_795_383_045, 102_000, 'rung busy +15005550000'),
  log(1_795_383_045, 103_200, 'left busy +15005550000'),
  log(1_795_383_045, 104_000, 'rung answers +15005550000'),
  log(1_795_383_045, 106_500, 'left answers +15005550000'),
  log(1_795_383_045, 107_250, 'final +15005550000')
]

test("setup time runs from the INVITE to the answer, minus the phones' time; hop time from the 486 to the next INVITE", () => {
  const { setUpMs, phonesMs, hopMs, wrong } = timed(linesOf(call.join('\n')), ['busy', 'answers'], ['busy', 'answers'])
  expect(wrong).toEqual([])
  expect(hopMs).toEqual([0.8])
  expect(phonesMs[0]).toBeCloseTo(1.2 + 2.5)
  expect(setUpMs[0]).toBeCloseTo(7.25 - 3.7)
})

test("a phone that did not ring, or rang out of turn, is reported with the caller's number", () => {
  const rung = (lines: readonly string[], phones: readonly string[]) =>
    timed(linesOf(lines.join('\n')), phones, []).wrong
  expect(rung(call.slice(0, 3), ['busy', 'answers'])).toEqual(['+15005550000: rang busy instead of busy, answers'])
  expect(rung(call.slice(0, 1), ['busy'])).toEqual(['+15005550000: rang nobody instead of busy'])
  expect(rung(call, ['answers', 'busy'])).toHaveLength(1)
  const withoutFirst = (phones: readonly string[], isFirstOptional: boolean) =>
    timed(linesOf(call.join('\n')), phones, [], isFirstOptional).wrong
  expect(withoutFirst(['refuses', 'busy', 'answers'], true)).toEqual([])
  expect(withoutFirst(['refuses', 'busy', 'answers'], false)).toHaveLength(1)
  expect(withoutFirst(['busy', 'refuses', 'answers'], true)).toHaveLength(1)
})

test('the offered rate is computed from the INVITEs', () => {
  const invites = [0, 1, 2].map((at) => log(1_795_383_045, 20_000 * at, `invite +1500555000${String(at)}`))
  expect(timed(linesOf(invites.join('\n')), [], []).offeredRate).toBeCloseTo(50)
})

test('each way comes first in some round, and runs once per round', () => {
  const orders = full.ways.map((_, at) => orderOf(full, at + 1))
  expect(orders.map(([first]) => first)).toEqual(full.ways)
  expect(orders.every((order) => order.toSorted().join() === full.ways.toSorted().join())).toBe(true)
})

test('a quick run takes about two minutes, a full one about 50', () => {
  expect(minutesOf(quick)).toBeLessThan(3)
  expect(minutesOf(full)).toBeLessThan(50)
  expect(callsOf(full, 20)).toBe(100)
  expect(callsOf(full, 100)).toBe(400)
})

test('a plan without Dial() is rejected, because there is nothing to compare with', () => {
  expect(faultOf(full)).toBeNull()
  expect(faultOf({ ...quick, ways: ['http'] })).toContain("must include 'dial'")
  expect(faultOf({ ...quick, rates: [NaN] })).toContain('a rate is')
})
