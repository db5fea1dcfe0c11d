import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { migrateCommand } from '../../../src/cli/commands/migrate'
import { migrate } from '../../../src/store/migrations/migrate'
import { siteStanding } from '../../../src/store/migrations/site-migrations'
import {
  givenDatabaseFile,
  givenDirectory,
  givenFiles,
  givenNewer,
  opened,
  ownMigrations,
  shipped
} from '../../store/fresh-database'
import { printedBy } from '../printed'

const environment = { ...process.env }
afterEach(() => {
  process.env = { ...environment }
  jest.restoreAllMocks()
})

/** Runs `followme migrate`, and gives the lines that it prints. */
function run(...args: string[]): Promise<string[]> {
  return printedBy(migrateCommand(), ...args)
}

const unused = (file: string, list: string) =>
  `warning: ${file}: caller_lists (${list}): no rule refers to it; name it in rules.callers, or delete it`

test("the database is created and migrated, with the site's rules", async () => {
  process.env['FOLLOWME_DATABASE'] = join(givenDirectory(), 'followme.db')
  process.env['FOLLOWME_MIGRATIONS'] = givenFiles({ '0001_vip.sql': "INSERT INTO caller_lists VALUES ('vip');" })
  expect(await run()).toEqual([
    `new database ${process.env['FOLLOWME_DATABASE']}`,
    ...ownMigrations.map((name) => expect.stringMatching(`^applied ${name} \\(followme\\) in \\d+ ms$`) as unknown),
    expect.stringMatching(/^applied 0001_vip \(site\) in \d+ ms$/),
    '  adds caller_lists (vip)',
    unused('0001_vip', 'vip')
  ])
  expect(await run()).toEqual(['up to date'])
})

test("without a site directory, only followme's own migrations are applied", async () => {
  process.env['FOLLOWME_DATABASE'] = join(givenDirectory(), 'followme.db')
  delete process.env['FOLLOWME_MIGRATIONS']
  expect((await run()).slice(1)).toEqual([
    'FOLLOWME_MIGRATIONS is not set: no site migrations were looked for',
    ...ownMigrations.map((name) => expect.stringContaining(`applied ${name} `) as unknown)
  ])
})

test('a missing site directory is reported before the database is created', async () => {
  const database = join(givenDirectory(), 'followme.db')
  process.env['FOLLOWME_DATABASE'] = database
  process.env['FOLLOWME_MIGRATIONS'] = join(givenDirectory(), 'nowhere')
  await expect(run()).rejects.toMatchObject({ code: 'unavailable' })
  expect(existsSync(database)).toBe(false)
})

test('a migration that leaves a fault is rolled back, with its file, the row, the fault and the cure', async () => {
  const database = join(givenDirectory(), 'followme.db')
  process.env['FOLLOWME_DATABASE'] = database
  const site = givenFiles({
    '0001_sales.sql': "INSERT INTO virtual_numbers (number, time_zone) VALUES ('+14155550100', 'America/Los_Angles');"
  })
  process.env['FOLLOWME_MIGRATIONS'] = site
  await expect(run()).rejects.toThrow(
    `migration ${join(site, '0001_sales.sql')} leaves faults:
  virtual_numbers (+14155550100): time zone "America/Los_Angles" is unknown; write an IANA zone such as Europe/London
Nothing of this migration was kept`
  )
  expect(opened(database).sqlite.prepare('SELECT count(*) FROM virtual_numbers').pluck().get()).toBe(0)
})

test('an existing fault does not stop a migration, but a new one does', async () => {
  const database = givenDatabaseFile()
  process.env['FOLLOWME_DATABASE'] = database
  const { sqlite } = opened(database)
  sqlite.exec("INSERT INTO virtual_numbers (number, time_zone) VALUES ('+14155550100', 'America/Los_Angles');")
  const site = givenFiles({ '0001_vip.sql': "INSERT INTO caller_lists VALUES ('vip');" })
  process.env['FOLLOWME_MIGRATIONS'] = site
  expect(await run('--no-backup')).toEqual([
    "warning: 0001_vip leaves a fault that was there before: virtual_numbers (+14155550100); run 'followme check' for the cure",
    expect.stringMatching(/^applied 0001_vip \(site\) in \d+ ms$/),
    '  adds caller_lists (vip)',
    unused('0001_vip', 'vip')
  ])
  writeFileSync(join(site, '0002_more.sql'), "INSERT INTO schedules VALUES ('office', 'Mars/Olympus');")
  const refused = run('--no-backup')
  await expect(refused).rejects.toThrow('schedules (office): time zone "Mars/Olympus" is unknown')
  await expect(refused).rejects.not.toThrow('America/Los_Angles')
  expect(sqlite.prepare('SELECT count(*) FROM schedules').pluck().get()).toBe(0)
})

/** A database with the site's first migration applied, and the second pending. */
async function givenPending(): Promise<string> {
  const database = givenDatabaseFile()
  const site = givenFiles({ '0001_vip.sql': "INSERT INTO caller_lists VALUES ('vip');" })
  process.env['FOLLOWME_DATABASE'] = database
  process.env['FOLLOWME_MIGRATIONS'] = site
  await run('--no-backup')
  writeFileSync(join(site, '0002_staff.sql'), "INSERT INTO caller_lists VALUES ('staff');")
  return database
}

const backupsOf = (database: string) => readdirSync(dirname(database)).filter((name) => name.endsWith('.backup'))

test('the database is backed up before a migration, and the path of the backup is printed', async () => {
  const database = await givenPending()
  const [first = '', second] = await run()
  expect(second).toMatch(/^applied 0002_staff/)
  expect(first).toMatch(/^backup: .*followme\.db\.\d{8}T\d{6}Z\.backup$/)
  const backup = opened(first.replace('backup: ', ''))
  expect(backup.sqlite.prepare('SELECT name FROM caller_lists').pluck().all()).toEqual(['vip'])
  expect(await run()).toEqual(['up to date'])
  expect(backupsOf(database)).toHaveLength(1)
})

test('--no-backup makes no backup', async () => {
  const database = await givenPending()
  expect(await run('--no-backup')).toEqual([
    expect.stringMatching(/^applied 0002_staff/),
    '  adds caller_lists (staff)',
    unused('0002_staff', 'staff')
  ])
  expect(backupsOf(database)).toEqual([])
})

test('the backup is removed if nothing was applied, and kept if at least one migration was', async () => {
  const database = await givenPending()
  const site = process.env['FOLLOWME_MIGRATIONS'] ?? ''
  writeFileSync(join(site, '0002_staff.sql'), "INSERT INTO caller_lists VALUES ('vip');")
  for (let times = 0; times < 3; times++) await expect(run()).rejects.toThrow('there is already a row')
  expect(backupsOf(database)).toEqual([])
  writeFileSync(join(site, '0002_staff.sql'), "INSERT INTO caller_lists VALUES ('staff');")
  writeFileSync(join(site, '0003_more.sql'), "INSERT INTO caller_lists VALUES ('vip');")
  await expect(run()).rejects.toThrow('0003_more.sql, line 1: there is already a row')
  expect(backupsOf(database)).toHaveLength(1)
})

const badSites: [string, Readonly<Record<string, string>>][] = [
  ['an invalid file name', { '2_bad.sql': '' }],
  ['an unclosed string', { '0002_bad.sql': "INSERT INTO caller_lists VALUES ('x);" }],
  ['an unclosed comment', { '0002_bad.sql': '/*' }],
  ['an invalid row', { '0002_bad.sql': "INSERT INTO virtual_numbers (number, time_zone) VALUES ('1', 'UTC');" }],
  ['a forbidden statement', { '0002_bad.sql': 'COMMIT;' }],
  ['a duplicate number', { '0002_a.sql': 'SELECT 1;', '0002_b.sql': 'SELECT 1;' }],
  ['a late number', { '0000_bad.sql': 'SELECT 1;' }],
  ['a changed file', { '0001_vip.sql': "INSERT INTO caller_lists VALUES ('other');" }]
]

test.each(badSites)("followme's own new migrations are applied even if the site has %s", (_, files) => {
  const database = givenDatabaseFile()
  const site = givenFiles({ '0001_vip.sql': "INSERT INTO caller_lists VALUES ('vip');" })
  const log = (): void => undefined
  migrate({ database, shipped, site, log })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(site, name), text)
  const { directory: next } = givenNewer('next', 'CREATE TABLE next (x TEXT) STRICT;')
  let reason = ''
  try {
    migrate({ database, shipped: next, site, log })
  } catch (error) {
    reason = (error as Error).message
  }
  expect(reason).not.toBe('')
  const { sqlite } = opened(database, { readOnly: true })
  expect(sqlite.prepare('SELECT count(*) FROM next').pluck().get()).toBe(0)
  // And those who look later are told the same.
  expect(siteStanding(sqlite, { shipped: next, site }).reason).toContain(reason)
  for (const name of Object.keys(files)) rmSync(join(site, name))
  writeFileSync(join(site, '0001_vip.sql'), "INSERT INTO caller_lists VALUES ('vip');")
  expect(migrate({ database, shipped: next, site, log })).toEqual([])
  expect(sqlite.prepare('SELECT count(*) FROM migration_refusal').pluck().get()).toBe(0)
})

test("followme's own migrations are applied to an existing database even if the site directory is missing", () => {
  const database = givenDatabaseFile()
  const { directory: next } = givenNewer('next', 'CREATE TABLE next (x TEXT) STRICT;')
  const run = () => migrate({ database, shipped: next, site: '/nowhere/site', log: () => undefined })
  expect(run).toThrow('set FOLLOWME_MIGRATIONS')
  expect(opened(database).sqlite.prepare('SELECT count(*) FROM next').pluck().get()).toBe(0)
})

test('a new warning is printed unless a later migration of the same run cures it', async () => {
  const database = givenDatabaseFile()
  process.env['FOLLOWME_DATABASE'] = database
  const number = (digits: string) =>
    `INSERT INTO virtual_numbers (number, time_zone) VALUES ('${digits}', 'America/Los_Angeles');
     INSERT INTO rules (number, name, position) VALUES ('${digits}', 'day', 1);`
  const target = (digits: string) =>
    `INSERT INTO targets (number, rule, step, dial) VALUES ('${digits}', 'day', 1, 'PJSIP/alice');`
  const site = givenFiles({
    '0001_sales.sql': number('+14155550100') + target('+14155550100'),
    '0002_lab.sql': number('+14155550101'),
    '0003_lab.sql': target('+14155550101')
  })
  process.env['FOLLOWME_MIGRATIONS'] = site
  const warnings = async () => (await run('--no-backup')).filter((line) => line.startsWith('warning'))
  expect(await warnings()).toEqual([])
  writeFileSync(join(site, '0004_gone.sql'), "DELETE FROM targets WHERE number = '+14155550100';")
  const said = [expect.stringMatching(/^warning: 0004_gone: rules \(\+14155550100, day\): .*rings nobody/)]
  expect((await run('--dry-run')).filter((line) => line.startsWith('warning'))).toEqual(said)
  expect(await warnings()).toEqual(said)
  // It was there before.
  writeFileSync(join(site, '0005_more.sql'), number('+14155550102') + target('+14155550102'))
  expect(await warnings()).toEqual([])
  // What was applied is told, whatever becomes of the next.
  writeFileSync(join(site, '0006_gone.sql'), "DELETE FROM targets WHERE number = '+14155550102';")
  writeFileSync(join(site, '0007_wrong.sql'), 'nonsense')
  const log = jest.spyOn(console, 'log').mockReturnValue()
  await expect(migrateCommand().parseAsync(['--no-backup'], { from: 'user' })).rejects.toThrow('nonsense')
  expect(log.mock.calls.flat()).toContainEqual(expect.stringMatching(/^warning: 0006_gone: /))
})
