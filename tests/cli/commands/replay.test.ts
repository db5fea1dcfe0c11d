import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { replayCommand } from '../../../src/cli/commands/replay'
import { decide } from '../../../src/rules/decide'
import type { CallRecord } from '../../../src/call/record'
import { reasonsOf } from '../../../src/rules/rule'
import { openDatabase } from '../../../src/store/database/database'
import { migrate } from '../../../src/store/migrations/migrate'
import { SqliteRuleStore } from '../../../src/store/rules/rule-store'
import { aCall, givenDirectory, givenFiles, opened, shipped, givenRecords } from '../../store/fresh-database'
import { business } from '../../store/given-site'
import { fakeLog } from '../../fake-log'
import { printedBy } from '../printed'

const environment = { ...process.env }
afterEach(() => {
  process.env = { ...environment }
  jest.restoreAllMocks()
})

const practice = '+442071838750'
/** A Monday on which the practice is open from 08:30 to 17:30. */
const monday = Date.UTC(2026, 10, 23)
const at = (hours: number) => monday + hours * 3_600_000

function givenBusiness(): { readonly database: string; readonly site: string } {
  const database = join(givenDirectory(), 'followme.db')
  const site = givenFiles({ '0001_business.sql': business })
  migrate({ database, shipped, site, log: () => undefined })
  process.env['FOLLOWME_DATABASE'] = database
  return { database, site }
}

interface Arrival {
  readonly id: string
  readonly hours: number
  readonly number?: string
  readonly caller?: string
  readonly changes?: Partial<CallRecord>
}

/** Records calls as `serve` does: each decided by the rules of the moment, and over unless it is said otherwise. */
async function arrive(database: string, ...arrivals: Arrival[]): Promise<void> {
  const connection = openDatabase(database)
  const rules = new SqliteRuleStore(connection, fakeLog())
  const calls = givenRecords(connection)
  for (const { id, hours, number = practice, caller = '+14155550199', changes } of arrivals) {
    const from = { number: caller, name: 'Ann' }
    const { outcome, rule, plan, considered } = decide(number, from, at(hours), await rules.rulesFor(number))
    const decided = { decision: outcome, rule, plan: { ...plan, considered: reasonsOf(considered) } }
    const when = { startedAt: at(hours), endedAt: at(hours) + 1_000 }
    calls.save(aCall(id, { number, callerNumber: caller, ...when, ...decided, ...changes }), [])
  }
  await calls.close()
  connection.close()
}

/** What `followme replay` prints. */
async function replay(...args: string[]): Promise<string> {
  return (await printedBy(replayCommand(), ...args)).join('\n')
}

const since = ['--since', '2026-11-23T00:00:00Z'] as const

test('with unchanged rules, no call would ring differently', async () => {
  const { database } = givenBusiness()
  await arrive(
    database,
    { id: 'open', hours: 10 },
    { id: 'closed', hours: 20 },
    { id: 'x', hours: 10, number: '+33123' }
  )
  expect(await replay(...since)).toBe('3 calls, 0 would ring differently')
})

test('a call that would ring differently is shown as it was and as it would be, oldest first', async () => {
  const { database } = givenBusiness()
  await arrive(database, { id: 'evening', hours: 17.75 }, { id: 'noon', hours: 12 }, { id: 'night', hours: 23 })
  opened(database).sqlite.exec(`
    UPDATE schedule_windows SET minutes = 570;
    UPDATE rules SET name = 'daytime';
    UPDATE targets SET ring_seconds = 25 WHERE dial = 'PJSIP/bob'`)
  expect(await replay(...since)).toBe(
    `call noon, Mon 2026-11-23 12:00 Europe/London, from "Ann" +14155550199 for ${practice}
  then: rule 'day': PJSIP/alice (20 s), then PJSIP/bob (20 s), then busy
  now:  rule 'daytime': PJSIP/alice (20 s), then PJSIP/bob (25 s), then busy
call evening, Mon 2026-11-23 17:45 Europe/London, from "Ann" +14155550199 for ${practice}
  then: no rule matched: busy
  now:  rule 'daytime': PJSIP/alice (20 s), then PJSIP/bob (25 s), then busy
3 calls, 2 would ring differently`
  )
})

test('renaming a rule changes nothing for a caller; changing the fallback does', async () => {
  const { database } = givenBusiness()
  await arrive(database, { id: 'noon', hours: 12 })
  opened(database).sqlite.exec("UPDATE rules SET name = 'daytime', position = 5")
  expect(await replay(...since)).toBe('1 call, 0 would ring differently')
  opened(database).sqlite.exec("UPDATE virtual_numbers SET fallback = 'hangup'")
  expect(await replay(...since)).toMatch(/1 call, 1 would ring differently$/)
})

test('a number deleted, disabled or added since then differs from one that rings nobody', async () => {
  const { database } = givenBusiness()
  opened(database).sqlite.exec(`INSERT INTO virtual_numbers (number, time_zone, fallback)
    VALUES ('+14155550100', 'UTC', 'hangup'), ('+14155550101', 'UTC', 'hangup')`)
  const to = (number: string) => ({ id: number.slice(-3), hours: 12, number })
  await arrive(database, to('+14155550100'), to('+14155550101'), to('+14155550102'), to('anything'))
  opened(database).sqlite.exec(`
    DELETE FROM virtual_numbers WHERE number = '+14155550100';
    UPDATE virtual_numbers SET enabled = 0 WHERE number = '+14155550101';
    INSERT INTO virtual_numbers (number, time_zone, fallback) VALUES ('+14155550102', 'UTC', 'hangup')`)
  const printed = await replay(...since)
  const shown = printed.split('\n').filter((line) => line.startsWith(' '))
  expect(shown).toEqual([
    '  then: no rule matched: hangup',
    '  now:  no such virtual number',
    '  then: no rule matched: hangup',
    '  now:  the virtual number is disabled',
    '  then: no such virtual number',
    '  now:  no rule matched: hangup'
  ])
  expect(printed).toMatch(/\n4 calls, 3 would ring differently$/)
})

test('overrides are ignored, both those of that time and current ones', async () => {
  const { database } = givenBusiness()
  const { sqlite } = opened(database)
  const forward = `INSERT INTO overrides (number, kind, value, set_by) VALUES ('${practice}', 'forward', 'PJSIP/carol', 'ann')`
  sqlite.exec(forward)
  await arrive(database, { id: 'forwarded', hours: 12 })
  sqlite.exec('DELETE FROM overrides')
  await arrive(database, { id: 'later', hours: 13 })
  sqlite.exec(forward)
  expect((await replay(...since)).split('\n').slice(1)).toEqual([
    '  then: an override is set, forward to PJSIP/carol, set by ann: PJSIP/carol (30 s), then busy',
    "  now:  rule 'day': PJSIP/alice (20 s), then PJSIP/bob (20 s), then busy",
    '2 calls, 1 would ring differently',
    '1 of them was answered by an override; replay ignores overrides'
  ])
})

test("a plan that continued with another number is compared with that number's current rules, in any order within a step", async () => {
  const { database } = givenBusiness()
  const { sqlite } = opened(database)
  sqlite.exec(`
    INSERT INTO virtual_numbers (number, time_zone) VALUES ('+14155550100', 'UTC');
    INSERT INTO rules (number, name, position) VALUES ('+14155550100', 'all', 10);
    INSERT INTO targets (number, rule, step, dial) VALUES
      ('+14155550100', 'all', 1, 'PJSIP/zoe'), ('+14155550100', 'all', 1, 'number:${practice}')`)
  await arrive(database, { id: 'linked', hours: 12, number: '+14155550100' })
  sqlite.exec("UPDATE targets SET dial = 'PJSIP/anna' WHERE dial = 'PJSIP/bob'")
  expect((await replay(...since)).split('\n').slice(1, 3)).toEqual([
    "  then: rule 'all': PJSIP/zoe (20 s) and PJSIP/alice (20 s), then PJSIP/bob (20 s), then busy",
    "  now:  rule 'all': PJSIP/zoe (20 s) and PJSIP/alice (20 s), then PJSIP/anna (20 s), then busy"
  ])
  sqlite.exec(`
    DELETE FROM targets WHERE number = '+14155550100';
    INSERT INTO targets (number, rule, step, dial) VALUES ('+14155550100', 'all', 1, 'PJSIP/alice'),
      ('+14155550100', 'all', 1, 'PJSIP/zoe'), ('+14155550100', 'all', 2, 'PJSIP/bob')`)
  expect(await replay(...since)).toBe('1 call, 0 would ring differently')
})

test('a call in progress is replayed too, and faults in the rules are noted', async () => {
  const { database } = givenBusiness()
  await arrive(database, { id: 'lasting', hours: 12, changes: { endedAt: null } })
  const { sqlite } = opened(database)
  sqlite.exec("UPDATE targets SET dial = 'number:+14155550111' WHERE dial = 'PJSIP/bob'")
  const printed = await replay(...since)
  expect(printed).toContain(`for ${practice}, not ended\n`)
  expect(printed).toContain(
    '\n    ! skipped: number:+14155550111 leads nowhere, there is no virtual number +14155550111: add it to virtual_numbers, or correct it\n'
  )
})

test('callers are matched by the number they showed at the time', async () => {
  const { database } = givenBusiness()
  await arrive(database, { id: 'vip', hours: 12, caller: '020 7946 0000' }, { id: 'other', hours: 12 })
  opened(database).sqlite.exec(`
    INSERT INTO caller_lists VALUES ('vip'); INSERT INTO caller_list_entries VALUES ('vip', '+4420*');
    INSERT INTO rules (number, name, position, callers, fallback) VALUES ('${practice}', 'vip', 5, 'vip', 'hangup')`)
  const printed = await replay(...since)
  expect(printed).toContain('call vip, ')
  expect(printed).toMatch(/\n2 calls, 1 would ring differently$/)
})

test('filters by time and by number', async () => {
  const { database } = givenBusiness()
  await arrive(database, { id: 'a', hours: 8 }, { id: 'b', hours: 12 }, { id: 'c', hours: 16, number: '+14155550100' })
  expect(await replay('--since', '2026-11-23T08:00:00Z')).toMatch(/^3 calls/)
  expect(await replay('--since', '2026-11-23T08:00:01Z')).toMatch(/^2 calls/)
  expect(await replay(...since, '--until', '2026-11-23T12:00:00Z')).toMatch(/^1 call,/)
  expect(await replay(...since, '--number', '+14155550100')).toMatch(/^1 call,/)
  jest.spyOn(Date, 'now').mockReturnValue(at(17))
  expect(await replay('--since', '6h')).toMatch(/^2 calls/)
})

test.each([
  [['--since', 'last week'], 'invalid --since "last week": write an instant'],
  [['--since', '+2h'], '--since "+2h" is in the future: it is'],
  [['--since', '2h', '--until', 'noon'], 'invalid --until "noon": write an instant'],
  [['--since', '2h', '--until', '3h'], '--until is not after --since'],
  [['--since', '2h', '--number', 'sales'], 'number "sales" is not a virtual number']
])('wrong usage is refused with the cure: %j', async (args, message) => {
  givenBusiness()
  const run = replay(...args)
  await expect(run).rejects.toMatchObject({ code: 'usage' })
  await expect(run).rejects.toThrow(message)
})

describe('--with a directory', () => {
  const carol = "UPDATE targets SET dial = 'PJSIP/carol' WHERE dial = 'PJSIP/bob';"

  test('uses the rules as its pending migrations would make them, and leaves the database unchanged', async () => {
    const { database, site } = givenBusiness()
    opened(database)
    await arrive(database, { id: 'noon', hours: 12 })
    writeFileSync(join(site, '0002_carol.sql'), carol)
    const bytes = () =>
      [database, `${database}-wal`].map((file) => createHash('sha256').update(readFileSync(file)).digest('hex'))
    const before = bytes()
    const files = readdirSync(dirname(database))
    expect((await replay(...since, '--with', site)).split('\n').slice(1)).toEqual([
      "  then: rule 'day': PJSIP/alice (20 s), then PJSIP/bob (20 s), then busy",
      "  with: rule 'day': PJSIP/alice (20 s), then PJSIP/carol (20 s), then busy",
      '1 call, 1 would ring differently, with 0002_carol'
    ])
    expect(bytes()).toEqual(before)
    expect(readdirSync(dirname(database))).toEqual(files)
    expect(await replay(...since)).toBe('1 call, 0 would ring differently')
  })

  test('says if no migration is pending, and refuses an invalid migration as a real run does', async () => {
    const { database, site } = givenBusiness()
    await arrive(database, { id: 'noon', hours: 12 })
    expect(await replay(...since, '--with', site)).toBe('1 call, 0 would ring differently: no migration is pending')
    writeFileSync(join(site, '0002_zone.sql'), "UPDATE schedules SET time_zone = 'Europe/Londn';")
    await expect(replay(...since, '--with', site)).rejects.toThrow('time zone "Europe/Londn" is unknown')
  })

  test('--json prints one document with both plans', async () => {
    const { database, site } = givenBusiness()
    await arrive(database, { id: 'noon', hours: 12 }, { id: 'night', hours: 23 })
    writeFileSync(join(site, '0002_carol.sql'), carol)
    const step = (dial: string) => ({ targets: [{ dial, ringSeconds: 20 }] })
    const answer = (second: string) => ({
      decision: 'rule',
      rule: 'day',
      plan: { steps: [step('PJSIP/alice'), step(second)], fallback: 'busy' }
    })
    expect(JSON.parse(await replay(...since, '--with', site, '--json'))).toEqual({
      since: '2026-11-23T00:00:00.000Z',
      until: null,
      with: ['0002_carol'],
      calls: 2,
      different: 1,
      overridden: 0,
      changes: [
        {
          id: 'noon',
          number: practice,
          callerNumber: '+14155550199',
          callerName: 'Ann',
          startedAt: '2026-11-23T12:00:00.000Z',
          endedAt: '2026-11-23T12:00:01.000Z',
          then: answer('PJSIP/bob'),
          now: { ...answer('PJSIP/carol'), notes: [] }
        }
      ]
    })
  })
})

test("a caller's number without a plus or prefix is read according to FOLLOWME_BARE_NUMBERS", async () => {
  const { database } = givenBusiness()
  const connection = openDatabase(database)
  connection.sqlite.exec(`
    INSERT INTO caller_lists (name) VALUES ('london');
    INSERT INTO caller_list_entries (list, pattern) VALUES ('london', '+442079460018');
    INSERT INTO rules (number, name, position, callers, fallback) VALUES ('${practice}', 'london', 1, 'london', 'hangup');
  `)
  connection.close()
  await arrive(database, { id: 'c1', hours: 10, caller: '2079460018' })
  expect(await replay(...since)).toContain('1 call, 0 would ring differently')
  process.env['FOLLOWME_BARE_NUMBERS'] = 'national'
  expect(await replay(...since)).toContain('1 call, 1 would ring differently')
})
