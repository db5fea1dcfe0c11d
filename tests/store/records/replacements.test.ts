// Who took whose place in a call: written with its record, read back, and in databases that are older than the table.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ReplacementRecord } from '../../../src/call/record'
import { openCalls, readCall } from '../../../src/store/records/call-history'
import { batchWriter } from '../../../src/store/records/call-writer'
import { migrate } from '../../../src/store/migrations/migrate'
import {
  aCall,
  anAttempt,
  aReplacement,
  givenDatabase,
  givenDatabaseFile,
  givenDirectory,
  givenFiles,
  givenRecords,
  noon,
  opened,
  ownMigrations,
  shipped
} from '../fresh-database'

const attempts = [anAttempt('c1'), anAttempt('c1', { target: 10, leg: 'c1.1.010', dial: 'PJSIP/judy' })]

/** By one connection, the records go in; by another they are read. */
async function stored(...saves: readonly (readonly ReplacementRecord[])[]) {
  const file = givenDatabaseFile()
  const queue = givenRecords(opened(file))
  for (const replacements of saves) {
    queue.save(aCall('c1'), attempts, replacements)
    await queue.flush()
  }
  await queue.close()
  return opened(file)
}

const pickup = aReplacement({ place: 'c1.1.1', at: noon + 3_000, leg: '17.9', who: 'PJSIP/bob' })

test('replacements are read in order, with their time and leg, by call and among the open calls', async () => {
  const tenth = aReplacement({ place: 'c1.1.010', at: noon + 5_000, leg: '17.11', who: '55@office-0000001f;1' })
  const replacements = [pickup, tenth, aReplacement()]
  const { db } = await stored(replacements)
  expect(await readCall(db, 'c1')).toEqual({ call: aCall('c1'), attempts, replacements })
  expect(await openCalls(db)).toEqual([{ call: aCall('c1'), attempts, replacements }])
})

test('the order is that of the replacements, even if the clock was set back', async () => {
  const earlier = aReplacement({ at: noon + 1_000 })
  const { db, sqlite } = await stored([pickup, earlier])
  expect((await readCall(db, 'c1')).replacements).toEqual([pickup, earlier])
  expect(sqlite.prepare('SELECT position, step, target, who FROM replacements').raw().all()).toEqual([
    [1, 1, 1, 'PJSIP/bob'],
    [2, null, null, 'PJSIP/dave']
  ])
})

test('later saves add replacements, and do not change earlier ones', async () => {
  const next = aReplacement()
  const { db } = await stored([], [pickup], [pickup, next], [next, pickup])
  expect((await readCall(db, 'c1')).replacements).toEqual([pickup, next])
})

test('a call without replacements costs no additional statement', async () => {
  const database = givenDatabase()
  const prepare = jest.spyOn(database.sqlite, 'prepare')
  const write = batchWriter(database)
  const inserts = prepare.mock.results.map(({ value }) => value as { readonly source: string; run: () => unknown })
  const runs = inserts.map((statement) => [statement.source, jest.spyOn(statement, 'run')] as const)
  const ofReplacements = runs.find(([source]) => source.includes('"replacements"'))?.[1]
  write([{ call: aCall('c1'), attempts, replacements: [] }])
  expect(ofReplacements).not.toHaveBeenCalled()
  expect((await readCall(database.db, 'c1')).replacements).toEqual([])
  write([{ call: aCall('c1'), attempts, replacements: [pickup] }])
  expect(ofReplacements).toHaveBeenCalledTimes(1)
})

test('a database from before the table is upgraded: its calls are unchanged and have no replacements', async () => {
  const before = ownMigrations.filter((name) => name < '0009')
  const files = before.map((name) => [`${name}.sql`, readFileSync(join(shipped, `${name}.sql`), 'utf8')])
  const database = join(givenDirectory(), 'followme.db')
  migrate({ database, shipped: givenFiles(Object.fromEntries(files) as Record<string, string>), log: () => undefined })
  opened(database).sqlite.exec(`
    INSERT INTO calls (id, number, caller_number, caller_name, a_leg, started_at, decision, plan)
    VALUES ('c1', '+14155550100', '', '', '17.1', '2026-11-22T11:48:12.345Z', 'fallback', '{}');
    INSERT INTO attempts (call, step, target, leg, dial, started_at)
    VALUES ('c1', 1, 1, 'c1.1.1', 'PJSIP/alice', '2026-11-22T11:48:12.345Z')`)
  migrate({ database, shipped, log: () => undefined })
  const { db, sqlite } = opened(database)
  expect(sqlite.prepare('SELECT count(*) FROM replacements').pluck().get()).toBe(0)
  expect(await readCall(db, 'c1')).toMatchObject({ call: { aLeg: '17.1' }, attempts: [{}], replacements: [] })
})

describe('an invalid row is refused with a message that names the column and the cure', () => {
  const call = `INSERT INTO calls (id, number, caller_number, caller_name, a_leg, started_at, decision, plan)
    VALUES ('c1', '+14155550100', '', '', '17.1', '2026-11-22T11:48:12.345Z', 'fallback', '{}');`
  const row = (values: string, at = '2026-11-22T11:49:00.000Z') =>
    `INSERT INTO replacements (call, position, step, target, leg, who, at) VALUES (${values}, '17.9', 'PJSIP/bob', '${at}');`

  test.each([
    [row("'c1', 0, 1, 1"), 'replacements.position must be 1 or more'],
    [row("'c1', 1, 1, NULL"), "replacements: give step and target, or neither for the caller's place"],
    [row("'c1', 1, NULL, 2"), "replacements: give step and target, or neither for the caller's place"],
    [row("'c1', 1, 1, 1", 'yesterday'), 'replacements.at must be an instant in UTC such as'],
    [row("'c2', 1, 1, 1"), 'FOREIGN KEY constraint failed'],
    [row("'c1', 1, 1, 1") + row("'c1', 1, 1, 2"), 'UNIQUE constraint failed']
  ])('%s', (sql, message) => {
    expect(() => givenDatabase().sqlite.exec(call + sql)).toThrow(message)
  })

  test.each([row("'c1', 1, NULL, NULL"), row("'c1', 2, 1, 3")])('but this is valid: %s', (sql) => {
    expect(() => givenDatabase().sqlite.exec(call + sql)).not.toThrow()
  })
})
