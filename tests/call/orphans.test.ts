import { orphans } from '../../src/call/orphans'
import type { AsteriskSnapshot } from '../../src/ports'

const up = { state: 'up', ours: true, controlled: true } as const
const foreign = { state: 'up', ours: false, controlled: true } as const
const nobodyLives = { hasSeen: () => false, isKnown: () => false, isReplaced: () => false }

function world(
  legs: [string, AsteriskSnapshot['legs'] extends ReadonlyMap<string, infer L> ? L : never][],
  bridges: [string, boolean, string[]][]
): AsteriskSnapshot {
  return { legs: new Map(legs), bridges: new Map(bridges.map(([id, ours, members]) => [id, { ours, members }])) }
}

test('connected parties without a call are left alone and watched', () => {
  const alive = world(
    [
      ['17.1', foreign],
      ['a.1.1', up]
    ],
    [['a.bridge', true, ['17.1', 'a.1.1']]]
  )
  expect(orphans(alive, nobodyLives)).toEqual({ legs: [], bridges: [], talking: new Set(['17.1', 'a.1.1']) })
})

test.each([
  ['the caller', '17.1', foreign],
  ['the target', 'a.1.1', up]
] as const)('if only %s is left in the bridge, the leg and the bridge are removed', (_, leg, kind) => {
  const alive = world([[leg, kind]], [['a.bridge', true, [leg]]])
  expect(orphans(alive, nobodyLives)).toEqual({ legs: [leg], bridges: ['a.bridge'], talking: new Set() })
})

test('a ringing leg without a caller and an empty bridge are removed', () => {
  const alive = world([['a.1.1', { state: 'ringing', ours: true, controlled: true }]], [['b.bridge', true, []]])
  expect(orphans(alive, nobodyLives)).toEqual({
    legs: ['a.1.1'],
    bridges: ['b.bridge'],
    talking: new Set()
  })
})

test("another program's bridge with followme's name but no id of followme's is left alone", () => {
  const alive = world([['17.1', foreign]], [['conference', true, ['17.1']]])
  expect(orphans(alive, nobodyLives)).toEqual({ legs: [], bridges: [], talking: new Set() })
})

test('foreign channels and bridges are left alone', () => {
  const alive = world(
    [
      ['17.1', foreign],
      ['x.1.1', foreign]
    ],
    [['x.bridge', false, ['17.1']]]
  )
  expect(orphans(alive, nobodyLives)).toEqual({ legs: [], bridges: [], talking: new Set() })
})

test('the legs and bridges of a live call are left alone', () => {
  const alive = world([['a.1.1', up]], [['a.bridge', true, ['a.1.1']]])
  expect(orphans(alive, { ...nobodyLives, hasSeen: (callId) => callId === 'a' })).toEqual({
    legs: [],
    bridges: [],
    talking: new Set()
  })
})

const stranger = { state: 'up', ours: false, controlled: true, stranger: true } as const

test('a replacing party of an ended call is hung up unless it talks to somebody', () => {
  const alive = world(
    [
      ['17.5', stranger],
      ['17.6', stranger],
      ['17.7', foreign]
    ],
    [['conference', false, ['17.6', '17.7']]]
  )
  expect(orphans(alive, nobodyLives).legs).toEqual(['17.5'])
  expect(orphans(alive, { ...nobodyLives, isKnown: (leg) => leg === '17.5' }).legs).toEqual([])
})

test('a party that picked up a leg is kept as long as it has a place in a call', () => {
  const alive = world([['17.5', up]], [])
  expect(orphans(alive, nobodyLives).legs).toEqual(['17.5'])
  expect(orphans(alive, { ...nobodyLives, isKnown: (leg) => leg === '17.5' }).legs).toEqual([])
})

test('a replaced party, even the caller, is hung up once it is in no bridge', () => {
  const isReplaced = (leg: string): boolean => leg === '17.1'
  const alive = world([['17.1', foreign]], [])
  expect(orphans(alive, { ...nobodyLives, isReplaced }).legs).toEqual(['17.1'])
  const joined = world([['17.1', foreign]], [['a.bridge', true, ['17.1', '17.2']]])
  expect(orphans(joined, { ...nobodyLives, isReplaced }).legs).toEqual([])
})
