// max_calls of a virtual number, on a real Asterisk: who is turned away, who gets the free place, and what a killed process forgets.
import { until } from '../sandbox/child'
import { useKilled } from './killed'
import { number } from './world'

const { world, killed, back } = useKilled()

function givenLimit(most: number, fallbackFull = 'hangup'): void {
  world.rule([['PJSIP/alice@30']])
  world.sql(`UPDATE virtual_numbers SET max_calls = ${most}, fallback_full = '${fallbackFull}'`)
}

test('with max_calls 2 a third call gets the fallback, and after a hang-up there is room again', async () => {
  givenLimit(2)
  const alice = await world.phone('alice', { kind: 'answer' })
  const [first, second] = [world.dial(), world.dial()]
  await until('two to talk', () => alice.calls().filter(({ finalCode }) => finalCode === 200).length === 2)
  await until('both records', async () => (await world.records()).length === 2)
  const third = await world.call({ expect: 480 })
  expect(third.calls[0]?.finalCode).toBe(480)
  expect(alice.calls()).toHaveLength(2)
  await until('the record', async () => (await world.records()).length === 3)
  expect((await world.records()).at(-1)?.call).toMatchObject({
    decision: 'fallback',
    rule: null,
    fallback: 'hangup',
    reason: `2 calls of ${number} were in progress, and its max_calls is 2`
  })
  first.hangUp()
  await first.finished
  await world.call({ hangupAfterMs: 300 })
  expect(alice.calls()).toHaveLength(3)
  second.hangUp()
  await second.finished
})

test('of five simultaneous callers exactly two ring, and both places are free after they hang up', async () => {
  givenLimit(2)
  const alice = await world.phone('alice', { kind: 'ring' })
  const callers = world.dial({ count: 5, ratePerSecond: 100, cancelAfterMs: 3000 })
  await until('all of them to be recorded', async () => (await world.records()).length === 5)
  await callers.finished
  expect(alice.calls()).toHaveLength(2)
  const reasons = (await world.records()).map(({ call }) => call.reason)
  expect(reasons.filter((reason) => reason === null)).toHaveLength(2)
  await world.call({ cancelAfterMs: 500 })
  expect(alice.calls()).toHaveLength(3)
})

test('after SIGKILL, a connected and a ringing call count in the next process until they end', async () => {
  givenLimit(2)
  const alice = await world.phone('alice', { kind: 'answer' })
  const talking = world.dial()
  await until('the first to talk', () => alice.calls()[0]?.finalCode === 200)
  world.sql("UPDATE targets SET dial = 'PJSIP/bob'")
  const bob = await world.phone('bob', { kind: 'ring' })
  const ringing = world.dial({ cancelAfterMs: 25_000 })
  await until('the second to be recorded as ringing', async () =>
    (await world.records()).some(({ attempts }) => attempts[0]?.dial === 'PJSIP/bob' && attempts[0].ringingAt !== null)
  )
  await killed()
  await back()
  await world.call({ expect: 480 })
  expect(bob.calls()).toHaveLength(1)
  talking.hangUp()
  await talking.finished
  await until('it to be closed', async () =>
    (await world.records()).some(({ call }) => call.answeredBy === 'PJSIP/alice' && call.endedAt !== null)
  )
  await world.call({ cancelAfterMs: 500 })
  expect(bob.calls()).toHaveLength(2)
  ringing.hangUp()
  await ringing.finished
})
