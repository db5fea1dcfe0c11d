// The lease on the caller: how long Asterisk waits for us before the failsafe takes over.
import { start } from '../../src/call/step'
import { incoming } from './given-caller'
import { begin, play } from './play'

test('a step begins with its legs; the claim timeout holds until the caller hears something', () => {
  expect(play([['A', 'B']]).asked).toEqual([
    { type: 'createLeg', leg: 'c.1.1', dial: 'A' },
    { type: 'createLeg', leg: 'c.1.2', dial: 'B' }
  ])
})

test('a later step begins with a lease that outlives it, since the caller hears ringing', () => {
  const game = play([['A'], ['B']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(7, { type: 'legRinging', leg: 'c.1.1' })
  expect(game.at(9, { type: 'legGone', leg: 'c.1.1', cause: 17, sipCode: 486 }).asked).toEqual([
    { type: 'createLeg', leg: 'c.2.1', dial: 'B' },
    { type: 'setLease', seconds: 20, talking: false, talked: false }
  ])
})

test('the lease of a short step is short, however long the step before it was', () => {
  const game = play([['A'], ['B']], 'busy', [60, 10])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(7, { type: 'legRinging', leg: 'c.1.1' })
  expect(game.call.lease?.seconds).toBe(70)
  expect(game.at(9, { type: 'legGone', leg: 'c.1.1', cause: 17 }).call.lease?.seconds).toBe(20)
})

test('while every target fails at once, the claim timeout stays as it is', () => {
  const game = play([['A'], ['B']]).at(5, { type: 'legSeen', leg: 'c.1.1' })
  expect(game.at(9, { type: 'legGone', leg: 'c.1.1', cause: 17, sipCode: 486 }).asked).toEqual([
    { type: 'createLeg', leg: 'c.2.1', dial: 'B' }
  ])
  expect(game.call.lease).toBeNull()
})

test('whoever answers while the lease of a step runs needs no other for the joining', () => {
  const game = play([['A']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(7, { type: 'legRinging', leg: 'c.1.1' })
  expect(game.at(8, { type: 'legAnswered', leg: 'c.1.1' }).asked).toEqual([{ type: 'answerCaller' }])
})

test('a leg that is asked for again, after a gap, has its whole time to ring within the lease', () => {
  const createLeg = { type: 'createLeg', leg: 'c.2.1', dial: 'B' } as const
  const game = play([['A'], ['B']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(7, { type: 'legRinging', leg: 'c.1.1' })
    .at(9, { type: 'legGone', leg: 'c.1.1', cause: 17 })
    .at(10, { type: 'failed', command: createLeg, failure: 'disconnected' })
  expect(game.at(14_000, { type: 'recovered' }).asked).toEqual([
    createLeg,
    { type: 'setLease', seconds: 20, talking: false, talked: false }
  ])
  expect(game.at(14_100, { type: 'recovered' }).asked).toEqual([])
})

test('a caller who has waited long hears ringing, and has the long lease, at once', () => {
  const decided = {
    decision: 'rule',
    rule: 'always',
    plan: { steps: [{ targets: [{ dial: 'A', ringSeconds: 10 }] }], fallback: 'busy' }
  } as const
  const [, commands] = start('c', incoming, decided, { at: begin, maxCallSeconds: 3600, waitedMs: 4250 })
  expect(commands).toContainEqual({ type: 'startTimer', timer: { kind: 'ringback' }, ms: 0 })
})
