import { attemptOutcome, Cause, causeText, clearingCause, isAnswerRefused } from '../../src/call/cause'
import { said } from './final-responses'

describe.each(Object.entries(said))('%s', (outcome, codes) => {
  test.each([...codes])('by SIP %i, whatever cause Asterisk reports', (code) => {
    const causes = Array.from({ length: 128 }, (_, cause) => cause).filter((cause) => cause !== Cause.networkBlocked)
    expect([...new Set(causes.map((cause) => attemptOutcome(cause, code)))]).toEqual([outcome])
  })
})

test('of all final responses and causes, only 603 and 607 mean that the person declined', () => {
  const codes = Array.from({ length: 400 }, (_, index) => 300 + index)
  expect(codes.filter((code) => attemptOutcome(21, code) === 'declined')).toEqual([603, 607])
  const causes = Array.from({ length: 128 }, (_, cause) => cause)
  expect(causes.filter((cause) => attemptOutcome(cause, undefined) === 'declined')).toEqual([])
})

test('a 603 sent by network analytics is not a decline, and its cause changes no other response', () => {
  expect(attemptOutcome(Cause.networkBlocked, 603)).toBe('failed')
  const others = Object.entries(said).flatMap(([outcome, codes]) => codes.map((code) => [code, outcome] as const))
  for (const [code, outcome] of others) if (code !== 603) expect(attemptOutcome(24, code)).toBe(outcome)
})

test('an unassigned SIP response is treated like the first one of its class', () => {
  expect([399, 499, 599, 699].map((code) => attemptOutcome(127, code))).toEqual([
    'failed',
    'failed',
    'congestion',
    'busy'
  ])
})

test.each([
  ['wrong-number', [1, 2, 3, 5, 22, 28, 91]],
  // Only we cancel, and record it ourselves.
  ['cancelled', []],
  ['busy', [17]],
  ['unreachable', [18, 27, 102]],
  ['unavailable', [19, 20]],
  ['answered-elsewhere', [26]],
  ['congestion', [32, 33, 34, 35, 36, 37, 38, 39, 41, 42, 44, 45, 46, 47]]
])('%s by these causes only, if Asterisk reports no SIP response; all others are failed', (outcome, expected) => {
  const causes = Array.from({ length: 127 }, (_, index) => index + 1)
  expect(causes.filter((cause) => attemptOutcome(cause, undefined) === outcome)).toEqual(expected)
})

test('every Q.850 cause has a description', () => {
  expect([1, 21, 52, 127].map(causeText)).toEqual([
    'unallocated number',
    'call rejected',
    'outgoing calls barred',
    'interworking'
  ])
  expect([0, 128].map(causeText)).toEqual(['unknown cause', 'cause 128'])
})

test.each([
  [127, undefined, true],
  [127, 200, true],
  [16, 300, true],
  [16, 406, true],
  [16, 200, false],
  [16, undefined, false]
])(
  'a leg that answered and ended with cause %i and response %s: Asterisk refused the answer: %s',
  (cause, sipCode, refused) => {
    expect(isAnswerRefused(cause, sipCode)).toBe(refused)
  }
)

test('a caller who cancels has cause 16 (normal clearing)', () => {
  expect([0, 127, 16, 17].map(clearingCause)).toEqual([16, 16, 16, 17])
})

test('provisional and success responses are ignored: the Q.850 cause decides', () => {
  expect([100, 180, 200, 202, 299].map((code) => attemptOutcome(17, code))).toEqual(Array(5).fill('busy'))
})
