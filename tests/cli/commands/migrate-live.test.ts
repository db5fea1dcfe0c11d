// followme migrate as a process of its own, beside others that use the database.
import { type ChildProcess, spawn } from 'node:child_process'
import { statSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { migrate } from '../../../src/store/migrations/migrate'
import { SqliteRuleStore } from '../../../src/store/rules/rule-store'
import { builtMain } from '../../built'
import { setUp } from '../../engine/set-up'
import { opened, ownMigrations, shipped } from '../../store/fresh-database'
import { business, givenSite } from '../../store/given-site'
import { fakeLog } from '../../fake-log'

const root = resolve(__dirname, '../../..')
const running: ChildProcess[] = []
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})

function start(database: string, site: string) {
  const child = spawn(process.execPath, [builtMain, 'migrate', '--no-backup'], {
    cwd: root,
    env: { ...process.env, FOLLOWME_DATABASE: database, FOLLOWME_MIGRATIONS: site }
  })
  running.push(child)
  let printed = ''
  const heard = (condition: () => boolean) =>
    new Promise<void>((done) => {
      const look = () => {
        if (condition()) done()
      }
      child.stdout.on('data', (text: Buffer) => {
        printed += text.toString()
        look()
      })
    })
  const says = (text: string) => heard(() => printed.includes(text))
  const ended = new Promise<number | NodeJS.Signals | null>((done) => {
    child.on('close', (code, signal) => done(code ?? signal))
  })
  return { child, says, ended, printed: () => printed }
}

test('migrate waits while another program writes, says so, and then continues', async () => {
  const { database, site, run, file, count } = givenSite({ '0001_business.sql': business })
  run()
  writeFileSync(file('0002_vip.sql'), "INSERT INTO caller_lists VALUES ('vip');")
  const { sqlite } = opened(database)
  sqlite.exec("BEGIN IMMEDIATE; INSERT INTO caller_lists VALUES ('staff')")
  const { says, ended, printed } = start(database, site)
  await says('waiting for another program that is writing to the database\n')
  expect(printed()).not.toContain('applied')
  sqlite.exec('COMMIT')
  expect(await ended).toBe(0)
  expect(printed()).toContain('applied 0002_vip (site)')
  expect(count('caller_lists')).toBe(2)
})

test('migrate killed in the middle of a migration leaves the old state, and the next run continues from there', async () => {
  const { database, site, run, file, count } = givenSite({ '0001_business.sql': business })
  run()
  // It never ends: what it has written so far lies in the log beside the database when it is killed.
  writeFileSync(
    file('0002_endless.sql'),
    `DELETE FROM targets WHERE number = '+442071838750';
     INSERT INTO caller_lists WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000) SELECT printf('%01000d', i) FROM n;
     WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n;`
  )
  const reader = opened(database, { readOnly: true }).sqlite
  const { child, ended } = start(database, site)
  const written = () => statSync(`${database}-wal`, { throwIfNoEntry: false })?.size ?? 0
  while (written() < 1_000_000) await new Promise((resolve) => setTimeout(resolve, 10))
  child.kill('SIGKILL')
  expect(await ended).toBe('SIGKILL')
  expect(['targets', 'caller_lists', 'schema_migrations'].map(count)).toEqual([2, 0, ownMigrations.length + 1])
  expect(reader.pragma('integrity_check', { simple: true })).toBe('ok')
  writeFileSync(file('0002_endless.sql'), "INSERT INTO caller_lists VALUES ('vip');")
  expect(run().map(({ name }) => name)).toEqual(['0002_endless'])
  expect(['targets', 'caller_lists', 'schema_migrations'].map(count)).toEqual([2, 1, ownMigrations.length + 2])
})

test('a call in progress keeps its plan, and the next call follows the new rules', async () => {
  const { database, site, run, file } = givenSite({
    '0001_always.sql': business.replace("'day', 10, 'office'", "'day', 10, NULL")
  })
  run()
  const rules = new SqliteRuleStore(opened(database), fakeLog())
  const { telephony, calls, handle, arrive } = setUp(rules)
  await arrive('17.1', '+442071838750')
  writeFileSync(file('0002_carol.sql'), "DELETE FROM targets WHERE step = 1; UPDATE targets SET dial = 'PJSIP/carol';")
  expect(migrate({ database, shipped, site, log: () => undefined })).toHaveLength(1)
  await handle({ type: 'legGone', leg: 'c1.1.1', cause: 17 })
  await arrive('17.2', '+442071838750')
  const rung = telephony.asked.filter((what) => what.startsWith('createLeg'))
  expect(rung).toEqual(['createLeg c1.1.1 PJSIP/alice', 'createLeg c1.2.1 PJSIP/bob', 'createLeg c2.1.1 PJSIP/carol'])
  const recorded = calls.calls.get('c1')?.call.plan.steps.flatMap(({ targets }) => targets.map(({ dial }) => dial))
  expect(recorded).toEqual(['PJSIP/alice', 'PJSIP/bob'])
})
