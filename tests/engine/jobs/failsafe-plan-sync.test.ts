// The failsafe kept current, over a real database and a clock that is turned by hand.
import type { Clock } from '../../../src/ports'
import { FailsafePlanSync } from '../../../src/engine/jobs/failsafe-plan-sync'
import { SqliteFailsafeStore } from '../../../src/store/records/failsafe-store'
import { SqliteRuleStore } from '../../../src/store/rules/rule-store'
import { givenDatabaseFile, opened } from '../../store/fresh-database'
import { FakeClock, settled } from '../fakes'
import { fakeLog } from '../../fake-log'

const sales = `
  INSERT INTO virtual_numbers (number, time_zone, fallback) VALUES ('+14155550100', 'UTC', 'hangup');
  INSERT INTO rules (number, name, position) VALUES ('+14155550100', 'always', 10);
  INSERT INTO targets (number, rule, step, dial) VALUES ('+14155550100', 'always', 1, 'PJSIP/alice');`

const keepers: FailsafePlanSync[] = []
afterEach(() => {
  for (const keeper of keepers.splice(0)) keeper.stop()
})

function given(sql = sales) {
  const file = givenDatabaseFile()
  const other = opened(file).sqlite
  other.exec(sql)
  const clock = new FakeClock()
  let setBy = 0
  const wall: Clock = { now: () => clock.now() + setBy, after: (ms, callback) => clock.after(ms, callback) }
  const log = fakeLog()
  const writing = opened(file, { busyTimeoutMs: 0 })
  const rules = new SqliteRuleStore(opened(file), log)
  /** Each number that is worked out. */
  const worked: string[] = []
  const rulesFor = rules.rulesFor.bind(rules)
  rules.rulesFor = (number) => {
    worked.push(number)
    return rulesFor(number)
  }
  const store = new SqliteFailsafeStore(writing, 14_400)
  const used = new Set<string>()
  const usedUp = () => new Set(used)
  const keeper = new FailsafePlanSync({ rules, store, trunk: 'PJSIP/{number}@trunk', usedUp, clock: wall, log })
  keepers.push(keeper)
  /** Lets seconds pass, and all that follows from each. */
  const pass = async (seconds: number) => {
    for (let tick = 0; tick < seconds * 20; tick++) {
      clock.pass(50)
      await settled()
    }
  }
  const rung = (number = '+14155550100') =>
    other.prepare('SELECT coalesce(dial, fallback) FROM failsafe WHERE number = ? ORDER BY step').pluck().all(number)
  const setClock = (ms: number) => void (setBy += ms)
  return { other, writing, used, clock, setClock, log, keeper, pass, rung, worked }
}

test("at start every number's plan is computed, and plans of unknown numbers are removed", async () => {
  const { other, keeper, pass, rung } = given()
  other.exec(`INSERT INTO failsafe (number, step, fallback, computed_at)
    VALUES ('+14155550999', 1, 'busy', '2026-11-22T11:48:12.345Z'), ('+1', 1, 'busy', '2026-11-22T11:48:12.345Z')`)
  expect(keeper.ageMs).toBeNull()
  keeper.start()
  await pass(1)
  expect(rung()).toEqual(['PJSIP/alice', 'hangup'])
  expect([...rung('+14155550999'), ...rung('+1')]).toEqual([])
  expect(keeper.ageMs).toBeLessThan(1000)
})

test('an edit by another program is in the failsafe plan within two seconds', async () => {
  const { other, keeper, pass, rung } = given()
  keeper.start()
  await pass(1)
  other.exec("UPDATE targets SET dial = 'PJSIP/bob'")
  await pass(2)
  expect(rung()).toEqual(['PJSIP/bob', 'hangup'])
  other.exec("INSERT INTO overrides (number, kind, value) VALUES ('+14155550100', 'forward', '+12125550123')")
  await pass(2)
  expect(rung()).toEqual(['PJSIP/+12125550123@trunk', 'hangup'])
  other.exec("INSERT INTO dial_policy (prefix, verdict) VALUES ('+1212', 'deny')")
  await pass(2)
  expect(rung()).toEqual(['PJSIP/bob', 'hangup'])
  other.exec('UPDATE virtual_numbers SET enabled = 0')
  await pass(2)
  expect(rung()).toEqual(['hangup'])
  other.exec('DELETE FROM virtual_numbers')
  await pass(2)
  expect(rung()).toEqual([])
})

test('the plan changes when the decision changes: an override expires, or the clock is set back', async () => {
  const { other, clock, setClock, keeper, pass, rung } = given()
  const ends = new Date(clock.now() + 60_000).toISOString()
  other.exec(`INSERT INTO overrides (number, kind, value, expires_at)
    VALUES ('+14155550100', 'forward', 'PJSIP/carol', '${ends}')`)
  keeper.start()
  await pass(58)
  expect(rung()).toEqual(['PJSIP/carol', 'hangup'])
  await pass(4)
  expect(rung()).toEqual(['PJSIP/alice', 'hangup'])
  setClock(-40_000)
  await pass(2)
  expect(rung()).toEqual(['PJSIP/carol', 'hangup'])
})

test('an unchanged plan is not written again', async () => {
  const { writing, other, keeper, pass } = given()
  keeper.start()
  await pass(1)
  const before: unknown = writing.sqlite.prepare('SELECT total_changes()').pluck().get()
  other.exec("INSERT INTO caller_lists VALUES ('nobody')")
  await pass(700)
  expect(writing.sqlite.prepare('SELECT total_changes()').pluck().get()).toBe(before)
  expect(keeper.ageMs).toBeLessThan(1100)
})

test('an edit recomputes only the numbers it concerns; a record of a call recomputes none', async () => {
  const { other, keeper, pass, worked } = given(`${sales}
    INSERT INTO virtual_numbers (number, time_zone, fallback) VALUES
      ('+442071838750', 'UTC', 'number:+14155550100'), ('+442071838751', 'UTC', 'busy');`)
  keeper.start()
  await pass(1)
  expect(worked.splice(0)).toHaveLength(3)
  other.exec("INSERT INTO failsafe_calls (a_leg) VALUES ('1795370726.0')")
  await pass(5)
  expect(worked).toEqual([])
  other.exec("UPDATE virtual_numbers SET fallback = 'hangup' WHERE number = '+442071838751'")
  await pass(2)
  expect(worked.splice(0)).toEqual(['+442071838751'])
  other.exec("UPDATE targets SET dial = 'PJSIP/bob'")
  await pass(2)
  expect(worked.splice(0).sort()).toEqual(['+14155550100', '+442071838750'])
})

test('while another program writes, the sync waits silently, its age grows, and then it catches up', async () => {
  const { other, keeper, log, pass, rung } = given()
  keeper.start()
  await pass(1)
  other.exec("BEGIN IMMEDIATE; UPDATE targets SET dial = 'PJSIP/bob'; COMMIT; BEGIN IMMEDIATE")
  await pass(30)
  expect(keeper.ageMs).toBeGreaterThan(28_000)
  expect(rung()).toEqual(['PJSIP/alice', 'hangup'])
  other.exec('COMMIT')
  await pass(3)
  expect(rung()).toEqual(['PJSIP/bob', 'hangup'])
  expect(keeper.ageMs).toBeLessThan(1100)
  expect(log.lines).toEqual([])
})

test('an unwritable database is logged once, and so is its recovery', async () => {
  const { other, keeper, log, pass } = given()
  other.exec("CREATE TRIGGER full BEFORE INSERT ON failsafe BEGIN SELECT raise(ABORT, 'disk full'); END")
  keeper.start()
  await pass(10)
  other.exec('DROP TRIGGER full')
  await pass(2)
  expect(log.lines.map(({ message }) => message)).toEqual([
    'the failsafe cannot be kept current: disk full',
    'the failsafe is kept current again'
  ])
})

test('many numbers are computed in slices, and none is left out', async () => {
  const { other, keeper, pass, rung } = given('')
  const insert = other.prepare("INSERT INTO virtual_numbers (number, time_zone) VALUES (?, 'UTC')")
  const numbers = Array.from({ length: 1000 }, (_, index) => `+1415555${String(1000 + index)}`)
  other.transaction(() => numbers.forEach((number) => insert.run(number)))()
  keeper.start()
  await pass(60)
  expect(other.prepare('SELECT count(*) FROM failsafe').pluck().get()).toBe(1000)
  // One edit among them is in it after one more walk.
  other.exec("UPDATE virtual_numbers SET fallback = 'hangup' WHERE number = '+14155551999'")
  await pass(60)
  expect(rung('+14155551999')).toEqual(['hangup'])
})

test('a target whose limit is used up is left out of the plan within a minute, and is back within a minute', async () => {
  const { other, keeper, pass, rung, used } = given()
  other.exec(`INSERT INTO dial_policy (prefix, verdict, max_per_hour) VALUES ('+1', 'limit', 5);
    INSERT INTO targets (number, rule, step, dial) VALUES ('+14155550100', 'always', 2, '+14155550177')`)
  const limited = () => other.prepare('SELECT limited_dial FROM failsafe WHERE limited_dial IS NOT NULL').pluck().all()
  keeper.start()
  await pass(1)
  expect(limited()).toEqual(['PJSIP/+14155550177@trunk'])
  used.add('+1')
  await pass(3)
  expect([...rung(), ...limited()]).toEqual(['PJSIP/alice', 'hangup'])
  used.clear()
  await pass(50)
  expect(limited()).toEqual([])
  await pass(12)
  expect(limited()).toEqual(['PJSIP/+14155550177@trunk'])
})
