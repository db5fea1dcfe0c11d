// The next trunk is tried where one fails before the call rings, and never where a person, or the network for the person, has answered:
// by what two carriers receive, live and from the failsafe.
import { numbersCalled, type TrunkOf, two, useTrunks } from './trunk-world'
import { answers } from './world'

const mobile = '+447400123456'
const world = useTrunks()

const busy = { kind: 'refuse', code: 486 } as const
const refusals: readonly (readonly [code: number, isTriedAgain: boolean])[] = [
  [503, true],
  [500, true],
  [403, true],
  [402, true],
  [488, true],
  [404, false],
  [480, false],
  [484, false],
  [603, false]
]

/** Asterisk 16 does not tell the response, and without it a 4xx may be the person's. */
const isUntold = (code: number): boolean => process.env['FOLLOWME_SANDBOX_SUITE'] === 'bullseye' && code < 500

describe.each(refusals)('the first trunk answers %d', (code, isAboutTrunk) => {
  const isTriedAgain = isAboutTrunk && !isUntold(code)
  const expected = isTriedAgain ? [[mobile], [mobile]] : [[mobile], []]

  test(`the number is ${isTriedAgain ? '' : 'not '}tried through the second`, async () => {
    world.trunks(two)
    world.rule([[mobile]])
    const both = await world.carriers({ kind: 'refuse', code }, busy)
    await world.connected()
    await world.call({ expect: 486 })
    expect(both.map(numbersCalled)).toEqual(expected)
    const attempts = (await world.settle()).at(-1)?.attempts ?? []
    expect(attempts.map(({ tryNumber, trunk }) => [tryNumber, trunk])).toEqual(
      [
        [1, 'first'],
        [2, 'second']
      ].slice(0, isTriedAgain ? 2 : 1)
    )
    expect(attempts.every(({ dial }) => dial === mobile)).toBe(true)
  })

  test('so in the failsafe', async () => {
    world.trunks(two)
    world.rule([[mobile]])
    const both = await world.carriers({ kind: 'refuse', code }, busy)
    await world.failsafeHasThePlan(3)
    await world.call({ expect: 486 })
    expect(both.map(numbersCalled)).toEqual(expected)
  })
})

const failing: readonly (readonly [string, Readonly<Record<string, TrunkOf>>])[] = [
  ['does not exist', { first: { endpoint: 'nobody' }, second: {} }],
  ['is not registered', { first: { endpoint: 'unregistered' }, second: {} }],
  ['is not there', { first: { endpoint: 'gone' }, second: {} }]
]
test.each(failing)('the second trunk is tried if the first one %s', async (_, rows) => {
  world.trunks(rows)
  world.rule([[`${mobile}@6`]])
  const second = await world.phone('dave', answers)
  await world.connected()
  await world.call()
  expect(numbersCalled(second)).toEqual([mobile])
  expect((await world.settle()).at(-1)).toMatchObject({
    call: { outcome: 'answered', answeredBy: mobile },
    attempts: [
      { trunk: 'first', answeredAt: null },
      { trunk: 'second', outcome: 'answered' }
    ]
  })
})

test.each(failing)('so in the failsafe if it %s', async (_, rows) => {
  world.trunks(rows)
  world.rule([[`${mobile}@6`]])
  const second = await world.phone('dave', answers)
  await world.failsafeHasThePlan(3)
  await world.call()
  expect(numbersCalled(second)).toEqual([mobile])
})

test('a call that has rung is not tried again, whatever ends it', async () => {
  world.trunks(two)
  world.rule([[mobile]])
  const both = await world.carriers({ kind: 'refuse', code: 503, afterMs: 500 }, busy)
  await world.connected()
  await world.call({ expect: 486 })
  expect(both.map(numbersCalled)).toEqual([[mobile], []])
})

test('the phones of the step go on ringing while a number is tried again', async () => {
  world.trunks(two)
  world.rule([['PJSIP/alice@4', `${mobile}@4`]])
  const alice = await world.phone('alice', { kind: 'ring' })
  const both = await world.carriers({ kind: 'refuse', code: 503 }, { kind: 'ring' })
  await world.connected()
  await world.call({ expect: 486 })
  expect([alice.calls().length, ...both.map((each) => each.calls().length)]).toEqual([1, 1, 1])
})

test('each trunk gets the number as its template says, and only the numbers of its prefixes', async () => {
  world.trunks({
    french: { endpoint: 'trunk', prefixes: ['+33'] },
    digits: { endpoint: 'trunk', template: '{digits}' },
    national: { endpoint: 'second', template: '9{national}' }
  })
  world.sql("INSERT OR IGNORE INTO dial_policy (prefix, verdict) VALUES ('+33', 'allow')")
  world.rule([[mobile], ['+14155550177'], ['+33140000000']])
  const both = await world.carriers({ kind: 'refuse', code: 503 }, { kind: 'refuse', code: 503 })
  await world.connected()
  await world.call({ expect: 486 })
  expect(both.map(numbersCalled)).toEqual([
    ['447400123456', '14155550177', '+33140000000', '33140000000'],
    ['9011447400123456', '94155550177', '901133140000000']
  ])
})

// Last: Asterisk goes on asking such a trunk for half a minute.
test('a trunk that says nothing is given half of the ring time', async () => {
  world.trunks(two)
  world.rule([[`${mobile}@6`]])
  const both = await world.carriers({ kind: 'silent' }, answers)
  await world.connected()
  await world.call()
  expect(both.map(numbersCalled)).toEqual([[mobile], [mobile]])
  expect((await world.settle()).at(-1)?.attempts).toMatchObject([{ outcome: 'unreachable' }, { outcome: 'answered' }])
})
