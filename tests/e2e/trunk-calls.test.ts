// What trunks are shown, those that keep failing or are full, and private ones: live, from a process that took the call over, and from
// the failsafe.
import { until } from '../sandbox/child'
import type { SippHandle } from '../sandbox/sipp'
import { ready } from './served'
import { numbersCalled, two, useTrunks } from './trunk-world'
import { answers, number } from './world'

const mobile = '+447400123456'
const world = useTrunks()
const busy = { kind: 'refuse', code: 486 } as const

/** The reason and the number in the Diversion header of every call. */
const diversions = (handle: SippHandle): readonly string[] =>
  handle.calls().map(({ invite }) => {
    const header = /^Diversion: (.*)$/im.exec(invite.raw)?.[1] ?? ''
    return header.replace(/@[^>]*/, '').trim()
  })
const fromOf = (handle: SippHandle): readonly string[] =>
  handle.calls().map(({ invite }) => /^From: .*<sip:([^@]*)@/im.exec(invite.raw)?.[1] ?? '')

describe('what each trunk is shown', () => {
  const given = (): void => {
    world.trunks({
      first: { endpoint: 'trunk', columns: { shows: 'caller', diversion: 'unconditional' } },
      second: { columns: { shows: 'number' } }
    })
    world.rule([[mobile], ['PJSIP/alice']])
    world.sql(`UPDATE virtual_numbers SET caller_id_policy = 'caller' WHERE number = '${number}'`)
  }
  const seen = async (prepare: () => Promise<void>): Promise<unknown> => {
    given()
    const alice = await world.phone('alice', busy)
    const both = await world.carriers({ kind: 'refuse', code: 503 }, busy)
    const all = [...both, alice]
    both[1].calls()
    // The second trunk refuses as the first does, and alice is called by the caller's own number.
    await prepare()
    await world.call({ expect: 486 })
    return all.map((each) => [fromOf(each), diversions(each)])
  }
  const expected = [
    [['+15005550006'], [`<sip:${number}>;reason=unconditional`]],
    [[number], ['']],
    [['+15005550006'], ['']]
  ]
  test('live', async () => expect(await seen(() => world.connected())).toEqual(expected))
  test('in the failsafe', async () => expect(await seen(() => world.failsafeHasThePlan(4))).toEqual(expected))
})

test('a withheld caller stays withheld, and the Diversion names the number of the site', async () => {
  world.trunks({ first: { endpoint: 'trunk', columns: { shows: 'caller', diversion: 'no-answer' } } })
  world.rule([[mobile]])
  const carrier = await world.carrier({ default: busy })
  await world.connected()
  await world.call({ expect: 486, headers: ['Privacy: id'] })
  expect(diversions(carrier)).toEqual([`<sip:${number}>;reason=no-answer`])
  expect(carrier.calls()[0]?.invite.raw).not.toContain('15005550006')
})

test('a trunk that keeps failing is passed over, and says so', async () => {
  world.trunks(two)
  world.rule([[mobile]])
  const both = await world.carriers({ kind: 'refuse', code: 503 }, busy)
  await world.connected()
  for (let index = 0; index < 5; index++) await world.call({ expect: 486 })
  expect(both.map((each) => each.calls().length)).toEqual([3, 5])
  const { attempts = [] } = (await world.settle()).at(-1) ?? {}
  expect(attempts).toMatchObject([
    {
      trunk: 'first',
      outcome: 'limited',
      reason: expect.stringMatching(/^trunk first is passed over until 20/) as string
    },
    { trunk: 'second', outcome: 'busy' }
  ])
  const warnings = world.logged.filter((line) => line.includes('keeps failing'))
  expect(warnings).toHaveLength(1)
  const { trunks: states } = (await (
    await fetch(`http://127.0.0.1:${String(world.app().httpPort)}/readyz`)
  ).json()) as {
    trunks: unknown
  }
  expect(states).toEqual([
    { name: 'first', calls: 0, restingUntil: expect.stringMatching(/^20/) as string },
    { name: 'second', calls: 0, restingUntil: null }
  ])
})

test('the last trunk is tried even if it keeps failing', async () => {
  world.trunks({ first: { endpoint: 'trunk' } })
  world.rule([[mobile]])
  const carrier = await world.carrier({ default: { kind: 'refuse', code: 503 } })
  await world.connected()
  for (let index = 0; index < 5; index++) await world.call({ expect: 486 })
  expect(carrier.calls()).toHaveLength(5)
})

describe('a trunk that carries as many calls as it may have', () => {
  const given = async (): Promise<readonly [SippHandle, SippHandle]> => {
    world.trunks({ first: { endpoint: 'trunk', columns: { max_calls: 1 } }, second: {} })
    world.rule([[mobile]])
    return world.carriers({ kind: 'ring' }, answers)
  }
  test('is passed over', async () => {
    const both = await given()
    await world.connected()
    const first = world.dial()
    await until('the first call to ring', () => both[0].calls().length === 1)
    await world.call()
    expect(both.map(numbersCalled)).toEqual([[mobile], [mobile]])
    first.hangUp()
    await first.finished
    expect((await world.settle()).at(-1)?.attempts).toMatchObject([
      { trunk: 'first', outcome: 'limited', reason: 'trunk first carries 1 call, and its max_calls is 1' },
      { trunk: 'second', outcome: 'answered' }
    ])
  })
  test('counts a call of the process before', async () => {
    const both = await given()
    const served = await ready(world)
    const first = world.dial()
    await until('the first call to ring', () => both[0].calls().length === 1)
    await until('the record to say so', async () => (await world.records()).at(-1)?.attempts[0]?.ringingAt != null)
    served.child.kill('SIGKILL')
    await served.exited
    await world.connected()
    await until('the call to be taken over', () => world.logged.some((line) => line.includes('call taken over')))
    await world.call()
    expect(both.map(numbersCalled)).toEqual([[mobile], [mobile]])
    first.hangUp()
    await first.finished
  })
  test('is passed over in the failsafe', async () => {
    const both = await given()
    await world.failsafeHasThePlan(3)
    const first = world.dial()
    await until('the first call to ring', () => both[0].calls().length === 1)
    await world.call()
    expect(both.map(numbersCalled)).toEqual([[mobile], [mobile]])
    first.hangUp()
    await first.finished
  })
})

test('a process that takes the call over goes on with the trunk that rings', async () => {
  world.trunks(two)
  world.rule([[mobile]])
  const both = await world.carriers({ kind: 'refuse', code: 503 }, { ...answers, afterMs: 6000 })
  const served = await ready(world)
  const call = world.dial()
  await until('the second try to ring', async () => (await world.records()).at(-1)?.attempts[1]?.ringingAt != null)
  served.child.kill('SIGKILL')
  await served.exited
  await world.connected()
  await call.finished
  expect(both.map(numbersCalled)).toEqual([[mobile], [mobile]])
  expect((await world.settle()).at(-1)).toMatchObject({
    call: { outcome: 'answered', answeredBy: mobile },
    attempts: [
      { tryNumber: 1, trunk: 'first', outcome: 'congestion' },
      { tryNumber: 2, trunk: 'second', outcome: 'answered' }
    ]
  })
})

describe('a private trunk', () => {
  const given = async (): Promise<SippHandle> => {
    world.trunks({ site: { endpoint: 'branch', columns: { private: 1 } }, first: { endpoint: 'trunk' } })
    world.rule([['PJSIP/alice']])
    world.sql("UPDATE targets SET dial = 'PJSIP/101@branch'")
    return world.phone('carol', busy)
  }
  test('rings an extension, which sees the caller', async () => {
    const branch = await given()
    await world.connected()
    await world.call({ expect: 486 })
    expect([numbersCalled(branch), fromOf(branch)]).toEqual([['101'], ['+15005550006']])
  })
  test('so in the failsafe', async () => {
    const branch = await given()
    await world.failsafeHasThePlan(2)
    await world.call({ expect: 486 })
    expect([numbersCalled(branch), fromOf(branch)]).toEqual([['101'], ['+15005550006']])
  })
  test('calls no emergency number, and takes no number that is not among its prefixes', async () => {
    const branch = await given()
    world.sql(`DELETE FROM targets; INSERT INTO targets (number, rule, step, dial, ring_seconds)
      VALUES ('${number}', 'always', 1, '${mobile}', 5), ('${number}', 'always', 2, 'PJSIP/0112@branch', 5)`)
    const carrier = await world.carrier({ default: busy })
    await world.connected()
    await world.call({ expect: 486 })
    expect([numbersCalled(branch), numbersCalled(carrier)]).toEqual([[], [mobile]])
    expect((await world.settle()).at(-1)?.attempts).toMatchObject([{ outcome: 'busy' }, { outcome: 'refused' }])
  })
})
