// followme is not there, and Asterisk keeps within target_limits by itself: phones that have room ring together.
import { until } from '../sandbox/child'
import type { SippHandle } from '../sandbox/sipp'
import { useKeptPlan } from './kept-plan'
import { number, useWorld } from './world'

const world = useWorld({ readable: true, withoutApp: true, globals: { FOLLOWME_CLAIM_SECONDS: '1' } })
const plan = useKeptPlan(world)
const names = ['alice', 'bob', 'carol'] as const
const mobile = '+447400123456'

afterEach(async () => {
  await world.stopApp()
  await world.settle()
  world.sql('DELETE FROM target_limits; DELETE FROM dial_policy; DELETE FROM failsafe')
})

/** followme has left the plan for Asterisk, and is gone. The targets have a limit of one call each. */
async function given(steps: readonly (readonly string[])[], limited: readonly string[], rows = steps.length + 1) {
  world.rule(steps)
  for (const dial of limited) world.sql(`INSERT INTO target_limits (dial) VALUES ('${dial}')`)
  await world.startApp()
  const last = plan().prepare('SELECT 1 FROM failsafe WHERE number = ? AND step = ? AND fallback IS NOT NULL')
  await until('the failsafe to have the plan', () => last.get(number, rows) !== undefined)
  await world.stopApp()
}

const counts = (phones: readonly SippHandle[]) => phones.map((each) => each.calls().length)

test('three phones with limits ring together; the one that talks is left out, and the other two are free', async () => {
  const dials = names.map((name) => `PJSIP/${name}`)
  await given([dials.map((dial) => `${dial}@5`)], dials)
  const [alice, bob, carol] = [
    await world.phone('alice', { kind: 'answer', afterMs: 1500 }),
    await world.phone('bob', { kind: 'ring' }),
    await world.phone('carol', { kind: 'ring' })
  ]
  const phones = [alice, bob, carol]
  const first = world.dial()
  await until('all three to ring', () => counts(phones).every((count) => count === 1))
  await until('Alice to talk', () => alice.calls()[0]?.finalCode === 200)
  await until('the others to stop', () => [bob, carol].every((each) => each.calls()[0]?.finalCode === 487))
  await world.call({ expect: 486 })
  expect(counts(phones)).toEqual([1, 2, 2])
  first.hangUp()
  await first.finished
  await world.call({ hangupAfterMs: 300 })
  expect(counts(phones)).toEqual([2, 3, 3])
})

test('a phone that another call rings is skipped, and the next step rings immediately', async () => {
  await given([['PJSIP/alice@20'], ['PJSIP/bob@20']], ['PJSIP/alice'])
  const alice = await world.phone('alice', { kind: 'ring' })
  const bob = await world.phone('bob', { kind: 'answer' })
  const first = world.dial({ cancelAfterMs: 60_000 })
  await until('Alice to ring', () => alice.calls().length === 1)
  await world.call({ hangupAfterMs: 300 })
  expect(counts([alice, bob])).toEqual([1, 1])
  first.hangUp()
  await first.finished
})

test('of many callers, no more reach a phone than it may have, and it is free after them', async () => {
  await given([['PJSIP/alice@3'], ['PJSIP/bob@20']], ['PJSIP/alice'])
  const alice = await world.phone('alice', { kind: 'ring' })
  const bob = await world.phone('bob', { kind: 'answer' })
  const callers = world.dial({ count: 8, ratePerSecond: 20, hangupAfterMs: 300 })
  expect(await callers.finished).toMatchObject({ successful: 8 })
  expect(alice.calls().length).toBeLessThanOrEqual(1)
  expect(bob.calls()).toHaveLength(8)
  const before = alice.calls().length
  await world.call({ hangupAfterMs: 300 })
  expect(alice.calls()).toHaveLength(before + 1)
})

test('a number that has talked through a trunk stays counted until the call ends, and a phone of its step is free', async () => {
  await given([[`${mobile}@5`, 'PJSIP/alice@5']], [mobile, 'PJSIP/alice'])
  const carrier = await world.carrier({ [mobile]: { kind: 'answer', afterMs: 1000 } })
  const alice = await world.phone('alice', { kind: 'ring' })
  const first = world.dial()
  await until('the carrier to answer', () => carrier.calls()[0]?.finalCode === 200)
  await until('Alice to stop', () => alice.calls()[0]?.finalCode === 487)
  await world.call({ expect: 486 })
  expect(counts([carrier, alice])).toEqual([1, 2])
  first.hangUp()
  await first.finished
})

test('an Asterisk that cannot count rings phones in spite of their limits', async () => {
  await given([['PJSIP/alice@20']], ['PJSIP/alice'])
  await world.asterisk.cli('module unload func_groupcount.so')
  const alice = await world.phone('alice', { kind: 'answer' })
  await world.call({ hangupAfterMs: 300 })
  expect(alice.calls()).toHaveLength(1)
})
