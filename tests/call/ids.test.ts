// The ids of legs: what Asterisk takes for the same id must be the same leg.
import { callIdOf, contactLegIdOf, isLegId, legIdOf, placeInPlan, tryLegIdOf } from '../../src/call/ids'

const counts = Array.from({ length: 120 }, (_, index) => index + 1)
const legs = counts.flatMap((target) =>
  [1, 2, 9, 10, 11, 100].flatMap((step) => [
    { step, target, id: legIdOf('call', step, target), tryNumber: 1 },
    ...[2, 10, 20].map((contact) => ({
      step,
      target,
      tryNumber: 1,
      id: contactLegIdOf('call', step, target, contact)
    })),
    ...[2, 10, 20].map((tryNumber) => ({ step, target, tryNumber, id: tryLegIdOf('call', step, target, tryNumber) }))
  ])
)

test('a leg id contains the call, the step, the target and the try', () => {
  for (const { id, ...place } of legs) {
    expect(callIdOf(id)).toBe('call')
    expect(placeInPlan('call', id)).toEqual(place)
  }
})

// In order, whatever begins with another comes right after one that does.
test('no leg id is a prefix of another: Asterisk 22.5 and later treat such an id as taken', () => {
  const sorted = legs.map(({ id }) => id).sort()
  expect(new Set(sorted).size).toBe(legs.length)
  expect(sorted.filter((id, index) => sorted[index + 1]?.startsWith(id))).toEqual([])
})

test.each([
  [1, 'c.12.1'],
  [10, 'c.12.010'],
  [100, 'c.12.00100']
])('target %i of the twelfth step has leg id %s', (target, id) => expect(legIdOf('c', 12, target)).toBe(id))

test.each([
  ['call.1.1', true],
  ['call.12.010', true],
  ['call.12.c2.010', true],
  ['call.12.t2.010', true],
  ['call.12.c.1', false],
  ['call.c2.1', false],
  ['call.1', false],
  ['call.1.x', false],
  ['call.x.1', false],
  ['.1.1', false],
  ['call.1.1.2', false],
  ['call.1.1;2', false],
  ['a.call.1.1', false],
  ['1700000000.1', false]
])('%s is a leg id of followme: %s', (id, isOurs) => expect(isLegId(id)).toBe(isOurs))
