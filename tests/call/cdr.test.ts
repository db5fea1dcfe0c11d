// What a call's record says, by how far the call has come.
import { attemptRecords, callRecord, unseenRecord } from '../../src/call/cdr'
import { incoming } from './given-caller'
import { begin, play } from './play'

const ringing = () =>
  play([['A']], 'hangup')
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(7, { type: 'legRinging', leg: 'c.1.1' })

const talking = () =>
  ringing()
    .at(900, { type: 'legAnswered', leg: 'c.1.1' })
    .at(903, { type: 'done', command: { type: 'answerCaller' } })
    .at(906, { type: 'done', command: { type: 'bridge', leg: 'c.1.1' } })

test.each([
  ['rings', ringing, [null, null, null, null, null, null, false]],
  ['talks', talking, [null, null, null, 'A', 906, null, false]],
  [
    'has talked',
    () => talking().at(5906, { type: 'callerGone', cause: 16 }),
    ['answered', 'caller', 16, 'A', 906, 5000, false]
  ],
  [
    'was lost while it rang',
    () => ringing().at(900, { type: 'callerLost' }),
    ['lost', null, null, null, 900, null, true]
  ]
])('a call that %s', (_, reach, expected) => {
  const { outcome, endedBy, cause, answeredBy, ringMs, talkMs, recovered } = callRecord(reach().call)
  expect([outcome, endedBy, cause, answeredBy, ringMs, talkMs, recovered]).toEqual(expected)
})

test('cause 0, unknown to Asterisk, is recorded as null', () => {
  const causes = [0, 127, 16].map((cause) => {
    const { call } = ringing().at(900, { type: 'legGone', leg: 'c.1.1', cause })
    return attemptRecords(call)[0]?.cause
  })
  expect(causes).toEqual([null, 127, 16])
  expect(attemptRecords(ringing().call)[0]).toMatchObject({ cause: null, sipCode: null, endedAt: null, outcome: null })
})

test.each([
  ['', begin, begin + 4000, begin],
  [' (stamped by a clock that is ahead)', begin + 9000, begin + 4000, begin + 4000]
])('an unseen call is recorded as lost, from its arrival%s to the snapshot', (_, cameAt, goneAt, startedAt) => {
  const decided = { decision: 'rule', rule: 'day', plan: { steps: [], fallback: 'busy' } } as const
  expect(unseenRecord('c', incoming, decided, { cameAt, goneAt, server: 'pbx1' })).toMatchObject({
    ...{ id: 'c', number: incoming.number, server: 'pbx1', startedAt, endedAt: goneAt, ringMs: goneAt - startedAt },
    ...{ outcome: 'lost', endedBy: null, cause: null, recovered: true, answeredAt: null, answeredBy: null, rule: 'day' }
  })
})
