// followme is not there, calls leave through the trunk and come back, and Asterisk ends that by itself.
import { startForwardingCarrier, type Forwarding, type ForwardingCarrier } from '../sandbox/forwarding-carrier'
import { until } from '../sandbox/child'
import { useKeptPlan } from './kept-plan'
import { number, useWorld } from './world'

const world = useWorld({ readable: true, withoutApp: true, globals: { FOLLOWME_CLAIM_SECONDS: '1' } })
const mobiles = ['+447400123456', '+447400123457']
const plan = useKeptPlan(world)
let carrier: ForwardingCarrier
beforeEach(async () => {
  carrier = await startForwardingCarrier(world.asterisk)
  world.sql('DELETE FROM calls; DELETE FROM virtual_numbers')
})
afterEach(async () => {
  await world.stopApp()
  await world.settle()
  carrier.close()
})

/** Two mobiles, one after the other, are forwarded back; followme has left its plan, and is gone. */
async function givenForwarding(forwarding: Omit<Forwarding, 'to'>): Promise<void> {
  world.rule(mobiles.map((mobile) => [`${mobile}@20`]))
  carrier.forwardings = Object.fromEntries(mobiles.map((mobile) => [mobile, { to: number, ...forwarding }]))
  await world.startApp()
  await until(
    'the failsafe to have the plan',
    () => plan().prepare('SELECT 1 FROM failsafe WHERE step = 3').get() !== undefined
  )
  await world.stopApp()
}

async function decisions(): Promise<string[]> {
  await world.startApp()
  await until('the failsafe to be in the records', async () =>
    (await world.records()).some(({ call }) => call.decision === 'rule')
  )
  return (await world.settle()).map(({ call }) => call.decision)
}

test('a call comes back once, with the header of the failsafe, and the next time it is refused as busy', async () => {
  await givenForwarding({ keeps: true })
  await world.call({ expect: 486 })
  expect(carrier.invites.map((invite) => /^X-Followme: (.*)\r$/m.exec(invite)?.[1])).toEqual([
    ...['failsafe.1', 'failsafe.2', 'failsafe.2'],
    ...['failsafe.1', 'failsafe.2', 'failsafe.2']
  ])
  const each = await decisions()
  expect(each.filter((decision) => decision === 'rule')).toHaveLength(3)
  expect(each.filter((decision) => decision === 'loop')).toHaveLength(4)
})

test.each([
  ['of one number', []],
  ['without a number', ['Privacy: id']]
])('without any header, a loop of calls %s is ended after about twenty calls', async (_, headers) => {
  await givenForwarding({})
  await world.call({ expect: 486, headers })
  expect(carrier.invites.length).toBeLessThanOrEqual(50)
  expect((await decisions()).filter((decision) => decision === 'loop').length).toBeGreaterThan(0)
})

test('calls of a caller who is in no loop reach the targets, one after another', async () => {
  await givenForwarding({ keeps: true })
  carrier.forwardings = {}
  for (const from of ['+15005550007', '+15005550008']) {
    await world.call({ from: `<sip:${from}@127.0.0.1>`, cancelAfterMs: 300 })
  }
  expect(carrier.invites).toHaveLength(2)
})

test('a leg counts while it rings, and no longer in a conversation', async () => {
  await givenForwarding({})
  carrier.close()
  const counted = async (): Promise<boolean> =>
    (await world.asterisk.cli('group show channels')).includes('15005550006')
  const first = mobiles[0] ?? ''
  const ringing = await world.carrier({ [first]: { kind: 'ring' } })
  const impatient = world.dial({ cancelAfterMs: 60_000 })
  await until('the leg to count', counted)
  impatient.hangUp()
  await impatient.finished
  await ringing.stop()
  const answering = await world.carrier({ [first]: { kind: 'answer' } })
  const caller = world.dial()
  await answering.waitForCall('the answer', ({ finalCode }) => finalCode === 200)
  await until('the leg to count no longer', async () => !(await counted()))
  expect(await world.asterisk.channels()).toHaveLength(2)
  caller.hangUp()
  await caller.finished
})
