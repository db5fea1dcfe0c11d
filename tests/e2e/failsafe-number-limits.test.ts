// followme is not there, and Asterisk keeps within max_calls of a virtual number by itself.
import { until } from '../sandbox/child'
import { type OpenDatabase, openDatabase } from '../../src/store/database/database'
import { number, useWorld } from './world'

const world = useWorld({ readable: true, withoutApp: true, globals: { FOLLOWME_CLAIM_SECONDS: '1' } })
const other = '+14155550101'
let reading: OpenDatabase
beforeAll(() => {
  reading = openDatabase(world.database)
})
afterEach(async () => {
  await world.stopApp()
  await world.settle()
})
afterAll(() => reading.close())

/** Alice stands behind the number; followme has left it for Asterisk, and is gone. */
async function givenLimit(most: number, fallbackFull: string, rows = 3): Promise<void> {
  world.rule([['PJSIP/alice@20']])
  world.sql(`DELETE FROM calls;
    INSERT OR IGNORE INTO virtual_numbers (number, time_zone, fallback) VALUES ('${other}', 'UTC', 'busy');
    INSERT OR IGNORE INTO rules (number, name, position) VALUES ('${other}', 'all', 1);
    INSERT OR IGNORE INTO targets (number, rule, step, dial) VALUES ('${other}', 'all', 1, 'PJSIP/bob');
    UPDATE virtual_numbers SET max_calls = ${most}, fallback_full = '${fallbackFull}' WHERE number = '${number}'`)
  await world.startApp()
  await until('the failsafe to have the limit', () => kept() === `${most} ${rows}`)
  await world.stopApp()
}

/** The limit of the number, and how many rows it has. */
function kept(): unknown {
  return reading.sqlite
    .prepare("SELECT max(max_calls) || ' ' || count(*) FROM failsafe WHERE number = ?")
    .pluck()
    .get(number)
}

test('calls beyond max_calls get fallback_full, a conversation counts until it ends, and the records say so', async () => {
  await givenLimit(1, 'hangup')
  const alice = await world.phone('alice', { kind: 'answer' })
  const first = world.dial()
  await until('the first to talk', () => alice.calls()[0]?.finalCode === 200)
  await world.call({ expect: 480 })
  expect(alice.calls()).toHaveLength(1)
  first.hangUp()
  await first.finished
  await world.call({ hangupAfterMs: 300 })
  expect(alice.calls()).toHaveLength(2)
  await world.startApp()
  await until('the records', async () => (await world.records()).length === 3)
  const turnedAway = (await world.records()).find(({ call }) => call.reason !== null)
  expect(turnedAway?.call).toMatchObject({ decision: 'fallback', rule: null, outcome: 'fallback', fallback: 'hangup' })
  expect(turnedAway?.call.reason).toContain('max_calls is 1')
})

test('a fallback_full with another number rings that number', async () => {
  await givenLimit(1, `number:${other}`, 4)
  const alice = await world.phone('alice', { kind: 'answer' })
  const bob = await world.phone('bob', { kind: 'answer' })
  const first = world.dial()
  await until('the first to talk', () => alice.calls()[0]?.finalCode === 200)
  await world.call({ hangupAfterMs: 300 })
  expect([alice.calls().length, bob.calls().length]).toEqual([1, 1])
  first.hangUp()
  await first.finished
})

test('of many simultaneous calls no more than max_calls ring', async () => {
  await givenLimit(2, 'hangup')
  const alice = await world.phone('alice', { kind: 'ring' })
  const callers = world.dial({ count: 6, ratePerSecond: 50, cancelAfterMs: 2000 })
  await callers.finished
  expect([1, 2]).toContain(alice.calls().length)
})
