// What attempts say about trunks, and figures of several together.
import { TrunkHealth } from '../../src/call/trunk-health'
import { figuresOf, restingTrunks, type Usage } from '../../src/call/target-use'
import { anAttempt } from '../store/fresh-database'

const now = Date.parse('2026-11-29T14:00:00Z')
const usage = (changes: Partial<Usage>): Usage => ({
  ...{ dial: 'PJSIP/alice', trunk: null, lastAt: 1, tried: 0, answered: 0, busy: 0, noAnswer: 0, failed: 0 },
  ...{ answerMs: [], ...changes }
})

test.each<[readonly (readonly number[])[], number | null]>([
  [[], null],
  [[[]], null],
  [[[3000]], 3000],
  [[[3000, 1000]], 2000],
  [[[9000, 1000], [2000]], 2000],
  [
    [
      [9000, 1000],
      [2000, 10_000]
    ],
    5500
  ]
])('of answers after %j ms, the median is %j', (lists, median) => {
  expect(figuresOf(lists.map((answerMs) => usage({ answerMs }))).medianAnswerMs).toBe(median)
})

test('the figures of several trunks are added, and the last use is the latest', () => {
  const some = [
    usage({ lastAt: 5, tried: 2, busy: 1, failed: 1 }),
    usage({ lastAt: 9, tried: 3, answered: 2, noAnswer: 1 })
  ]
  expect(figuresOf(some)).toEqual({
    ...{ lastAt: 9, tried: 5, answered: 2, busy: 1, noAnswer: 1, failed: 1 },
    medianAnswerMs: null
  })
  expect(figuresOf([]).lastAt).toBeNull()
})

const through = (ago: number, changes: Parameters<typeof anAttempt>[1] = {}) =>
  anAttempt(`c${ago}`, {
    ...{ trunk: 'a', outcome: 'congestion', sipCode: 503, ringingAt: null, answeredAt: null },
    ...{ dialledAt: now - ago * 1000 - 1, endedAt: now - ago * 1000, ...changes }
  })
const three = [through(30), through(20), through(10)]

test.each<[string, Parameters<typeof restingTrunks>[0], number | undefined]>([
  ['three failures in a row', three, now + 50_000],
  ['two failures', three.slice(1), undefined],
  [
    'failures with one between them that rang',
    [through(30), through(20), through(15, { ringingAt: now - 15_500 }), through(10)],
    undefined
  ],
  [
    'failures with one between them of somebody who is busy',
    [through(30), through(20), through(15, { outcome: 'busy', sipCode: 486 }), through(10)],
    undefined
  ],
  [
    'failures of a trunk that Asterisk cannot reach',
    [30, 20, 10].map((ago) => through(ago, { outcome: 'unavailable', dialledAt: null, sipCode: null })),
    now + 50_000
  ],
  [
    'attempts that were not made for its limit',
    [30, 20, 10].map((ago) => through(ago, { outcome: 'limited' })),
    undefined
  ],
  ['failures that are over', [90, 80, 70].map((ago) => through(ago)), undefined]
])('after %s, the trunk rests as it does live', (_what, attempts, until) => {
  expect(restingTrunks(attempts, now).get('a')).toBe(until)
})

test('the rest is that of the trunk while calls are in progress', () => {
  const health = new TrunkHealth()
  for (const { endedAt } of three) health.failed(endedAt ?? NaN)
  expect(restingTrunks(three, now).get('a')).toBe(health.restingUntil)
})
