// The limits of dial_policy, over a real database: for many callers at once, and for the process after one that was killed.
import { DialGate } from '../../src/engine/dial-gate'
import { batchWriter } from '../../src/store/records/call-writer'
import { SqliteDialRecords } from '../../src/store/records/dial-records'
import { SqliteRuleStore } from '../../src/store/rules/rule-store'
import type { SnapshotLeg } from '../../src/ports'
import { fakeLog } from '../fake-log'
import { givenDatabaseFile, opened } from '../store/fresh-database'
import { FakeCalls, FakeClock, FakeTelephony } from './fakes'
import { number, setUp } from './set-up'

const mobile = '+14155550177'

/** A site whose one rule rings a number, then Bob. */
function givenSite(limits: string, dial = mobile): string {
  const file = givenDatabaseFile()
  opened(file).sqlite.exec(`
    INSERT INTO virtual_numbers (number, time_zone) VALUES ('${number}', 'UTC');
    INSERT INTO rules (number, name, position) VALUES ('${number}', 'always', 10);
    INSERT INTO targets (number, rule, step, dial) VALUES ('${number}', 'always', 1, '${dial}'), ('${number}', 'always', 2, 'PJSIP/bob');
    INSERT INTO dial_policy (prefix, verdict, ${limits}`)
  return file
}

/** A process over the database; what an earlier one has recorded is in it. */
function started(
  file: string,
  { clock = new FakeClock(), telephony = new FakeTelephony(), calls = new FakeCalls(), from = 0 } = {}
) {
  const database = opened(file)
  const rules = new SqliteRuleStore(database, fakeLog())
  const log = fakeLog()
  const gate = new DialGate({
    policy: () => rules.policyNow(),
    records: new SqliteDialRecords(database, 3600),
    legCounted: () => undefined,
    clock,
    log
  })
  gate.loadRecords()
  const made = () => telephony.asked.filter((each) => /^createLeg \S+ (?!PJSIP\/bob)/.test(each)).length
  return { ...setUp(rules, { gate, clock, telephony, calls, minted: from }), gate, log, made, database }
}

const many = Array.from({ length: 50 }, (_, index) => `c${String(index + 1)}`)

test('of 50 simultaneous callers, only as many as the limit reach the number; the others go to the next target, and one line is logged', async () => {
  const { arrive, handle, made, telephony, calls, log, clock } = started(
    givenSite("max_calls) VALUES ('+1', 'allow', 3)")
  )
  await Promise.all(many.map((id) => arrive(`17.${id.slice(1)}`)))
  expect(made()).toBe(3)
  expect(telephony.asked.filter((each) => each.endsWith('PJSIP/bob'))).toHaveLength(47)
  expect(calls.calls.get('c4')?.attempts).toMatchObject([
    {
      outcome: 'refused',
      reason: `target "${mobile}" is over a limit of the row +1 of dial_policy: 3 of its calls are in progress, and max_calls is 3: wait, or raise max_calls in that row`
    },
    { dial: 'PJSIP/bob', outcome: null }
  ])
  expect(log.texts.filter((line) => line.includes('is over a limit'))).toHaveLength(1)
  // A leg that has gone makes room for one more, and no more.
  await handle({ type: 'legGone', leg: 'c1.1.1', cause: 17 })
  await arrive('17.51')
  await arrive('17.52')
  expect(made()).toBe(4)
  clock.pass(60_000)
  await arrive('17.53')
  expect(log.texts.filter((line) => line.includes('is over a limit'))).toHaveLength(2)
})

test.each([
  ['as digits behind a trunk', 'PJSIP/01133140000000@trunk', "max_calls) VALUES ('+33', 'allow', 1)", 1],
  ['as a number behind a trunk', 'PJSIP/4155550177@trunk', "max_calls) VALUES ('+1415', 'limit', 2)", 2],
  ['against the limit of the whole site', mobile, "max_calls) VALUES ('+', 'limit', 4)", 4],
  ['against the row with the shorter prefix', mobile, "max_calls) VALUES ('+1415', 'allow', 9), ('+1', 'limit', 5)", 5],
  ['but not against the limit of another prefix', mobile, "max_calls) VALUES ('+44', 'limit', 1)", 50]
])('a number is counted %s', async (_how, dial, limits, most) => {
  const { arrive, made } = started(givenSite(limits, dial))
  await Promise.all(many.map((id) => arrive(`17.${id.slice(1)}`)))
  expect(made()).toBe(most)
})

test('max_per_hour allows another call an hour after the dialling', async () => {
  const { arrive, handle, made, clock, calls } = started(givenSite("max_per_hour) VALUES ('+1', 'allow', 1)"))
  await arrive()
  await handle({ type: 'legSeen', leg: 'c1.1.1' })
  await handle({ type: 'legGone', leg: 'c1.1.1', cause: 17 })
  await arrive('17.2')
  expect(made()).toBe(1)
  expect(calls.calls.get('c2')?.attempts[0]?.reason).toContain(
    '1 were dialled in the last 60 minutes, and max_per_hour is 1'
  )
  clock.pass(3_600_001)
  await arrive('17.3')
  expect(made()).toBe(2)
})

test('a limit raised or added while calls ring applies to the next one', async () => {
  const file = givenSite("max_calls) VALUES ('+44', 'limit', 1)")
  const { arrive, made } = started(file)
  await arrive('17.1')
  await arrive('17.2')
  opened(file).sqlite.exec("INSERT INTO dial_policy (prefix, verdict, max_calls) VALUES ('+1', 'limit', 2)")
  await arrive('17.3')
  expect(made()).toBe(2)
  opened(file).sqlite.exec("UPDATE dial_policy SET max_calls = 3 WHERE prefix = '+1'")
  await arrive('17.4')
  await arrive('17.5')
  expect(made()).toBe(3)
})

test('if the records cannot be read, no number with a limit is dialled, but phones are', async () => {
  const file = givenSite("max_calls) VALUES ('+', 'limit', 9)")
  opened(file).sqlite.exec('DROP TABLE replacements; DROP TABLE attempts')
  const { arrive, made, telephony, log } = started(file)
  await arrive()
  await arrive('17.2')
  expect(made()).toBe(0)
  expect(telephony.asked.filter((each) => each.endsWith('PJSIP/bob'))).toHaveLength(2)
  expect(log.texts).toEqual(['warn the records cannot be read, so numbers with a limit are not dialled'])
})

test('legs of an earlier process count in the next: live legs, and legs of the last hour', async () => {
  const file = givenSite("max_calls, max_per_hour) VALUES ('+1', 'allow', 2, 3)")
  const clock = new FakeClock()
  const { telephony, calls, arrive, handle, made, switchboard } = started(file, { clock })
  await arrive('17.1')
  await arrive('17.2')
  await handle({ type: 'legSeen', leg: 'c1.1.1' })
  await handle({ type: 'legSeen', leg: 'c2.1.1' })
  await handle({ type: 'legGone', leg: 'c2.1.1', cause: 17 })
  switchboard.stop()
  // As they were written when it was killed.
  writeRecords(file, calls)
  const leg = (aLeg: string) => ({ state: 'ringing', ours: true, controlled: true, ringsFor: aLeg }) as const
  const caller = (aLeg: string): SnapshotLeg => ({
    ...{ state: 'ringing', ours: false, controlled: true },
    incoming: { aLeg, number, caller: { number: '', name: '' } }
  })
  telephony.present = {
    legs: new Map([
      ['17.1', caller('17.1')],
      ['c1.1.1', leg('17.1')]
    ]),
    bridges: new Map()
  }
  const next = started(file, { clock, telephony, calls, from: 10 })
  await next.handle({ type: 'connected' })
  expect(made()).toBe(2)
  // One is there, and two were dialled.
  await next.arrive('17.3')
  expect(made()).toBe(3)
  await next.handle({ type: 'legSeen', leg: 'c11.1.1' })
  await next.handle({ type: 'legGone', leg: 'c11.1.1', cause: 17 })
  await next.handle({ type: 'legGone', leg: 'c1.1.1', cause: 17 })
  await clock.passSlowly(3_500_000)
  await next.arrive('17.4')
  expect(made()).toBe(3)
  const last = calls.calls.get('c12')
  expect(last?.attempts[0]?.reason).toContain('3 were dialled in the last 60 minutes')
})

test('a leg that was live when the process was killed, but is gone since, does not count as in progress', async () => {
  const file = givenSite("max_calls) VALUES ('+1', 'allow', 1)")
  const { telephony, calls, arrive, made, switchboard } = started(file)
  await arrive('17.1')
  switchboard.stop()
  writeRecords(file, calls)
  const next = started(file, { telephony, calls, from: 10 })
  await next.arrive('17.2')
  expect(made()).toBe(1)
  await next.handle({ type: 'connected' })
  await next.arrive('17.3')
  expect(made()).toBe(2)
})

function writeRecords(file: string, { calls }: FakeCalls): void {
  batchWriter(opened(file))([...calls.values()])
}
