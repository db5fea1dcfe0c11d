// The lease on the caller: how long Asterisk waits for us before the failsafe takes over.
import { start } from '../../src/call/step'
import { incoming } from './given-caller'
import { begin, play } from './play'

test('the first step begins without a lease: the claim timeout holds until the caller hears something', () => {
  expect(play([['A', 'B']]).asked).toEqual([
    { type: 'createLeg', leg: 'c.1.1', dial: 'A' },
    { type: 'createLeg', leg: 'c.1.2', dial: 'B' }
  ])
})

test('a later step begins with a lease longer than its ring time, because the caller hears ringback, and tells the failsafe of the step', () => {
  const game = play([['A'], ['B']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(7, { type: 'legRinging', leg: 'c.1.1' })
  expect(game.at(9, { type: 'legGone', leg: 'c.1.1', cause: 17, sipCode: 486 }).asked).toEqual([
    { type: 'createLeg', leg: 'c.2.1', dial: 'B' },
    { type: 'setLease', seconds: 20, talking: false, talked: false, reached: 'B' }
  ])
})

test('the lease of a short step is short, even after a long step', () => {
  const game = play([['A'], ['B']], 'busy', [60, 10])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(7, { type: 'legRinging', leg: 'c.1.1' })
  expect(game.call.lease?.seconds).toBe(70)
  expect(game.at(9, { type: 'legGone', leg: 'c.1.1', cause: 17 }).call.lease?.seconds).toBe(20)
})

test('the claim timeout is not renewed while every target fails immediately', () => {
  const game = play([['A'], ['B']]).at(5, { type: 'legSeen', leg: 'c.1.1' })
  expect(game.at(9, { type: 'legGone', leg: 'c.1.1', cause: 17, sipCode: 486 }).asked).toEqual([
    { type: 'createLeg', leg: 'c.2.1', dial: 'B' }
  ])
  expect(game.call.lease).toBeNull()
})

test('a target that answers during the lease of its step needs no new lease for bridging', () => {
  const game = play([['A']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(7, { type: 'legRinging', leg: 'c.1.1' })
  expect(game.at(8, { type: 'legAnswered', leg: 'c.1.1' }).asked).toEqual([{ type: 'answerCaller' }])
})

test('a leg that is requested again after a gap gets its full ring time within the lease', () => {
  const createLeg = { type: 'createLeg', leg: 'c.2.1', dial: 'B' } as const
  const game = play([['A'], ['B']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(7, { type: 'legRinging', leg: 'c.1.1' })
    .at(9, { type: 'legGone', leg: 'c.1.1', cause: 17 })
    .at(10, { type: 'failed', command: createLeg, failure: 'disconnected' })
  expect(game.at(14_000, { type: 'recovered' }).asked).toEqual([
    createLeg,
    { type: 'setLease', seconds: 20, talking: false, talked: false, reached: 'B' }
  ])
  expect(game.at(14_100, { type: 'recovered' }).asked).toEqual([])
})

test('a caller who has already waited long hears ringback immediately', () => {
  const decided = {
    decision: 'rule',
    rule: 'always',
    plan: { steps: [{ targets: [{ dial: 'A', ringSeconds: 10 }] }], fallback: 'busy' }
  } as const
  const [, commands] = start('c', incoming, decided, { at: begin, maxCallSeconds: 3600, waitedMs: 4250 })
  expect(commands).toContainEqual({ type: 'startTimer', timer: { kind: 'ringback' }, ms: 0 })
})
