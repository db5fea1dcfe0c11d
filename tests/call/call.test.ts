// The hunt, event by event, as a person would tell it. Random orders are in call.property.test.ts.
import { attemptRecords, callRecord } from '../../src/call/cdr'
import { play } from './play'

test("a leg is dialled once it has been seen, with a timeout of Asterisk's beyond our own", () => {
  const game = play([['A']]).at(5, { type: 'legSeen', leg: 'c.1.1' })
  expect(game.asked).toEqual([{ type: 'dialLeg', leg: 'c.1.1', timeoutSeconds: 15, again: false }])
  expect(game.timers).toEqual(['ring c.1.1 10000'])
  expect(game.at(6, { type: 'legSeen', leg: 'c.1.1' }).asked).toEqual([])
})

test('the caller hears ringback as soon as one target rings, and only once', () => {
  const game = play([['A', 'B']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(6, { type: 'legSeen', leg: 'c.1.2' })
  expect(game.at(7, { type: 'legRinging', leg: 'c.1.1' }).asked).toEqual([
    { type: 'ringCaller' },
    { type: 'setLease', seconds: 20, talking: false, talked: false }
  ])
  expect(game.at(8, { type: 'legRinging', leg: 'c.1.2' }).asked).toEqual([])
})

test('one busy leg does not stop the ring timer of the other', () => {
  const game = play([['A', 'B'], ['C']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(6, { type: 'legSeen', leg: 'c.1.2' })
  expect(game.at(9, { type: 'legGone', leg: 'c.1.1', cause: 17, sipCode: 486 }).asked).toEqual([])
  expect(game.at(10_006, { type: 'timer', timer: { kind: 'ring', leg: 'c.1.2' } }).asked).toEqual([
    { type: 'hangUpLeg', leg: 'c.1.2', cause: 18 },
    { type: 'createLeg', leg: 'c.2.1', dial: 'C' }
  ])
})

test('a ring timer of an earlier step does nothing', () => {
  const game = play([['A'], ['B']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(9, { type: 'legGone', leg: 'c.1.1', cause: 17 })
  const before = game.call
  expect(game.at(10_005, { type: 'timer', timer: { kind: 'ring', leg: 'c.1.1' } }).call).toEqual(before)
  expect(game.asked).toEqual([])
})

test('a target that rang without an answer is cause 19, one that never rang cause 18', () => {
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

test('the first to answer wins: the others are cleared with cause 26, then the two are joined', () => {
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

test('a conversation ends for both when either hangs up', () => {
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

test('when nobody knows whether the two were joined, it is asked once more, and the person is kept', () => {
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

test('when the two cannot be joined because one has gone, nobody is rung before it is known who', () => {
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
    { type: 'setLease', seconds: 20, talking: false, talked: false }
  ])
})

test('a caller whose answering fails is asked for again once; then the person is let go, and the next one rings', () => {
  const game = play([['A'], ['B']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(900, { type: 'legAnswered', leg: 'c.1.1' })
  const failed = { type: 'failed', command: { type: 'answerCaller' }, failure: 'timeout' } as const
  expect(game.at(5900, failed).asked).toEqual([{ type: 'answerCaller' }])
  expect(game.at(9900, failed).asked[0]).toEqual({ type: 'hangUpLeg', leg: 'c.1.1', cause: 41 })
})

test('a caller who has gone when somebody answers is not a reason to ring anybody else', () => {
  const game = play([['A'], ['B']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(900, { type: 'legAnswered', leg: 'c.1.1' })
    .at(901, { type: 'failed', command: { type: 'answerCaller' }, failure: 'gone' })
  expect(game.asked).toEqual([{ type: 'hangUpLeg', leg: 'c.1.1', cause: 16 }])
})

test('a lease that could not be set is set again, but never an old one over a new one', () => {
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

test('the caller hears ringing after a second although nothing rings yet', () => {
  const game = play([['A']]).at(5, { type: 'legSeen', leg: 'c.1.1' })
  expect(game.at(1000, { type: 'timer', timer: { kind: 'ringback' } }).asked).toEqual([
    { type: 'ringCaller' },
    { type: 'setLease', seconds: 20, talking: false, talked: false }
  ])
  expect(game.at(2500, { type: 'legRinging', leg: 'c.1.1' }).asked).toEqual([])
})

test('without a connection nobody is given up: the hunt goes on where it was when there is one again', () => {
  const create = { type: 'createLeg', leg: 'c.1.1', dial: 'A' } as const
  const game = play([['A'], ['B']]).at(1, { type: 'failed', command: create, failure: 'disconnected' })
  expect(game.at(5000, { type: 'timer', timer: { kind: 'setup', leg: 'c.1.1' } }).asked).toEqual([])
  const again = game.at(9000, { type: 'recovered' })
  expect(again.asked).toEqual([create])
  expect(again.timers).toEqual(['setup c.1.1 5000'])
})

test('a leg that could not be dialled without a connection has all its time to ring when there is one', () => {
  const dial = { type: 'dialLeg', leg: 'c.1.1', timeoutSeconds: 15, again: false } as const
  const game = play([['A'], ['B']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(10, { type: 'failed', command: dial, failure: 'disconnected' })
  const again = game.at(9000, { type: 'recovered' })
  expect(again.asked).toEqual([{ ...dial, again: true }])
  expect(again.timers).toEqual(['ring c.1.1 10000'])
})

test('a caller whom Asterisk fails to take back is left to it again, and is not hung up on', () => {
  const leave = { type: 'leaveToDialplan', fallback: { kind: 'voicemail', mailbox: '100@default' } } as const
  const game = play([], 'voicemail:100@default')
  expect(game.at(5, { type: 'failed', command: leave, failure: 'failed' })).toMatchObject({
    asked: [],
    timers: ['leave 1000']
  })
  expect(game.at(1005, { type: 'timer', timer: { kind: 'leave' } }).asked).toEqual([leave])
})

test('a leg that comes up after it was given up is hung up', () => {
  const game = play([['A'], ['B']]).at(5000, { type: 'timer', timer: { kind: 'setup', leg: 'c.1.1' } })
  game.at(5010, { type: 'failed', command: { type: 'hangUpLeg', leg: 'c.1.1', cause: 41 }, failure: 'gone' })
  expect(game.at(7000, { type: 'legSeen', leg: 'c.1.1' }).asked).toEqual([
    { type: 'hangUpLeg', leg: 'c.1.1', cause: 16 }
  ])
})

test('a caller who is refused is done with as soon as they are out of our hands', () => {
  const game = play([]).at(3, { type: 'callerLeft' })
  expect(game.call.phase.kind).toBe('ended')
  expect(callRecord(game.call)).toMatchObject({ outcome: 'fallback', cause: 17, ringMs: 3 })
})

test('a caller who is in other hands is not hung up', () => {
  const game = play([['A']]).at(5, { type: 'legSeen', leg: 'c.1.1' })
  expect(game.at(50, { type: 'callerLeft' }).asked).toEqual([{ type: 'hangUpLeg', leg: 'c.1.1', cause: 16 }])
  expect(game.at(3050, { type: 'timer', timer: { kind: 'caller' } }).asked).toEqual([])
  expect(callRecord(game.call)).toMatchObject({ outcome: 'lost', endedBy: null })
})

test('a hang-up that is not confirmed is asked for again', () => {
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

test('a leg whose creation nobody has confirmed is given up, hung up, and the next one rings', () => {
  const game = play([['A'], ['B']]).at(5000, { type: 'timer', timer: { kind: 'setup', leg: 'c.1.1' } })
  expect(game.asked[0]).toEqual({ type: 'hangUpLeg', leg: 'c.1.1', cause: 41 })
  expect(game.asked.at(-1)).toEqual({ type: 'createLeg', leg: 'c.2.1', dial: 'B' })
})

test('a fallback that does not parse is busy, not silence', () => {
  expect(play([], 'nonsense').asked).toEqual([{ type: 'hangUpCaller', cause: 17 }])
})

test.each(['disconnected', 'timeout'] as const)(
  'a phone that rings goes on ringing, though the answer to what made or dialled it was lost: %s',
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

test('a leg that has ended before the answer to its dialling came is judged by its own end', () => {
  const dial = { type: 'dialLeg', leg: 'c.1.1', timeoutSeconds: 15, again: false } as const
  const game = play([['A'], ['B']]).at(5, { type: 'legSeen', leg: 'c.1.1' })
  expect(game.at(6, { type: 'failed', command: dial, failure: 'gone' }).asked).toEqual([])
  expect(game.timers).toEqual(['ring c.1.1 1000'])
  game.at(7, { type: 'legGone', leg: 'c.1.1', cause: 17 })
  expect(attemptRecords(game.call)[0]).toMatchObject({ outcome: 'busy', cause: 17 })
})

test('a person who is lost before the two could talk: the next lease takes back that they talk', () => {
  const game = play([['A'], ['B']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(6, { type: 'legAnswered', leg: 'c.1.1' })
    .at(7, { type: 'done', command: { type: 'answerCaller' } })
  expect(game.asked).toContainEqual({ type: 'setLease', seconds: 3600, talking: true, talked: false })
  game.at(8, { type: 'legGone', leg: 'c.1.1', cause: 16 })
  expect(game.asked).toContainEqual({ type: 'setLease', seconds: 20, talking: false, talked: true })
})

test('a conversation that is cut is recorded as answered, with who it was', () => {
  const game = play([['A']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(900, { type: 'legAnswered', leg: 'c.1.1' })
    .at(903, { type: 'done', command: { type: 'answerCaller' } })
    .at(906, { type: 'done', command: { type: 'bridge', leg: 'c.1.1' } })
    .at(5000, { type: 'callerLeft' })
    .at(8000, { type: 'timer', timer: { kind: 'caller' } })
  expect(callRecord(game.call)).toMatchObject({ outcome: 'answered', answeredBy: 'A', endedBy: null, recovered: true })
})

test('the person who answered was lost unheard: their attempt was answered all the same', () => {
  const game = play([['A']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(900, { type: 'legAnswered', leg: 'c.1.1' })
    .at(903, { type: 'done', command: { type: 'answerCaller' } })
    .at(906, { type: 'done', command: { type: 'bridge', leg: 'c.1.1' } })
    .at(9000, { type: 'legLost', leg: 'c.1.1' })
  expect(attemptRecords(game.call).map(({ outcome }) => outcome)).toEqual(['answered'])
})

test('the person who answered is gone before the two could talk: the caller hears ringing again', () => {
  const game = play([['A'], ['B']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(7, { type: 'legRinging', leg: 'c.1.1' })
    .at(900, { type: 'legAnswered', leg: 'c.1.1' })
  const { asked } = game.at(901, { type: 'legGone', leg: 'c.1.1', cause: 16 })
  expect(asked).toContainEqual({ type: 'createLeg', leg: 'c.2.1', dial: 'B' })
  expect(asked).toContainEqual({ type: 'ringCaller' })
})
