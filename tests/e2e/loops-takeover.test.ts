// A call goes out through the trunk, followme is killed, and the call comes back to the next process.
import { startForwardingCarrier, type ForwardingCarrier } from '../sandbox/forwarding-carrier'
import { until } from '../sandbox/child'
import { useKilled } from './killed'
import { number } from './world'

const { world, killed, back, rings } = useKilled()
const mobile = '+447400123456'
let carrier: ForwardingCarrier
beforeEach(async () => {
  carrier = await startForwardingCarrier(world.asterisk)
})
afterEach(() => carrier.close())

/** The records, once all of these calls are over. */
async function recordsOf(count: number) {
  await until('the records to be closed', async () => {
    const ended = (await world.records()).filter(({ call }) => call.endedAt !== null)
    return ended.length >= count
  })
  return world.settle()
}

test.each([
  ['with our header', { keeps: true }],
  ['with Diversion', { diverts: true }]
])('a call that comes back %s to the next process is refused, and its record names the call', async (_, signs) => {
  world.rule([[`${mobile}@60`]])
  carrier.forwardings = { [mobile]: { to: number, after: 'told', ...signs } }
  const caller = world.dial({ expect: 486 })
  await until('the leg to be out', () => carrier.invites.length === 1)
  await rings()
  await killed()
  await back()
  carrier.forward()
  await caller.finished
  const [first, second, ...more] = await recordsOf(2)
  expect(more).toEqual([])
  expect(second?.call).toMatchObject({ decision: 'loop', cause: 17, cameFrom: first?.call.id })
  expect(first?.attempts).toMatchObject([{ outcome: 'busy' }])
})

test('what a call came from is known to the next process: the chain does not begin anew', async () => {
  const other = '+14155550101'
  world.rule([[`${mobile}@60`]])
  world.sql(`INSERT INTO virtual_numbers (number, time_zone, fallback) VALUES ('${other}', 'UTC', 'busy');
    INSERT INTO rules (number, name, position) VALUES ('${other}', 'all', 1);
    INSERT INTO targets (number, rule, step, dial, ring_seconds) VALUES ('${other}', 'all', 1, '+447400123457', 60)`)
  carrier.forwardings = {
    [mobile]: { to: other, keeps: true },
    '+447400123457': { to: number, after: 'told', keeps: true }
  }
  const caller = world.dial({ expect: 486 })
  await until('both legs to be out', () => carrier.invites.length === 2)
  await until('both to be recorded', async () => (await world.records()).length === 2)
  await rings()
  await killed()
  await back()
  carrier.forward()
  await caller.finished
  const [first, second, third, ...more] = await recordsOf(3)
  expect(more).toEqual([])
  expect(second?.call.cameFrom).toBe(first?.call.id)
  expect(third?.call).toMatchObject({ decision: 'loop', cameFrom: second?.call.id })
  expect(third?.call.reason).toContain(first?.call.id)
})
