// A hundred calls while the first trunk is dead: each is answered through the second, and hardly any is held up by the first.
import { until } from '../sandbox/child'
import type { SippHandle } from '../sandbox/sipp'
import { two, useTrunks } from './trunk-world'

const mobile = '+447400123456'
const failuresToRest = 3
const restMs = 60_000
const world = useTrunks()

/** One after another until the trunk is known to be dead, and then as many at a time as come. */
async function placeHundred(): Promise<void> {
  for (let index = 0; index < failuresToRest; index++) await place(1)
  await place(100 - failuresToRest)
}

async function place(count: number): Promise<void> {
  const before = world.bridged.length
  const callers = world.dial({ count, ratePerSecond: 10 })
  await until(`${String(count)} calls to be joined`, () => world.bridged.length === before + count)
  callers.hangUp()
  expect(await callers.finished).toMatchObject({ exitCode: 0, successful: count, failed: 0 })
}

/** The tries through the first trunk that were not passed over, by the records; each call was answered through the second. */
async function asked() {
  const records = await world.settle()
  expect(records).toHaveLength(100)
  for (const { call, attempts } of records) {
    expect(call).toMatchObject({ outcome: 'answered', answeredBy: mobile, endedBy: 'caller' })
    expect(attempts.map(({ trunk }) => trunk)).toEqual(['first', 'second'])
    expect(attempts[1]).toMatchObject({ tryNumber: 2, outcome: 'answered' })
  }
  return records
    .flatMap(({ attempts }) => attempts)
    .filter(({ trunk, outcome }) => trunk === 'first' && outcome !== 'limited')
}

/** Three failures; after that, one call a minute tries it. Whether it may is asked a moment after the try is noted. */
function expectFewTries(tries: Awaited<ReturnType<typeof asked>>): void {
  expect(tries.length).toBeGreaterThanOrEqual(failuresToRest)
  tries.forEach(({ startedAt }, index) => {
    const before = tries[index - 1]
    if (index >= failuresToRest) expect(startedAt - (before?.endedAt ?? startedAt)).toBeGreaterThan(restMs - 1000)
  })
}

const second = (): Promise<SippHandle> => world.phone('dave', { kind: 'answer' })

test('a hundred calls are answered through the second trunk while the first one is not registered', async () => {
  world.trunks({ first: { endpoint: 'unregistered' }, second: {} })
  world.rule([[mobile]])
  const living = await second()
  await world.connected()
  await placeHundred()
  expect(living.calls()).toHaveLength(100)
  expectFewTries(await asked())
})

test('a hundred calls are answered through the second trunk while the first one answers 503', async () => {
  world.trunks(two)
  world.rule([[mobile]])
  const [refusing, living] = await world.carriers({ kind: 'refuse', code: 503 }, { kind: 'answer' })
  await world.connected()
  await placeHundred()
  expect(living.calls()).toHaveLength(100)
  const tries = await asked()
  expectFewTries(tries)
  expect(tries.every(({ outcome, sipCode }) => outcome === 'congestion' && sipCode === 503)).toBe(true)
  expect(refusing.calls()).toHaveLength(tries.length)
})
