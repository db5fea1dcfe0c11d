// 603 from a person, and "603+" from the network's analytics (ATIS-1000099), without the followme that rang the phone.
import { until } from '../sandbox/child'
import { ready } from './served'
import { number, useWorld } from './world'

const world = useWorld({ readable: true, withoutApp: true })
afterEach(async () => {
  await world.stopApp()
  world.sql('DELETE FROM calls; DELETE FROM failsafe; DELETE FROM virtual_numbers')
})

const reason = 'Reason: SIP;cause=603;text="v=analytics1;url=https://carrier.example/blocked";location=TN'
const blocked = { kind: 'refuse', code: 603, reason: 'Network Blocked', headers: [reason] } as const
const refusals = {
  alice: blocked,
  bob: { kind: 'refuse', code: 603 },
  carol: { ...blocked, reason: 'network blocked', afterMs: 200 },
  dave: { kind: 'refuse', code: 403, reason: 'Network Blocked' }
} as const
const names = Object.keys(refusals) as (keyof typeof refusals)[]

const phones = () => Promise.all(names.map((name) => world.phone(name, refusals[name])))
const kept = () =>
  until('the failsafe to be kept', async () => {
    const steps = await world.asterisk.cli(`realtime load followme_failsafe entry ${number}/${names.length + 1}`)
    return steps.includes('busy')
  })

async function attempts() {
  const stored = await world.settle()
  return stored.at(-1)?.attempts.map(({ outcome, cause, sipCode }) => [outcome, cause, sipCode])
}

test('after a takeover, a leg dialled by the killed process still reports that the network blocked it', async () => {
  world.rule([['+442071838701']])
  await world.carrier({ '+442071838701': { ...blocked, afterMs: 3000 } })
  const served = await ready(world)
  const call = world.dial({ expect: 486 })
  await until('the colleague to be rung', async () =>
    (await world.records()).some(({ attempts: [first] }) => first?.ringingAt != null)
  )
  served.child.kill('SIGKILL')
  await served.exited
  await world.startApp()
  await call.finished
  expect((await attempts())?.map(([outcome, cause]) => [outcome, cause])).toEqual([['failed', 24]])
})

test('in the failsafe, a call blocked by the network is not a decline, and a decline is one, on any Asterisk', async () => {
  world.rule(names.map((name) => [`PJSIP/${name}`]))
  await world.startApp()
  await kept()
  await world.stopApp()
  await phones()
  await world.call({ expect: 486 })
  await world.startApp()
  await until('the record', async () => (await world.records()).some(({ call }) => call.failsafeAt !== null))
  expect(await attempts()).toEqual([
    ['failed', 24, 603],
    ['declined', 21, 603],
    ['failed', 24, 603],
    ['failed', 21, 403]
  ])
})

test('in the failsafe, if several targets ring together, no response is attributed to the wrong one', async () => {
  world.rule([['PJSIP/alice', 'PJSIP/bob']])
  await world.startApp()
  await until('the failsafe to be kept', async () =>
    (await world.asterisk.cli(`realtime load followme_failsafe entry ${number}/2`)).includes('busy')
  )
  await world.stopApp()
  await phones()
  await world.call({ expect: 486 })
  await world.startApp()
  await until('the record', async () => (await world.records()).some(({ call }) => call.failsafeAt !== null))
  expect(await attempts()).toEqual([
    ['failed', 21, null],
    ['failed', 21, null]
  ])
})
