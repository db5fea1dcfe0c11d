// Answers that never come: a request is cut before Asterisk has seen it, or when it has acted and nobody is told. What became
// of it is looked at, or asked again where that does nothing twice; the call goes on as if nothing had been.
import { until } from '../sandbox/child'
import { startHttpProxy } from '../sandbox/http-proxy'
import type { HttpProxy, Meddling } from '../sandbox/http-proxy'
import { linked } from './linked'
import { answers, useWorld } from './world'

const world = useWorld({ withoutApp: true })
const { connected, said } = linked(world)
let proxy: HttpProxy
beforeAll(async () => {
  proxy = await startHttpProxy(world.asterisk.httpPort)
  await world.startApp({ FOLLOWME_ARI_URL: proxy.url })
  await connected()
})
beforeEach(async () => {
  await proxy.heal()
  world.sql('DELETE FROM calls')
})
afterAll(async () => {
  await world.stopApp()
  await proxy.close()
})

const lease = /^POST .*variable=TIMEOUT/
const create = /^POST .*\/channels\/create/
const dial = /^POST .*\/dial/
const ring = /^POST .*\/ring/
const answer = /^POST .*\/answer/
const makeBridge = /^POST .*\/bridges\/[^/]+$|^POST .*\/bridges\/[^/]+\?/
const join = /^POST .*\/addChannel/
const phase = /^POST .*variable=ARRAY\(FOLLOWME_PHASE/
const hangUp = /^DELETE .*\/channels\//
const endBridge = /^DELETE .*\/bridges\//
const leave = /^POST .*\/continue/

/** Every one of these is meddled with once, and must have been. */
function each(requests: readonly RegExp[], meddling: Meddling): () => Promise<void> {
  const missing = new Set(requests.map(String))
  for (const request of requests) {
    void proxy.meddle(request, meddling).then(() => missing.delete(String(request)))
  }
  return () => until(`these to be asked: ${[...missing].join(' ')}`, () => missing.size === 0)
}

async function only() {
  const stored = await world.settle()
  expect(stored).toHaveLength(1)
  const [last] = stored
  if (last === undefined) throw new Error('no call was recorded')
  return last
}

const cuts = ['before', 'after', 'head', 'half'] as const

test.each(cuts)(
  'if every request of a call is cut once (%s), it is still answered, and no target rings twice',
  async (cut) => {
    world.rule([['PJSIP/alice', 'PJSIP/bob']])
    const alice = await world.phone('alice', { ...answers, afterMs: 300 })
    const bob = await world.phone('bob', { kind: 'ring' })
    const met = each([lease, create, dial, ring, answer, makeBridge, join, phase, hangUp, endBridge], { cut })
    expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200, cause: 16, end: { method: 'BYE' } })
    const { call, attempts } = await only()
    await met()
    expect(call).toMatchObject({ outcome: 'answered', answeredBy: 'PJSIP/alice', endedBy: 'target', cause: 16 })
    expect(attempts.map(({ outcome }) => outcome)).toEqual(['answered', 'answered-elsewhere'])
    expect([alice.calls().length, bob.calls().length]).toEqual([1, 1])
    expect(said('no connection to Asterisk')).toBe(0)
  }
)

test.each(cuts)('a caller sent to voicemail gets there even if the requests are cut (%s)', async (cut) => {
  world.rule([['PJSIP/alice'], ['PJSIP/bob@1']], 'voicemail:100@default')
  await world.phone('alice', { kind: 'refuse', code: 486 })
  const bob = await world.phone('bob', { kind: 'ring' })
  const met = each([create, dial, hangUp, /variable=FOLLOWME_MAILBOX/, leave], { cut })
  expect((await world.call({ hangupAfterMs: 300 })).calls[0]).toMatchObject({ finalCode: 200 })
  const { call, attempts } = await only()
  await met()
  expect(call).toMatchObject({ outcome: 'fallback', fallback: 'voicemail:100@default' })
  expect(attempts.map(({ outcome }) => outcome)).toEqual(['busy', 'no-answer'])
  expect(bob.calls()).toHaveLength(1)
})

test('a caller sent to voicemail gets there even if Asterisk fails twice', async () => {
  world.rule([['PJSIP/alice']], 'voicemail:100@default')
  await world.phone('alice', { kind: 'refuse', code: 486 })
  const met = Promise.all([proxy.meddle(leave, { answer: 500 }), proxy.meddle(leave, { answer: 500 })])
  expect((await world.call({ hangupAfterMs: 300 })).calls[0]).toMatchObject({ finalCode: 200 })
  const { call } = await only()
  await met
  expect(call).toMatchObject({ outcome: 'fallback', fallback: 'voicemail:100@default' })
})

test.each(cuts)('a caller gets busy even if the hang-up request is cut (%s)', async (cut) => {
  world.rule([['PJSIP/alice']])
  await world.phone('alice', { kind: 'refuse', code: 486 })
  const met = each([hangUp], { cut })
  expect((await world.call({ expect: 486 })).calls[0]).toMatchObject({ finalCode: 486 })
  const { call } = await only()
  await met()
  expect(call).toMatchObject({ outcome: 'fallback', endedBy: 'followme', cause: 17 })
})

test.each([
  ['before', 'carol'],
  ['after', 'dave']
] as const)(
  'a target that has not responded yet is not dialled twice, which would end its leg (%s)',
  async (cut, name) => {
    // A phone of its own each: Asterisk goes on asking for half a minute, and would ask it of the cases that follow.
    world.rule([[`PJSIP/${name}@2`], ['PJSIP/bob']])
    const silent = await world.phone(name, { kind: 'silent' })
    await world.phone('bob', answers)
    const met = each([dial], { cut })
    expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
    const { attempts } = await only()
    await met()
    expect(attempts.map(({ outcome }) => outcome)).toEqual(['unreachable', 'answered'])
    const [first] = attempts
    expect((first?.endedAt ?? 0) - (first?.startedAt ?? 0)).toBeGreaterThanOrEqual(2000)
    expect(silent.calls()).toHaveLength(1)
  }
)

test('of ten phones that ring together the first one rings, even if its leg is created last', async () => {
  const others = Array.from({ length: 9 }, (_, index) => `+44207183870${String(index)}`)
  world.rule([['PJSIP/alice', ...others].map((dial) => `${dial}@4`)])
  const carrier = await world.carrier(Object.fromEntries(others.map((each) => [each, { kind: 'ring' }])))
  const alice = await world.phone('alice', { ...answers, afterMs: 300, hangupAfterMs: 200 })
  const made = each([/^POST .*\/channels\/create.*\.1\.1(&|$)/], { cut: 'before' })
  const { calls } = await world.call()
  await made()
  expect(calls[0]).toMatchObject({ finalCode: 200 })
  expect(alice.calls()).toHaveLength(1)
  expect(carrier.calls()).toHaveLength(9)
  expect((await only()).attempts).toHaveLength(10)
})

test('if the answer to the bridging comes after the deadline, the parties stay connected', async () => {
  world.rule([['PJSIP/alice'], ['PJSIP/bob']])
  const alice = await world.phone('alice', { ...answers, afterMs: 100 })
  const bob = await world.phone('bob', { kind: 'answer' })
  void proxy.meddle(join, { hold: 'after' })
  expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200, cause: 16 })
  const { call, attempts } = await only()
  expect(call).toMatchObject({ outcome: 'answered', answeredBy: 'PJSIP/alice' })
  expect(attempts).toHaveLength(1)
  expect([alice.calls().length, bob.calls().length]).toEqual([1, 0])
  expect(said('core show taskprocessors')).toBe(1)
})
