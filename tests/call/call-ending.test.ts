// Who leaves, when, and what their record and the phones are told.
import { timeline } from '../../src/cli/support/call-timeline'
import { attemptRecords, callRecord } from '../../src/call/cdr'
import { play } from './play'

const answered = () =>
  play([['A', 'B']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(6, { type: 'legSeen', leg: 'c.1.2' })
    .at(900, { type: 'legAnswered', leg: 'c.1.1' })

test.each([
  ['hangs up', { type: 'callerGone', cause: 16 }],
  ['leaves Stasis and is reported gone later', { type: 'callerLeft' }]
] as const)(
  'a caller who is answered and then %s before being bridged counts as answered by that target',
  (_how, leaves) => {
    const { call } = answered().at(905, { type: 'callerUp' }).at(911, leaves).at(912, { type: 'callerGone', cause: 16 })
    const record = callRecord(call)
    expect(record).toMatchObject({
      ...{ outcome: 'answered', endedBy: 'caller', cause: 16, answeredBy: 'A', ringMs: 905, talkMs: null },
      answeredAt: record.startedAt + 905
    })
    expect(attemptRecords(call).map(({ outcome }) => outcome)).toEqual(['answered', 'answered-elsewhere'])
    expect(timeline({ call: record, attempts: attemptRecords(call), replacements: [] }).at(-1)?.text).toBe(
      'answered by A, but the caller hung up before they were connected (cause 16)'
    )
  }
)

test('a caller who leaves before the answer is confirmed counts as not answered', () => {
  const { call } = answered().at(911, { type: 'callerGone', cause: 16 })
  expect(callRecord(call)).toMatchObject({ outcome: 'abandoned', answeredAt: null, answeredBy: null })
})

test('confirmation of the answer after the bridging does not change the answer time', () => {
  const { call } = answered()
    .at(905, { type: 'callerUp' })
    .at(906, { type: 'done', command: { type: 'answerCaller' } })
    .at(910, { type: 'done', command: { type: 'bridge', leg: 'c.1.1' } })
    .at(920, { type: 'callerUp' })
    .at(2910, { type: 'callerGone', cause: 16 })
  expect(callRecord(call)).toMatchObject({ outcome: 'answered', talkMs: 2000, ringMs: 910 })
})

test.each([
  [26, 26],
  [16, 16],
  [0, 16],
  [127, 16],
  [41, 16]
])('if the caller hangs up with cause %i, ringing legs are hung up with cause %i', (cause, given) => {
  const ringing = play([['A', 'B']]).at(5, { type: 'legSeen', leg: 'c.1.1' })
  const { asked, call } = ringing.at(900, { type: 'callerGone', cause })
  expect(asked).toEqual([
    { type: 'hangUpLeg', leg: 'c.1.1', cause: given },
    { type: 'hangUpLeg', leg: 'c.1.2', cause: given }
  ])
  expect(attemptRecords(call).map((attempt) => attempt.cause)).toEqual([given, given])
})

test('parties found apart are bridged again; if that fails, the call is ended at the third snapshot', () => {
  const apart = { type: 'parted', leg: 'c.1.1' } as const
  const bridge = { type: 'bridge', leg: 'c.1.1' } as const
  const talking = answered()
    .at(905, { type: 'done', command: { type: 'answerCaller' } })
    .at(910, { type: 'done', command: bridge })
  expect(talking.at(60_000, apart).asked).toEqual([bridge])
  expect(talking.at(61_000, { type: 'done', command: bridge }).at(120_000, apart).asked).toEqual([bridge])
  expect(talking.at(120_001, { type: 'failed', command: bridge, failure: 'failed' }).asked).toEqual([])
  expect(talking.at(121_000, apart).asked).toEqual([bridge])
  expect(talking.at(122_000, apart).asked).toContainEqual({ type: 'hangUpCaller', cause: 41 })
  expect(callRecord(talking.at(122_500, { type: 'callerGone', cause: 41 }).call)).toMatchObject({
    ...{ outcome: 'answered', endedBy: 'followme', cause: 41 }
  })
})
