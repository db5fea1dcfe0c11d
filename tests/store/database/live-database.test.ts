import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { RecordQueue } from '../../../src/engine/record-queue'
import { SqliteRecordStore } from '../../../src/store/records/record-store'
import { systemClock } from '../../../src/system/clock'
import { openDatabase } from '../../../src/store/database/database'
import { LiveDatabase } from '../../../src/store/database/live-database'
import { requireSchema } from '../../../src/store/migrations/migrate'
import { SqliteRuleStore } from '../../../src/store/rules/rule-store'
import { until } from '../../sandbox/child'
import { aCall, givenDatabaseFile, opened, shipped } from '../fresh-database'
import { openInScript } from './driver-in-script'
import { fakeLog } from '../../fake-log'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const number = '+14155550100'
/** Labels the number, in the file itself: nothing of it stays in a log beside. */
function label(file: string, text: string): void {
  const { sqlite, close } = openDatabase(file)
  sqlite.exec(`INSERT INTO virtual_numbers (number, label, time_zone) VALUES ('${number}', '${text}', 'UTC')
    ON CONFLICT (number) DO UPDATE SET label = '${text}'`)
  close()
}

/** A database as `serve` has it, put together as in app.ts; it looks when a case has it look. */
function given() {
  const file = givenDatabaseFile()
  label(file, 'old')
  const log = fakeLog()
  const clock = { now: () => Date.now(), after: () => () => undefined }
  const live = new LiveDatabase({ file, check: (sqlite) => requireSchema(sqlite, shipped), clock, log })
  const store = new SqliteRecordStore(live)
  const calls = new RecordQueue({ store, clock: systemClock, log, batchMs: 1 })
  const rules = new SqliteRuleStore(live.reading, log)
  live.start(({ reading }) => {
    rules.use(reading)
    store.use(live)
    calls.retryNow()
  })
  cleanups.push(
    () => live.close(),
    () => calls.close(0)
  )
  const labelNow = async (): Promise<string | undefined> => (await rules.rulesFor(number)).get(number)?.label
  const recorded = (): unknown => opened(file).sqlite.prepare('SELECT id FROM calls ORDER BY id').pluck().all()
  return { file, log, live, calls, labelNow, recorded }
}

/** Puts another database in the place of the file, as `mv` does. */
function replace(file: string, text: string): void {
  const other = givenDatabaseFile()
  label(other, text)
  const near = `${file}.new`
  copyFileSync(other, near)
  renameSync(near, file)
}

test('if the file is deleted, the rules stay readable and records wait, each logged once; a replacement file gets the records', async () => {
  const { file, log, live, calls, labelNow, recorded } = given()
  for (const each of [file, `${file}-wal`, `${file}-shm`]) rmSync(each)
  calls.save(aCall('c1'), [])
  await until('the fault to be noticed', () => calls.state.fault !== null)
  for (let i = 0; i < 3; i++) live.look()
  expect(await labelNow()).toBe('old')
  expect(live.fault).toContain(`database ${file} is gone`)
  expect(calls.state).toMatchObject({ waiting: 1, lost: 0 })
  expect(log.lines.map(({ level }) => level)).toEqual(['error', 'error'])
  replace(file, 'new')
  live.look()
  await calls.flush()
  expect(recorded()).toEqual(['c1'])
  expect(await labelNow()).toBe('new')
  expect(live.fault).toBeNull()
  expect(log.lines.slice(2).map(({ message }) => message)).toEqual([
    expect.stringContaining('the database file was replaced; followme uses the new file from now on'),
    'call records are written again'
  ])
})

test('if the file is moved away and back, the records are written to it', async () => {
  const { file, log, live, calls, recorded } = given()
  renameSync(file, `${file}.away`)
  calls.save(aCall('c1'), [])
  await until('the fault to be noticed', () => calls.state.fault !== null)
  renameSync(`${file}.away`, file)
  await calls.flush()
  expect(recorded()).toEqual(['c1'])
  expect(live.fault).toBeNull()
  expect(log.lines.map(({ message }) => message)).toContain('the database file is back')
})

test('if a file is moved over it, the write-ahead log stays with the old file and does not reach the new one', async () => {
  const { file, live, calls, labelNow, recorded } = given()
  calls.save(aCall('before'), [])
  await calls.flush()
  renameSync(file, `${file}.old`)
  replace(file, 'new')
  expect(existsSync(`${file}-wal`)).toBe(true)
  live.look()
  expect(live.fault).toBeNull()
  calls.save(aCall('after'), [])
  await calls.flush()
  expect(await labelNow()).toBe('new')
  expect(recorded()).toEqual(['after'])
  expect(opened(`${file}.old`).sqlite.prepare('SELECT id FROM calls').pluck().all()).toEqual(['before'])
  for (const each of [file, `${file}.old`])
    expect(opened(each).sqlite.pragma('integrity_check', { simple: true })).toBe('ok')
})

test.each([
  ['not a database', (file: string) => writeFileSync(file, 'Dear diary'.repeat(1000)), 'is not an SQLite database'],
  ['empty', (file: string) => writeFileSync(file, ''), "run 'followme migrate'"],
  ['a directory', (file: string) => mkdirSync(file), 'is a directory: set FOLLOWME_DATABASE to a file']
])('if the replacement is %s, the old file is still used, and the reason is logged', async (_, put, reason) => {
  const { file, log, live, labelNow } = given()
  rmSync(file)
  put(file)
  for (let i = 0; i < 3; i++) live.look()
  expect(live.fault).toContain(reason)
  expect(await labelNow()).toBe('old')
  expect(log.lines).toHaveLength(1)
  rmSync(file, { recursive: true })
  replace(file, 'new')
  live.look()
  expect(await labelNow()).toBe('new')
})

test('no program can lock the file exclusively while it is open, and an attempt disturbs nobody', async () => {
  const { file, calls, labelNow } = given()
  const script = `const db = ${openInScript}(process.argv[1], { timeout: 0 })
    db.pragma('locking_mode = EXCLUSIVE')
    db.exec('BEGIN EXCLUSIVE')`
  const { stderr } = spawnSync(process.execPath, ['-e', script, file], { cwd: join(__dirname, '../../..') })
  expect(stderr.toString()).toContain('database is locked')
  calls.save(aCall('c1'), [])
  await calls.flush()
  expect(await labelNow()).toBe('old')
})

test('a busy read is retried without blocking the event loop, and given up in time', async () => {
  const file = givenDatabaseFile()
  label(file, 'old')
  // Without a write-ahead log, whoever writes keeps out those who read.
  expect(opened(file).sqlite.pragma('journal_mode = DELETE', { simple: true })).toBe('delete')
  const reader = opened(file, { readOnly: true, busyTimeoutMs: 0 })
  const rules = new SqliteRuleStore(reader, fakeLog())
  const script = `const db = ${openInScript}(process.argv[1])
    db.exec('BEGIN EXCLUSIVE')
    console.log('locked', db.pragma('journal_mode', { simple: true }))
    process.stdin.once('data', () => { db.exec('COMMIT'); process.exit() })`
  const holder = spawn(process.execPath, ['-e', script, file], { cwd: join(__dirname, '../../..') })
  cleanups.push(() => holder.kill('SIGKILL'))
  const said = await new Promise((resolve) => holder.stdout.once('data', resolve))
  expect(String(said)).toBe('locked delete\n')
  let turns = 0
  const ticking = setInterval(() => turns++, 5)
  cleanups.push(() => clearInterval(ticking))
  // By its code: the class may be another test file's.
  await expect(rules.rulesFor(number)).rejects.toMatchObject({ code: 'SQLITE_BUSY' })
  expect(turns).toBeGreaterThan(20)
  const waiting = rules.rulesFor(number)
  holder.stdin.write('end')
  expect((await waiting).get(number)?.label).toBe('old')
})
