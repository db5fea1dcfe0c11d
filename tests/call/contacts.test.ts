// Several devices of one phone: one attempt, whatever each of them does.
import { attemptRecords } from '../../src/call/cdr'
import type { AttemptOutcome } from '../../src/call/record'
import { play } from './play'

const devices = ['PJSIP/alice/sip:1', 'PJSIP/alice/sip:2'] as const

const ringing = () =>
  play([['PJSIP/alice'], ['PJSIP/bob']], 'busy')
    .at(1, { type: 'contactsFound', leg: 'c.1.1', contacts: devices })
    .at(2, { type: 'legSeen', leg: 'c.1.1' })
    .at(2, { type: 'legSeen', leg: 'c.1.c2.1' })

const ends: Readonly<Record<string, readonly [cause: number, sipCode: number]>> = {
  busy: [17, 486],
  declined: [21, 603],
  'wrong-number': [1, 404],
  congestion: [34, 503],
  unavailable: [20, 480],
  unreachable: [27, 408]
}
const order: readonly AttemptOutcome[] = [
  'declined',
  'busy',
  'wrong-number',
  'unavailable',
  'congestion',
  'unreachable'
]

test('the attempt has come to what tells most, in either order, and only then the next step rings', () => {
  for (const one of order) {
    for (const other of order) {
      const [first, second] = [ends[one], ends[other]]
      if (first === undefined || second === undefined) throw new Error('no such end')
      const after = ringing().at(10, { type: 'legGone', leg: 'c.1.1', cause: first[0], sipCode: first[1] })
      expect(attemptRecords(after.call)).toMatchObject([{ step: 1, outcome: null, endedAt: null }])
      after.at(20, { type: 'legGone', leg: 'c.1.c2.1', cause: second[0], sipCode: second[1] })
      const [attempt, next] = attemptRecords(after.call)
      const expected = order.indexOf(one) <= order.indexOf(other) ? one : other
      expect([one, other, attempt?.outcome, next?.dial]).toEqual([one, other, expected, 'PJSIP/bob'])
    }
  }
})

test('the one that answers is the attempt, with its device and its leg', () => {
  const { call } = ringing()
    .at(10, { type: 'legRinging', leg: 'c.1.1' })
    .at(11, { type: 'legAnswered', leg: 'c.1.c2.1' })
    .at(12, { type: 'legGone', leg: 'c.1.1', cause: 26 })
  expect(attemptRecords(call)).toMatchObject([
    { leg: 'c.1.c2.1', contact: 'PJSIP/alice/sip:2', outcome: null, answeredAt: expect.any(Number) as number }
  ])
})

test('a device that registers rings for what is left of the time, and once', () => {
  const game = ringing()
  const [{ ringSeconds } = { ringSeconds: 0 }] = game.call.plan.steps[0]?.targets ?? []
  game.at(4000, { type: 'timer', timer: { kind: 'contacts', leg: 'c.1.1' } })
  expect(game.asked).toContainEqual({ type: 'findContacts', leg: 'c.1.1', dial: 'PJSIP/alice' })
  const contacts = [...devices, 'PJSIP/alice/sip:3']
  game.at(4001, { type: 'contactsFound', leg: 'c.1.1', contacts })
  game.at(5001, { type: 'contactsFound', leg: 'c.1.1', contacts })
  expect(game.call.legs.map(({ id, ringSeconds: left }) => [id, left])).toEqual([
    ['c.1.1', ringSeconds],
    ['c.1.c2.1', ringSeconds],
    ['c.1.c3.1', ringSeconds - 4]
  ])
})

test('nobody looks for devices once the step is over', () => {
  const game = ringing()
    .at(10, { type: 'legGone', leg: 'c.1.1', cause: 17, sipCode: 486 })
    .at(20, { type: 'legGone', leg: 'c.1.c2.1', cause: 17, sipCode: 486 })
    .at(1001, { type: 'timer', timer: { kind: 'contacts', leg: 'c.1.1' } })
  expect(game.asked.some(({ type }) => type === 'findContacts')).toBe(false)
})
