// The limits of dial_policy, seen from the carrier: many callers at once, a process that is killed, and one that is replaced.
import { until } from '../sandbox/child'
import { useKilled } from './killed'
import { ready } from './served'

const mobile = '+447400123456'
const { world, killed, back, served } = useKilled()

/** Alice stands behind the number, and takes everybody whom the limit sends on. */
function givenLimits(limits: string): void {
  world.rule([[`${mobile}@30`], ['PJSIP/alice@30']])
  world.sql(`INSERT OR REPLACE INTO dial_policy (prefix, verdict, ${limits}`)
}

/** How many calls the carrier has had at once, at most. */
function mostAtOnce(calls: readonly { readonly from: number; readonly to: number }[]): number {
  return Math.max(0, ...calls.map(({ from }) => calls.filter((each) => each.from <= from && from < each.to).length))
}

test('with 50 callers and a SIGKILL in between, the carrier never has more legs than the limit, and all other callers reach the next target', async () => {
  givenLimits("max_calls, max_per_hour) VALUES ('+44', 'allow', 4, 9)")
  const carrier = await world.carrier({ [mobile]: { kind: 'ring' } })
  const alice = await world.phone('alice', { kind: 'answer', afterMs: 100 })
  const first = world.dial({ count: 25, ratePerSecond: 50, hangupAfterMs: 8000, cancelAfterMs: 8000 })
  await until(
    'four to ring, and the others to reach Alice',
    () => carrier.calls().length >= 4 && alice.calls().length >= 21
  )
  await killed()
  await back()
  const second = world.dial({ count: 25, ratePerSecond: 50, hangupAfterMs: 4000, cancelAfterMs: 4000 })
  await until('all of them to reach Alice', () => alice.calls().length >= 46)
  expect(carrier.calls()).toHaveLength(4)
  await Promise.all([first.finished, second.finished])
  await until('the records to be closed', async () =>
    (await world.records()).every(({ call }) => call.endedAt !== null)
  )
  const records = await world.records()
  const rung = records.flatMap(({ attempts }) => attempts.filter(({ dial }) => dial === mobile))
  const dialled = rung.filter(({ outcome }) => outcome !== 'refused')
  expect(dialled).toHaveLength(4)
  expect(mostAtOnce(dialled.map(({ startedAt, endedAt }) => ({ from: startedAt, to: endedAt ?? Infinity })))).toBe(4)
  for (const { outcome, reason } of rung) {
    if (outcome === 'refused') expect(reason).toContain('4 of its calls are in progress, and max_calls is 4')
  }
  // Four more are within their hour, and one after them.
  for (let index = 0; index < 6; index++) {
    await world.call({ cancelAfterMs: 300, hangupAfterMs: 300 })
    if (index === 2) {
      await killed()
      await back()
    }
  }
  expect(carrier.calls()).toHaveLength(9)
  expect((await world.records()).at(-1)?.attempts[0]?.reason).toContain('9 were dialled in the last 60 minutes')
})

test('during a replacement, the new process counts the legs of the old one', async () => {
  givenLimits("max_calls) VALUES ('+44', 'allow', 3)")
  const carrier = await world.carrier({ [mobile]: { kind: 'answer', afterMs: 100 } })
  await world.phone('alice', { kind: 'answer', afterMs: 100 })
  const callers = world.dial({ count: 20, ratePerSecond: 10, hangupAfterMs: 6000 })
  await until('three to talk', () => carrier.calls().filter(({ finalCode }) => finalCode === 200).length >= 3)
  const old = served()
  const next = await ready(world, {}, ['--replace'])
  await old.exited
  expect(await callers.finished).toMatchObject({ successful: 20, failed: 0 })
  expect(carrier.calls()).toHaveLength(3)
  await until('the records to be closed', async () =>
    (await world.records()).every(({ call }) => call.endedAt !== null)
  )
  next.child.kill('SIGTERM')
  await next.exited
})
