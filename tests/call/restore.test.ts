// A call taken over from its records: it goes on with the time that is left, and nothing that is over rings again.
import { attemptRecords, callRecord } from '../../src/call/cdr'
import { unreadablePlan } from '../../src/call/record'
import { restore } from '../../src/call/restore'
import { step } from '../../src/call/step'
import type { Call, CallEvent, Command } from '../../src/call/types'
import { begin, play } from './play'

const hour = 3_600_000

/** The call as another process takes it over from its records, so long after it began. */
function takenOver({ call }: { readonly call: Call }, ms: number, maxCallSeconds = 3 * 3600) {
  return restore(callRecord(call), attemptRecords(call), { at: begin + ms, maxCallSeconds })
}

function next([call]: readonly [Call, ...unknown[]], event: CallEvent): readonly Command[] {
  return step(call, event)[1]
}

function ringing() {
  return play([['A'], ['B']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(7, { type: 'legRinging', leg: 'c.1.1' })
}

test('a conversation that is taken over gets the rest of the maximum call duration', () => {
  const talking = ringing()
    .at(1000, { type: 'legAnswered', leg: 'c.1.1' })
    .at(1003, { type: 'done', command: { type: 'answerCaller' } })
    .at(1006, { type: 'done', command: { type: 'bridge', leg: 'c.1.1' } })
  const [, asked] = takenOver(talking, 1006 + hour)
  expect(asked.filter(({ type }) => type === 'setLease')).toEqual([
    { type: 'setLease', seconds: 2 * 3600, talking: true, talked: true }
  ])
})

test('a leg missing in Asterisk is created again within its ring time; after that the next step rings', () => {
  const asked = play([['A'], ['B']])
  const unmade = { type: 'legUnmade', leg: 'c.1.1' } as const
  const made = (ms: number): readonly unknown[] =>
    next(takenOver(asked, ms), { ...unmade, at: begin + ms }).filter(({ type }) => type === 'createLeg')
  expect(made(9999)).toEqual([{ type: 'createLeg', leg: 'c.1.1', dial: 'A' }])
  expect(made(10_000)).toEqual([{ type: 'createLeg', leg: 'c.2.1', dial: 'B' }])
})

test.each<[string, readonly ('legSeen' | 'legRinging')[]]>([
  ['dialled', ['legSeen']],
  ['ringing', ['legSeen', 'legRinging']]
])('a leg that was %s and is gone is not dialled a second time', (_, events) => {
  const dialled = events.reduce((play, type) => play.at(5, { type, leg: 'c.1.1' }), play([['A'], ['B']]))
  const after = next(takenOver(dialled, 900), { type: 'legUnmade', leg: 'c.1.1', at: begin + 900 })
  expect(after.filter(({ type }) => type === 'createLeg')).toEqual([{ type: 'createLeg', leg: 'c.2.1', dial: 'B' }])
})

test('a leg found dialled by an earlier process is not dialled a second time', () => {
  const asked = play([['A'], ['B']])
  const [second] = step(takenOver(asked, 900)[0], { type: 'legSeen', leg: 'c.1.1', at: begin + 900 })
  const third = restore(callRecord(second), attemptRecords(second), { at: begin + 1800, maxCallSeconds: 3600 })
  const after = next(third, { type: 'legUnmade', leg: 'c.1.1', at: begin + 1800 })
  expect(after.filter(({ type }) => type === 'createLeg')).toEqual([{ type: 'createLeg', leg: 'c.2.1', dial: 'B' }])
})

test('the records say which legs were dialled, and when', () => {
  const dialled = play([['A'], ['B']]).at(5, { type: 'legSeen', leg: 'c.1.1' })
  expect(attemptRecords(dialled.call)[0]?.dialledAt).toBe(begin + 5)
  const [again] = takenOver(dialled, 900)
  expect(attemptRecords(again)).toEqual(attemptRecords(dialled.call))
})

test('if a leg of a later step is found, ringing legs of the earlier step are hung up', () => {
  const found = next(takenOver(ringing(), 3000), { type: 'legFound', leg: 'c.2.1', at: begin + 3000 })
  expect(found).toContainEqual({ type: 'hangUpLeg', leg: 'c.1.1', cause: 16 })
  expect(found).toContainEqual({ type: 'startTimer', timer: { kind: 'ring', leg: 'c.2.1' }, ms: 10_000 })
})

test('a ringing call with an unreadable plan is not taken over; one past its hunt is', () => {
  const taken = (game: { readonly call: Call }) => () =>
    restore({ ...callRecord(game.call), plan: unreadablePlan }, attemptRecords(game.call), {
      at: begin + 900_000,
      maxCallSeconds: 3600
    })
  const talking = ringing()
    .at(1000, { type: 'legAnswered', leg: 'c.1.1' })
    .at(1003, { type: 'done', command: { type: 'answerCaller' } })
    .at(1006, { type: 'done', command: { type: 'bridge', leg: 'c.1.1' } })
  expect(taken(ringing())).toThrow(expect.objectContaining({ code: 'invalid' }) as Error)
  expect(taken(talking)()[0].phase.kind).toBe('bridged')
  expect(taken(play([], 'voicemail:100@default'))()[0].phase.kind).toBe('ending')
})
