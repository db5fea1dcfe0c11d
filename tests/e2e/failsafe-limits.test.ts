// followme is not there, and Asterisk keeps within the limits of dial_policy by itself.
import { until } from '../sandbox/child'
import { useKeptPlan } from './kept-plan'
import { number, useWorld } from './world'

const mobile = '+447400123456'
const world = useWorld({ readable: true, withoutApp: true, globals: { FOLLOWME_CLAIM_SECONDS: '1' } })
const plan = useKeptPlan(world)
afterEach(async () => {
  await world.stopApp()
  await world.settle()
})

/** A number and Alice ring together, then Bob; followme has left it for Asterisk, and is gone. */
async function givenLimits(limits: string, first = [`${mobile}@3`, 'PJSIP/alice@3']): Promise<void> {
  world.rule([first, ['PJSIP/bob']])
  const [prefix = '', site = ''] = limits.split('&').map((each) => each.split(':')[1] ?? '')
  world.sql(`INSERT OR REPLACE INTO dial_policy (prefix, verdict, max_calls)
    VALUES ('+44', 'allow', ${prefix}), ('+', 'limit', ${site})`)
  await world.startApp()
  await until('the failsafe to have the limits', () => kept() === limits)
  await world.stopApp()
}

function kept(): unknown {
  return plan().prepare('SELECT limits FROM failsafe WHERE number = ? AND step = 1').pluck().get(number)
}

test('of many callers, only as many as the limit reach the number; all ring the other targets of the step, and then the next step', async () => {
  await givenLimits('44:2&0:9')
  const carrier = await world.carrier({ [mobile]: { kind: 'ring' } })
  const alice = await world.phone('alice', { kind: 'ring' })
  const bob = await world.phone('bob', { kind: 'answer' })
  const callers = world.dial({ count: 8, ratePerSecond: 20, hangupAfterMs: 300 })
  expect(await callers.finished).toMatchObject({ successful: 8 })
  const rung = carrier.calls().length
  // Of two who look at the same moment, neither may get the last place.
  expect([1, 2]).toContain(rung)
  expect(alice.calls()).toHaveLength(8)
  expect(bob.calls()).toHaveLength(8)
  // Their steps are over, and there is room again.
  await world.call({ hangupAfterMs: 300 })
  expect(carrier.calls()).toHaveLength(rung + 1)
})

test('a conversation counts against the limit until it ends', async () => {
  await givenLimits('44:1&0:9')
  const carrier = await world.carrier({ [mobile]: { kind: 'answer' } })
  await world.phone('alice', { kind: 'ring' })
  await world.phone('bob', { kind: 'answer' })
  const first = world.dial()
  await until('the first to talk', () => carrier.calls()[0]?.finalCode === 200)
  await world.call({ hangupAfterMs: 300 })
  expect(carrier.calls()).toHaveLength(1)
  first.hangUp()
  await first.finished
  await world.call({ hangupAfterMs: 300 })
  expect(carrier.calls()).toHaveLength(2)
})

test('the limit of the whole site applies in addition to that of the prefix', async () => {
  await givenLimits('44:5&0:1', [`${mobile}@3`])
  const carrier = await world.carrier({ [mobile]: { kind: 'answer' } })
  await world.phone('bob', { kind: 'answer' })
  const first = world.dial()
  await until('the first to talk', () => carrier.calls()[0]?.finalCode === 200)
  await world.call({ hangupAfterMs: 300 })
  expect(carrier.calls()).toHaveLength(1)
  first.hangUp()
  await first.finished
})

test('an Asterisk that cannot count leaves out targets with a limit, and rings the others', async () => {
  await givenLimits('44:5&0:9')
  await world.asterisk.cli('module unload func_groupcount.so')
  const carrier = await world.carrier({ [mobile]: { kind: 'answer' } })
  const alice = await world.phone('alice', { kind: 'answer' })
  await world.call({ hangupAfterMs: 300 })
  expect(carrier.calls()).toEqual([])
  expect(alice.calls()).toHaveLength(1)
})
