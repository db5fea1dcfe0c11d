// Several devices of one phone: one attempt, whatever each of them does.
import { attemptRecords } from '../../src/call/cdr'
import type { AttemptOutcome } from '../../src/call/record'
import { adopt } from '../../src/call/restore'
import { step } from '../../src/call/step'
import { incoming } from './given-caller'
import { begin, play } from './play'

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

test('an attempt ends with the most telling outcome of its devices, in either order; only then does the next step ring', () => {
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

test('the attempt records the device and the leg that answered', () => {
  const { call } = ringing()
    .at(10, { type: 'legRinging', leg: 'c.1.1' })
    .at(11, { type: 'legAnswered', leg: 'c.1.c2.1' })
    .at(12, { type: 'legGone', leg: 'c.1.1', cause: 26 })
  expect(attemptRecords(call)).toMatchObject([
    { leg: 'c.1.c2.1', contact: 'PJSIP/alice/sip:2', outcome: null, answeredAt: expect.any(Number) as number }
  ])
})

test('a device that registers while others ring is rung once, for the remaining time', () => {
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

test('devices are not looked up after the step has ended', () => {
  const game = ringing()
    .at(10, { type: 'legGone', leg: 'c.1.1', cause: 17, sipCode: 486 })
    .at(20, { type: 'legGone', leg: 'c.1.c2.1', cause: 17, sipCode: 486 })
    .at(1001, { type: 'timer', timer: { kind: 'contacts', leg: 'c.1.1' } })
  expect(game.asked.some(({ type }) => type === 'findContacts')).toBe(false)
})

const found = (leg: string, contacts: readonly string[]) => ({ type: 'contactsFound', leg, contacts }) as const
const lookAgain = (leg: string) => ({ type: 'timer', timer: { kind: 'contacts', leg } }) as const

/** Alice's phone is registered nowhere, while Bob's rings beside it. */
const unregistered = () =>
  play([['PJSIP/alice', 'PJSIP/bob'], ['PJSIP/carol']])
    .at(1, found('c.1.2', ['PJSIP/bob/sip:1']))
    .at(2, found('c.1.1', []))

test('a target without a registered device is unavailable, and its devices are looked up again', () => {
  const game = unregistered()
  expect(attemptRecords(game.call)).toMatchObject([{ outcome: 'unavailable' }, { outcome: null }])
  expect(game.timers).toEqual(['contacts c.1.1 1000'])
  expect(game.at(1002, lookAgain('c.1.1')).asked).toEqual([{ type: 'findContacts', leg: 'c.1.1', dial: 'PJSIP/alice' }])
  game.at(1003, found('c.1.1', []))
  expect([game.asked, game.timers]).toEqual([[], ['contacts c.1.1 1000']])
  game.at(2004, found('c.1.1', devices))
  expect(game.asked).toMatchObject([
    { type: 'createLeg', leg: 'c.1.c2.1', dial: 'PJSIP/alice', contact: devices[0] },
    { type: 'createLeg', leg: 'c.1.c3.1', dial: 'PJSIP/alice', contact: devices[1] }
  ])
  expect(game.call.legs.map(({ id, state }) => [id, state])).toEqual([
    ['c.1.1', 'gone'],
    ['c.1.2', 'creating'],
    ['c.1.c2.1', 'creating'],
    ['c.1.c3.1', 'creating']
  ])
})

test('if no target of a step has a device, the next step rings immediately', () => {
  const game = play([['PJSIP/alice'], ['PJSIP/carol']]).at(1, found('c.1.1', []))
  expect(game.asked).toEqual([{ type: 'createLeg', leg: 'c.2.1', dial: 'PJSIP/carol' }])
  expect(attemptRecords(game.call)).toMatchObject([{ outcome: 'unavailable' }, { dial: 'PJSIP/carol', outcome: null }])
})

test("a device that registers before the first device's channel is up rings too", () => {
  const game = play([['PJSIP/alice']])
    .at(1, found('c.1.1', devices.slice(0, 1)))
    .at(2, found('c.1.1', devices))
  expect(game.asked).toEqual([{ type: 'createLeg', leg: 'c.1.c2.1', dial: 'PJSIP/alice', contact: devices[1] }])
  expect(game.call.legs.map(({ contact }) => contact)).toEqual(devices)
})

test.each([
  [9000, ['createLeg'], ['setup c.1.c3.1 5000', 'contacts c.1.1 1000']],
  [9001, [], []]
])('a device that registers %d ms into a ring time of ten seconds', (ms, asked, timers) => {
  const game = ringing().at(ms, found('c.1.1', [...devices, 'PJSIP/alice/sip:3']))
  expect(game.asked.map(({ type }) => type)).toEqual(asked)
  expect(game.timers).toEqual(timers)
})

test('devices are numbered per target', () => {
  const game = play([
    ['PJSIP/ann', 'PJSIP/bob'],
    ['PJSIP/carol', 'PJSIP/dave']
  ])
    .at(1, found('c.1.1', []))
    .at(2, found('c.1.2', []))
    .at(3, found('c.2.2', ['PJSIP/dave/sip:1', 'PJSIP/dave/sip:2']))
  expect(game.asked.flatMap((each) => (each.type === 'createLeg' ? [each.leg] : []))).toEqual(['c.2.2', 'c.2.c2.2'])
})

test.each<[string, (game: ReturnType<typeof play>) => unknown, leg: string]>([
  ['of a leg unknown to the call', () => undefined, 'c.1.9'],
  [
    'after the step of the leg has ended',
    (game) =>
      game.at(5, { type: 'legGone', leg: 'c.1.1', cause: 17 }).at(6, { type: 'legGone', leg: 'c.1.c2.1', cause: 17 }),
    'c.1.1'
  ],
  ['after an answer', (game) => game.at(5, { type: 'legAnswered', leg: 'c.1.1' }), 'c.1.1'],
  ['after the caller has hung up', (game) => game.at(5, { type: 'callerGone', cause: 16 }), 'c.1.1']
])('devices found %s are neither rung nor looked up again', (_when, happens, leg) => {
  for (const event of [found(leg, [...devices, 'PJSIP/alice/sip:3']), lookAgain(leg)]) {
    const game = ringing()
    happens(game)
    const { call } = game
    game.at(10, event)
    expect([game.asked, game.timers]).toEqual([[], []])
    expect(game.call.legs).toEqual(call.legs)
  }
})

test('while a device dialled by an earlier process rings, no other device is dialled: it may be the same one', () => {
  const plan = { steps: [{ targets: [{ dial: 'PJSIP/alice', ringSeconds: 10 }] }], fallback: 'busy' }
  const decided = { decision: 'rule', rule: 'day', plan } as const
  const rung = ['c.1.1', 'c.1.c2.1']
  const [adopted] = adopt('c', incoming, decided, rung, { at: begin, maxCallSeconds: 3600 })
  const [call] = step(adopted, { type: 'legGone', leg: 'c.1.1', cause: 17, at: begin + 10 })
  const [after, commands] = step(call, { type: 'contactsFound', leg: 'c.1.1', contacts: devices, at: begin + 1000 })
  expect(after.legs).toEqual(call.legs)
  expect(commands).toEqual([{ type: 'startTimer', timer: { kind: 'contacts', leg: 'c.1.1' }, ms: 1000 }])
})
