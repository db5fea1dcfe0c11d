// Who has which place: commands go to the leg that is there now.
import { currentCaller, currentLeg, currentLegOf } from '../../src/call/places'
import { play } from './play'

test('a place belongs to the last party that took it, or else to its original leg', () => {
  const taker = { isUp: false, who: 'PJSIP/taker' } as const
  const { call } = play([['A', 'B']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(6, { type: 'legSeen', leg: 'c.1.2' })
    .at(7, { type: 'legReplaced', leg: 'c.1.2', by: 't1', ...taker })
    .at(8, { type: 'legReplaced', leg: 'c.1.2', by: 't2', ...taker })
  expect(call.legs.map(currentLeg)).toEqual(['c.1.1', 't2'])
  expect(['c.1.1', 'c.1.2', 'c.9.9'].map((id) => currentLegOf(call, id))).toEqual(['c.1.1', 't2', 'c.9.9'])
  expect(currentCaller(call)).toBe(call.incoming.aLeg)
  expect(currentCaller({ ...call, callerReplacedBy: 't3' })).toBe('t3')
})
