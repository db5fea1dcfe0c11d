// The hunt, event by event, as a person would tell it. Random orders are in call.property.test.ts.
import { attemptRecords, callRecord } from '../../src/call/cdr'
import { play } from './play'

test('a leg is dialled once its channel is seen, with a timeout longer than its ring time', () => {
  const game = play([['A']]).at(5, { type: 'legSeen', leg: 'c.1.1' })
  expect(game.asked).toEqual([{ type: 'dialLeg', leg: 'c.1.1', timeoutSeconds: 15, again: false }])
  expect(game.timers).toEqual(['ring c.1.1 10000'])
  expect(game.at(6, { type: 'legSeen', leg: 'c.1.1' }).asked).toEqual([])
})

test('the caller hears ringback once, when the first target rings', () => {
  const game = play([['A', 'B']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(6, { type: 'legSeen', leg: 'c.1.2' })
  expect(game.at(7, { type: 'legRinging', leg: 'c.1.1' }).asked).toEqual([
    { type: 'ringCaller' },
    { type: 'setLease', seconds: 20, talking: false, talked: false }
  ])
  expect(game.at(8, { type: 'legRinging', leg: 'c.1.2' }).asked).toEqual([])
})

test('a busy leg does not stop the ring timer of another leg', () => {
  const game = play([['A', 'B'], ['C']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(6, { type: 'legSeen', leg: 'c.1.2' })
  expect(game.at(9, { type: 'legGone', leg: 'c.1.1', cause: 17, sipCode: 486 }).asked).toEqual([])
  expect(game.at(10_006, { type: 'timer', timer: { kind: 'ring', leg: 'c.1.2' } }).asked).toEqual([
    { type: 'hangUpLeg', leg: 'c.1.2', cause: 18 },
    { type: 'createLeg', leg: 'c.2.1', dial: 'C' }
  ])
})

test('the ring timer of an earlier step is ignored', () => {
  const game = play([['A'], ['B']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(9, { type: 'legGone', leg: 'c.1.1', cause: 17 })
  const before = game.call
  expect(game.at(10_005, { type: 'timer', timer: { kind: 'ring', leg: 'c.1.1' } }).call).toEqual(before)
  expect(game.asked).toEqual([])
})

test('a target that rings without an answer ends with cause 19, one that never rings with cause 18', () => {
  const game = play([['A', 'B']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(5, { type: 'legSeen', leg: 'c.1.2' })
  game.at(8, { type: 'legRinging', leg: 'c.1.1' })
  game
    .at(10_005, { type: 'timer', timer: { kind: 'ring', leg: 'c.1.1' } })
    .at(10_005, { type: 'timer', timer: { kind: 'ring', leg: 'c.1.2' } })
  expect(attemptRecords(game.call).map(({ outcome, cause }) => [outcome, cause])).toEqual([
    ['no-answer', 19],
    ['unreachable', 18]
  ])
})

test('the first target to answer wins: the other legs are hung up with cause 26, then caller and target are bridged', () => {
  const game = play([['A', 'B']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(6, { type: 'legSeen', leg: 'c.1.2' })
  expect(game.at(900, { type: 'legAnswered', leg: 'c.1.2' }).asked).toEqual([
    { type: 'answerCaller' },
    { type: 'hangUpLeg', leg: 'c.1.1', cause: 26 },
    { type: 'setLease', seconds: 15, talking: false, talked: false }
  ])
  expect(game.at(903, { type: 'done', command: { type: 'answerCaller' } }).asked).toEqual([
    { type: 'bridge', leg: 'c.1.2' },
    { type: 'setLease', seconds: 3600, talking: true, talked: false }
  ])
  expect(game.at(901, { type: 'legAnswered', leg: 'c.1.1' }).asked).toEqual([])
})

test('when either party hangs up, the other is hung up too', () => {
  const talking = () =>
    play([['A']])
      .at(5, { type: 'legSeen', leg: 'c.1.1' })
      .at(900, { type: 'legAnswered', leg: 'c.1.1' })
      .at(905, { type: 'done', command: { type: 'answerCaller' } })
      .at(910, { type: 'done', command: { type: 'bridge', leg: 'c.1.1' } })
  const target = talking().at(5000, { type: 'legGone', leg: 'c.1.1', cause: 16 })
  expect(target.asked).toEqual([{ type: 'hangUpCaller', cause: 16 }])
  target.at(5010, { type: 'callerLeft' }).at(5011, { type: 'callerGone', cause: 16 })
  expect(callRecord(target.call)).toMatchObject({
    outcome: 'answered',
    endedBy: 'target',
    cause: 16,
    talkMs: 4100,
    ringMs: 910
  })

  const caller = talking().at(5000, { type: 'callerLeft' })
  expect(caller.asked).toEqual([{ type: 'hangUpLeg', leg: 'c.1.1', cause: 16 }])
  expect(caller.at(5003, { type: 'callerGone', cause: 16 }).asked).toEqual([{ type: 'destroyBridge' }])
  expect(callRecord(caller.call)).toMatchObject({ outcome: 'answered', endedBy: 'caller', cause: 16 })
})

test('if the result of bridging is unknown, it is retried once and the answered target is kept', () => {
  const bridge = { type: 'bridge', leg: 'c.1.1' } as const
  const joining = () =>
    play([['A'], ['B']])
      .at(5, { type: 'legSeen', leg: 'c.1.1' })
      .at(900, { type: 'legAnswered', leg: 'c.1.1' })
      .at(905, { type: 'done', command: { type: 'answerCaller' } })
      .at(5905, { type: 'failed', command: bridge, failure: 'timeout' })
  expect(joining().asked).toEqual([bridge])
  expect(joining().at(6000, { type: 'done', command: bridge }).call.phase).toEqual({ kind: 'bridged', leg: 'c.1.1' })
  expect(joining().at(9000, { type: 'failed', command: bridge, failure: 'timeout' }).asked).toMatchObject([
    { type: 'hangUpLeg', leg: 'c.1.1' },
    { type: 'createLeg', dial: 'B' },
    { type: 'ringCaller' },
    { type: 'setLease' }
  ])
})

test('if bridging fails because one party is gone, no other target rings until it is known which', () => {
  const game = play([['A'], ['B']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(900, { type: 'legAnswered', leg: 'c.1.1' })
  game.at(905, { type: 'failed', command: { type: 'bridge', leg: 'c.1.1' }, failure: 'gone' })
  expect(game.asked).toEqual([])
  expect(game.timers).toEqual(['join c.1.1 1000'])
  // It was neither, as far as anybody says: the person is let go, and the caller goes on to the next.
  expect(game.at(1905, { type: 'timer', timer: { kind: 'join', leg: 'c.1.1' } }).asked).toEqual([
    { type: 'hangUpLeg', leg: 'c.1.1', cause: 41 },
    { type: 'createLeg', leg: 'c.2.1', dial: 'B' },
    { type: 'ringCaller' },
    { type: 'setLease', seconds: 20, talking: false, talked: false, reached: 'B' }
  ])
})

test('if answering the caller fails, it is retried once; then the target is hung up and the next one rings', () => {
  const game = play([['A'], ['B']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(900, { type: 'legAnswered', leg: 'c.1.1' })
  const failed = { type: 'failed', command: { type: 'answerCaller' }, failure: 'timeout' } as const
  expect(game.at(5900, failed).asked).toEqual([{ type: 'answerCaller' }])
  expect(game.at(9900, failed).asked[0]).toEqual({ type: 'hangUpLeg', leg: 'c.1.1', cause: 41 })
})

test('if the caller is gone when a target answers, no other target rings', () => {
  const game = play([['A'], ['B']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(900, { type: 'legAnswered', leg: 'c.1.1' })
    .at(901, { type: 'failed', command: { type: 'answerCaller' }, failure: 'gone' })
  expect(game.asked).toEqual([{ type: 'hangUpLeg', leg: 'c.1.1', cause: 16 }])
})

test('a lease that could not be set is retried, but never replaces a newer lease', () => {
  const game = play([['A']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(900, { type: 'legAnswered', leg: 'c.1.1' })
    .at(903, { type: 'done', command: { type: 'answerCaller' } })
  const hunting = { type: 'setLease', seconds: 20, talking: false, talked: false } as const
  const talking = { type: 'setLease', seconds: 3600, talking: true, talked: false } as const
  expect(game.at(910, { type: 'failed', command: hunting, failure: 'timeout' }).timers).toEqual([])
  expect(game.at(910, { type: 'failed', command: talking, failure: 'timeout' }).timers).toEqual(['lease 1000'])
  expect(game.at(1910, { type: 'timer', timer: { kind: 'lease' } }).asked).toEqual([{ ...talking, talked: true }])
})

test('the caller hears ringback after one second even if no target rings yet', () => {
  const game = play([['A']]).at(5, { type: 'legSeen', leg: 'c.1.1' })
  expect(game.at(1000, { type: 'timer', timer: { kind: 'ringback' } }).asked).toEqual([
    { type: 'ringCaller' },
    { type: 'setLease', seconds: 20, talking: false, talked: false }
  ])
  expect(game.at(2500, { type: 'legRinging', leg: 'c.1.1' }).asked).toEqual([])
})

test('without a connection no leg is given up: the hunt continues where it was after reconnecting', () => {
  const create = { type: 'createLeg', leg: 'c.1.1', dial: 'A' } as const
  const game = play([['A'], ['B']]).at(1, { type: 'failed', command: create, failure: 'disconnected' })
  expect(game.at(5000, { type: 'timer', timer: { kind: 'setup', leg: 'c.1.1' } }).asked).toEqual([])
  const again = game.at(9000, { type: 'recovered' })
  expect(again.asked).toEqual([create])
  expect(again.timers).toEqual(['setup c.1.1 5000'])
})

test('a leg that could not be dialled without a connection gets its full ring time after reconnecting', () => {
  const dial = { type: 'dialLeg', leg: 'c.1.1', timeoutSeconds: 15, again: false } as const
  const game = play([['A'], ['B']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(10, { type: 'failed', command: dial, failure: 'disconnected' })
  const again = game.at(9000, { type: 'recovered' })
  expect(again.asked).toEqual([{ ...dial, again: true }])
  expect(again.timers).toEqual(['ring c.1.1 10000'])
})

test('if handing the caller to the dialplan fails, it is retried and the caller is not hung up', () => {
  const leave = { type: 'leaveToDialplan', fallback: { kind: 'voicemail', mailbox: '100@default' } } as const
  const game = play([], 'voicemail:100@default')
  expect(game.at(5, { type: 'failed', command: leave, failure: 'failed' })).toMatchObject({
    asked: [],
    timers: ['leave 1000']
  })
  expect(game.at(1005, { type: 'timer', timer: { kind: 'leave' } }).asked).toEqual([leave])
})

test('a leg that appears after it was given up is hung up', () => {
  const game = play([['A'], ['B']]).at(5000, { type: 'timer', timer: { kind: 'setup', leg: 'c.1.1' } })
  game.at(5010, { type: 'failed', command: { type: 'hangUpLeg', leg: 'c.1.1', cause: 41 }, failure: 'gone' })
  expect(game.at(7000, { type: 'legSeen', leg: 'c.1.1' }).asked).toEqual([
    { type: 'hangUpLeg', leg: 'c.1.1', cause: 16 }
  ])
})

test('a rejected call ends as soon as the caller has left Stasis', () => {
  const game = play([]).at(3, { type: 'callerLeft' })
  expect(game.call.phase.kind).toBe('ended')
  expect(callRecord(game.call)).toMatchObject({ outcome: 'fallback', cause: 17, ringMs: 3 })
})

test('a caller who has left Stasis is not hung up', () => {
  const game = play([['A']]).at(5, { type: 'legSeen', leg: 'c.1.1' })
  expect(game.at(50, { type: 'callerLeft' }).asked).toEqual([{ type: 'hangUpLeg', leg: 'c.1.1', cause: 16 }])
  expect(game.at(3050, { type: 'timer', timer: { kind: 'caller' } }).asked).toEqual([])
  expect(callRecord(game.call)).toMatchObject({ outcome: 'lost', endedBy: null })
})

test('an unconfirmed hang-up of the caller is repeated', () => {
  const game = play([['A']], 'hangup').at(5, {
    type: 'failed',
    command: { type: 'createLeg', leg: 'c.1.1', dial: 'A' },
    failure: 'unavailable'
  })
  expect(game.asked).toEqual([{ type: 'hangUpCaller', cause: 19 }])
  expect(game.at(3005, { type: 'timer', timer: { kind: 'caller' } }).asked).toEqual([
    { type: 'hangUpCaller', cause: 19 }
  ])
  game.at(3010, { type: 'failed', command: { type: 'hangUpCaller', cause: 19 }, failure: 'gone' })
  expect(game.call.phase.kind).toBe('ended')
  expect(callRecord(game.call)).toMatchObject({ outcome: 'fallback', fallback: 'hangup', cause: 19 })
})

test('a leg whose creation is not confirmed is hung up, and the next target rings', () => {
  const game = play([['A'], ['B']]).at(5000, { type: 'timer', timer: { kind: 'setup', leg: 'c.1.1' } })
  expect(game.asked[0]).toEqual({ type: 'hangUpLeg', leg: 'c.1.1', cause: 41 })
  expect(game.asked.at(-1)).toEqual({ type: 'createLeg', leg: 'c.2.1', dial: 'B' })
})

test('an invalid fallback gives busy, not silence', () => {
  expect(play([], 'nonsense').asked).toEqual([{ type: 'hangUpCaller', cause: 17 }])
})

test.each(['disconnected', 'timeout'] as const)(
  'a ringing phone keeps ringing if the response to creating or dialling it is lost: %s',
  (failure) => {
    const create = { type: 'createLeg', leg: 'c.1.1', dial: 'A' } as const
    const dial = { type: 'dialLeg', leg: 'c.1.1', timeoutSeconds: 15, again: false } as const
    const game = play([['A'], ['B']]).at(5, { type: 'legSeen', leg: 'c.1.1' })
    expect(game.at(6, { type: 'failed', command: create, failure }).asked).toEqual([])
    game.at(7, { type: 'legRinging', leg: 'c.1.1' })
    expect(game.at(8, { type: 'failed', command: dial, failure }).asked).toEqual([])
    expect(game.at(9, { type: 'legAnswered', leg: 'c.1.1' }).asked).toContainEqual({ type: 'answerCaller' })
  }
)

test('a leg that ends before the response to its dial request is judged by its end event', () => {
  const dial = { type: 'dialLeg', leg: 'c.1.1', timeoutSeconds: 15, again: false } as const
  const game = play([['A'], ['B']]).at(5, { type: 'legSeen', leg: 'c.1.1' })
  expect(game.at(6, { type: 'failed', command: dial, failure: 'gone' }).asked).toEqual([])
  expect(game.timers).toEqual(['ring c.1.1 1000'])
  game.at(7, { type: 'legGone', leg: 'c.1.1', cause: 17 })
  expect(attemptRecords(game.call)[0]).toMatchObject({ outcome: 'busy', cause: 17 })
})

test('if the target leaves before the parties were bridged, the next lease no longer says that they talk', () => {
  const game = play([['A'], ['B']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(6, { type: 'legAnswered', leg: 'c.1.1' })
    .at(7, { type: 'done', command: { type: 'answerCaller' } })
  expect(game.asked).toContainEqual({ type: 'setLease', seconds: 3600, talking: true, talked: false })
  game.at(8, { type: 'legGone', leg: 'c.1.1', cause: 16 })
  expect(game.asked).toContainEqual({ type: 'setLease', seconds: 20, talking: false, talked: true, reached: 'B' })
})

test('a call that is lost during the conversation is recorded as answered, with who answered', () => {
  const game = play([['A']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(900, { type: 'legAnswered', leg: 'c.1.1' })
    .at(903, { type: 'done', command: { type: 'answerCaller' } })
    .at(906, { type: 'done', command: { type: 'bridge', leg: 'c.1.1' } })
    .at(5000, { type: 'callerLeft' })
    .at(8000, { type: 'timer', timer: { kind: 'caller' } })
  expect(callRecord(game.call)).toMatchObject({ outcome: 'answered', answeredBy: 'A', endedBy: null, recovered: true })
})

test('if the target is lost during the conversation, its attempt is still recorded as answered', () => {
  const game = play([['A']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(900, { type: 'legAnswered', leg: 'c.1.1' })
    .at(903, { type: 'done', command: { type: 'answerCaller' } })
    .at(906, { type: 'done', command: { type: 'bridge', leg: 'c.1.1' } })
    .at(9000, { type: 'legLost', leg: 'c.1.1' })
  expect(attemptRecords(game.call).map(({ outcome }) => outcome)).toEqual(['answered'])
})

test('if the answering target hangs up before being bridged, the caller hears ringback again', () => {
  const game = play([['A'], ['B']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(7, { type: 'legRinging', leg: 'c.1.1' })
    .at(900, { type: 'legAnswered', leg: 'c.1.1' })
  const { asked } = game.at(901, { type: 'legGone', leg: 'c.1.1', cause: 16 })
  expect(asked).toContainEqual({ type: 'createLeg', leg: 'c.2.1', dial: 'B' })
  expect(asked).toContainEqual({ type: 'ringCaller' })
})
