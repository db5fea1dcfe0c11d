// target_limits on a real Asterisk: a phone that is in a call, or wraps up, is passed over, whichever number is called.
import { until } from '../sandbox/child'
import { ready, type Served } from './served'
import { number, useWorld } from './world'

const world = useWorld({ withoutApp: true })
const other = '+14155550101'
const served: Served[] = []

afterEach(async () => {
  for (const each of served) each.child.kill('SIGTERM')
  await Promise.all(served.splice(0).map((each) => each.exited))
  await world.stopApp()
  world.sql('DELETE FROM calls; DELETE FROM target_limits; DELETE FROM virtual_numbers')
})

/** Two numbers, each of which rings Alice and then Bob. */
function given(maxCalls: number, wrapUpSeconds = 0): void {
  world.rule([['PJSIP/alice@30'], ['PJSIP/bob@30']])
  world.sql(`
    INSERT INTO virtual_numbers (number, label, time_zone, fallback) VALUES ('${other}', 'Other', 'UTC', 'busy');
    INSERT INTO rules (number, name, position) SELECT '${other}', name, position FROM rules WHERE number = '${number}';
    INSERT INTO targets (number, rule, step, dial, ring_seconds)
      SELECT '${other}', rule, step, dial, ring_seconds FROM targets WHERE number = '${number}';
    INSERT INTO target_limits (dial, max_calls, wrap_up_seconds) VALUES ('PJSIP/alice', ${maxCalls}, ${wrapUpSeconds})`)
}

async function connected(): Promise<void> {
  const before = world.logged.length
  await world.startApp()
  await until('followme to be connected', () =>
    world.logged.slice(before).some((line) => line.includes('connected to Asterisk'))
  )
}

async function serving(options: readonly string[] = []): Promise<Served> {
  const process = await ready(world, {}, options)
  served.push(process)
  return process
}

const toBob = { successful: 1, calls: [expect.anything()] }
const answered = { kind: 'answer', hangupAfterMs: 300 } as const

test('a phone that talks is passed over for another number, and the record names the call that it is in', async () => {
  given(1)
  const alice = await world.phone('alice', { kind: 'answer' })
  const bob = await world.phone('bob', answered)
  await connected()
  const first = world.dial()
  await until('Alice to talk', () => world.bridged.length === 1)
  expect(await world.call({ number: other })).toMatchObject(toBob)
  first.hangUp()
  await first.finished
  expect([alice.calls().length, bob.calls().length]).toEqual([1, 1])
  const [one, two] = await world.settle()
  expect(two).toMatchObject({
    call: { number: other, answeredBy: 'PJSIP/bob' },
    attempts: [
      {
        dial: 'PJSIP/alice',
        outcome: 'limited',
        dialledAt: null,
        reason: `PJSIP/alice is in call ${one?.call.id ?? ''}, and target_limits allows 1`
      },
      { dial: 'PJSIP/bob', outcome: 'answered' }
    ]
  })
})

test('a phone that has talked wraps up, also after a restart, and then rings again', async () => {
  given(1, 3600)
  const alice = await world.phone('alice', answered)
  const bob = await world.phone('bob', answered)
  await connected()
  await world.call()
  await world.call()
  await until('both records', async () => (await world.records()).every(({ call }) => call.endedAt !== null))
  await world.app().flush()
  await world.stopApp()
  await connected()
  await world.call()
  expect([alice.calls().length, bob.calls().length]).toEqual([1, 2])
  // An edit holds from the next call.
  world.sql('UPDATE target_limits SET wrap_up_seconds = 0')
  await world.call()
  expect([alice.calls().length, bob.calls().length]).toEqual([2, 2])
  const records = await world.settle()
  const wrapsUp = expect.stringMatching(/^PJSIP\/alice wraps up until 20\d\d-/) as string
  expect(records.map(({ attempts }) => attempts[0]?.reason ?? null)).toEqual([null, wrapsUp, wrapsUp, null])
})

test('of many callers after SIGKILL, only as many reach a phone as it has room beside the call that it is in', async () => {
  given(2)
  const alice = await world.phone('alice', { kind: 'answer' })
  const bob = await world.phone('bob', answered)
  const killed = await serving()
  const first = world.dial()
  await until('it to be recorded as answered', async () => (await world.records())[0]?.call.answeredAt != null)
  killed.child.kill('SIGKILL')
  await killed.exited
  await connected()
  const callers = world.dial({ count: 6, ratePerSecond: 100 })
  await until('five of them to have talked with Bob', () => bob.calls().length === 5)
  expect(alice.calls()).toHaveLength(2)
  callers.hangUp()
  first.hangUp()
  await Promise.all([callers.finished, first.finished])
  const limited = (await world.settle()).flatMap(({ attempts }) =>
    attempts.filter(({ outcome }) => outcome === 'limited')
  )
  expect(limited).toHaveLength(5)
  expect(limited[0]?.reason).toMatch(/^PJSIP\/alice is in calls \S+ and \S+, and target_limits allows 2$/)
})

test('the process that replaces another counts the calls that ring and the wrap-ups of the one before', async () => {
  given(1, 3600)
  world.sql("INSERT INTO target_limits (dial, wrap_up_seconds) VALUES ('PJSIP/bob', 3600)")
  const alice = await world.phone('alice', { kind: 'ring' })
  const bob = await world.phone('bob', answered)
  await serving()
  const first = world.dial({ cancelAfterMs: 60_000 })
  await until('Alice to ring', async () => (await world.records())[0]?.attempts[0]?.ringingAt != null)
  await world.call({ number: other })
  await until('the end to be recorded', async () => (await world.records())[1]?.call.endedAt != null)
  await serving(['--replace'])
  await world.call({ number: other, expect: 486 })
  expect([alice.calls().length, bob.calls().length]).toEqual([1, 1])
  first.hangUp()
  await first.finished
  await until('all records', async () => (await world.records()).every(({ call }) => call.endedAt !== null))
  const [one, , third] = await world.records()
  expect(third?.attempts).toMatchObject([
    { outcome: 'limited', reason: `PJSIP/alice is in call ${one?.call.id ?? ''}, and target_limits allows 1` },
    { outcome: 'limited', reason: expect.stringMatching(/^PJSIP\/bob wraps up until /) as string }
  ])
})
