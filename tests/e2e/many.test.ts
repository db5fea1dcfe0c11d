// Many calls at once, to the same number.
import { until } from '../sandbox/child'
import { number, useWorld } from './world'

const world = useWorld()

/** Resolves once so many calls of this case have been joined to somebody. */
async function joined(count: number): Promise<void> {
  await until(`${count} calls to be joined`, () => world.bridged.length === count)
}

test('two simultaneous callers to the same number each reach a target', async () => {
  world.rule([['PJSIP/alice'], ['PJSIP/bob']])
  await world.phone('alice', { kind: 'answer', afterMs: 200 })
  const callers = [world.dial(), world.dial()]
  await joined(2)
  for (const caller of callers) {
    caller.hangUp()
    expect((await caller.finished).calls[0]).toMatchObject({ finalCode: 200, end: { direction: 'sent' } })
  }
  const stored = await world.settle()
  expect(stored.map(({ call }) => call.answeredBy)).toEqual(['PJSIP/alice', 'PJSIP/alice'])
})

test('fifty calls at ten per second are all answered by the second target, and nothing is left over', async () => {
  const before = (await world.settle()).length
  world.rule([['+442071838750'], ['PJSIP/alice']])
  await world.carrier({ '+442071838750': { kind: 'refuse', code: 486 } })
  await world.phone('alice', { kind: 'answer', afterMs: 300 })
  const callers = world.dial({ count: 50, ratePerSecond: 10 })
  await joined(50)
  callers.hangUp()
  const result = await callers.finished
  expect(result).toMatchObject({ exitCode: 0, successful: 50, failed: 0 })
  const stored = (await world.settle()).slice(before)
  expect(stored).toHaveLength(50)
  for (const { call, attempts } of stored) {
    expect(call).toMatchObject({ number, outcome: 'answered', endedBy: 'caller', answeredBy: 'PJSIP/alice', cause: 16 })
    expect(attempts.map(({ outcome }) => outcome)).toEqual(['busy', 'answered'])
  }
  expect(world.logged.filter((line) => line.includes('"level":"error"'))).toEqual([])
})
