import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { migrateCommand } from '../../../src/cli/commands/migrate'
import { givenDirectory, givenFiles, opened, ownMigrations, shipped } from '../../store/fresh-database'
import { business } from '../../store/given-site'
import { migrate } from '../../../src/store/migrations/migrate'
import { printedBy } from '../printed'

const environment = { ...process.env }
// A Sunday, eight weeks from any change of the clocks.
const now = Date.UTC(2026, 10, 22, 12)
beforeEach(() => {
  // There is no room for a file: the copy is in memory, so that nothing is left of it, however the process ends.
  process.env['TMPDIR'] = '/nowhere'
  jest.spyOn(Date, 'now').mockReturnValue(now)
})
afterEach(() => {
  process.env = { ...environment }
  jest.restoreAllMocks()
})

/** A database with the business and what else is `applied` in it, and more files of the site that are pending. */
function givenSite(pending: Readonly<Record<string, string>>, applied: Readonly<Record<string, string>> = {}): string {
  const database = join(givenDirectory(), 'followme.db')
  const site = givenFiles({ '0001_business.sql': business, ...applied })
  migrate({ database, shipped, site, log: () => undefined })
  for (const [name, text] of Object.entries(pending)) writeFileSync(join(site, name), text)
  process.env['FOLLOWME_DATABASE'] = database
  process.env['FOLLOWME_MIGRATIONS'] = site
  return database
}

/** The business in the database of a former followme, whose last migration was `last`. */
function givenFormerSite(last: string, pending: Readonly<Record<string, string>>): void {
  const former = readdirSync(shipped).filter((file) => file <= `${last}.sql`)
  const texts = former.map((file) => [file, readFileSync(join(shipped, file), 'utf8')] as const)
  const database = join(givenDirectory(), 'followme.db')
  migrate({ database, shipped: givenFiles(Object.fromEntries(texts)), log: () => undefined })
  opened(database).sqlite.exec(business)
  process.env['FOLLOWME_DATABASE'] = database
  process.env['FOLLOWME_MIGRATIONS'] = givenFiles(pending)
}

/** What `followme migrate --dry-run` prints. */
function dryRun(): Promise<string[]> {
  return printedBy(migrateCommand(), '--dry-run')
}

const night = `
  UPDATE schedule_windows SET minutes = 570 WHERE schedule = 'office';
  INSERT INTO rules (number, name, position) VALUES ('+442071838750', 'night', 20);
  INSERT INTO targets (number, rule, step, dial) VALUES ('+442071838750', 'night', 1, 'PJSIP/carol');
  DELETE FROM targets WHERE dial = 'PJSIP/bob';`

test('a dry run shows which rules change, and who rings differently and when', async () => {
  givenSite({ '0002_night.sql': night })
  const day = 'PJSIP/alice for 20 s'
  expect(await dryRun()).toEqual([
    'would apply 0002_night (site)',
    `changed rule +442071838750, day: rings 1. ${day}, 2. PJSIP/bob for 20 s → 1. ${day}`,
    'added rule +442071838750, night: position 20; rings 1. PJSIP/carol for 20 s',
    "changed schedule office: opens '30 8 * * MON-FRI' for 540 min → '30 8 * * MON-FRI' for 570 min",
    'in the next 14 days:',
    '  +442071838750 (Practice) rings differently from now to Mon 2026-11-23 08:30 Europe/London, and 10 more times',
    '    before: busy',
    '    after:  PJSIP/carol for 20 s, then busy',
    '  +442071838750 (Practice) rings differently from Mon 2026-11-23 08:30 Europe/London to Mon 2026-11-23 17:30 Europe/London, and 9 more times',
    `    before: ${day}, then PJSIP/bob for 20 s, then busy`,
    `    after:  ${day}, then busy`,
    '  +442071838750 (Practice) rings differently from Mon 2026-11-23 17:30 Europe/London to Mon 2026-11-23 18:00 Europe/London, and 9 more times',
    '    before: busy',
    `    after:  ${day}, then busy`,
    'dry run: nothing was applied'
  ])
})

test('a dry run shows policy rows and compares with a database that has no policy table yet', async () => {
  const forward = "INSERT INTO targets (number, rule, step, dial) VALUES ('+442071838750', 'day', 3, '+442079460000');"
  const noMobiles =
    "INSERT INTO dial_policy (prefix, verdict, note) VALUES ('+33', 'allow', 'Paris'), ('+44207', 'deny', NULL);"
  givenSite({ '0003_no_mobiles.sql': noMobiles }, { '0002_forward.sql': forward })
  await expect(dryRun()).rejects.toThrow('+442079460000" is denied by the row +44207 of dial_policy; change that row')
  givenFormerSite('0010_emergency_numbers', { '0003_no_mobiles.sql': noMobiles })
  expect(await dryRun()).toEqual([
    'would apply 0011_dial_policy (followme)',
    'would apply 0012_dial_limits (followme)',
    'would apply 0013_failsafe_limits (followme)',
    'would apply 0014_contacts (followme)',
    'would apply 0015_number_limits (followme)',
    'would apply 0016_caller_id (followme)',
    'would apply 0017_trunks (followme)',
    'would apply 0018_loops (followme)',
    'would apply 0019_target_limits (followme)',
    'would apply 0003_no_mobiles (site)',
    'added dial policy for +33: verdict allow; note Paris',
    'added dial policy for +44207: verdict deny',
    'no number rings differently in the next 14 days',
    'dry run: nothing was applied'
  ])
})

test('a dry run leaves the database unchanged byte by byte and creates no file beside it', async () => {
  const database = givenSite({ '0002_night.sql': night })
  const { sqlite } = opened(database)
  sqlite.exec("INSERT INTO caller_lists VALUES ('in the log')")
  const bytes = () =>
    [database, `${database}-wal`].map((file) => createHash('sha256').update(readFileSync(file)).digest('hex'))
  const before = bytes()
  const files = readdirSync(dirname(database))
  await dryRun()
  expect(bytes()).toEqual(before)
  expect(readdirSync(dirname(database))).toEqual(files)
})

test('an invalid migration is refused as in a real run, even without a database', async () => {
  const database = givenSite({ '0002_wrong.sql': "UPDATE schedules SET time_zone = 'Europe/Londn';" })
  await expect(dryRun()).rejects.toThrow('schedules (office): time zone "Europe/Londn" is unknown')
  process.env['FOLLOWME_DATABASE'] = `${database}.new`
  await expect(dryRun()).rejects.toThrow('schedules (office): time zone "Europe/Londn" is unknown')
})

test('an existing fault is a warning, as in a real run; a new fault is refused', async () => {
  const wrong = "INSERT INTO schedules VALUES ('mars', 'Mars/Olympus');"
  const database = givenSite({ '0002_night.sql': night })
  opened(database).sqlite.exec(wrong)
  expect(await dryRun()).toContain(
    "warning: 0002_night leaves a fault that was there before: schedules (mars); run 'followme check' for the cure"
  )
  writeFileSync(join(process.env['FOLLOWME_MIGRATIONS'] ?? '', '0003_wrong.sql'), wrong.replace('mars', 'moon'))
  const refused = dryRun()
  await expect(refused).rejects.toThrow('schedules (moon): time zone "Mars/Olympus" is unknown')
  await expect(refused).rejects.not.toThrow('schedules (mars)')
})

test('a database of another program is named with its file', async () => {
  const database = join(givenDirectory(), 'invoices.db')
  opened(database, { create: true }).sqlite.exec('CREATE TABLE invoices (id)')
  process.env['FOLLOWME_DATABASE'] = database
  await expect(dryRun()).rejects.toThrow(`database ${database} belongs to another program (it has the table invoices)`)
})

test('without pending migrations, a dry run says so', async () => {
  givenSite({})
  expect(await dryRun()).toEqual(['up to date'])
})

test('a dry run does not create a missing database', async () => {
  const database = givenSite({})
  process.env['FOLLOWME_DATABASE'] = `${database}.new`
  const lines = await dryRun()
  expect(lines.filter((line) => line.startsWith('would apply'))).toEqual([
    ...ownMigrations.map((name) => `would apply ${name} (followme)`),
    'would apply 0001_business (site)'
  ])
  expect(lines).toContain('    before: the call is refused')
  expect(existsSync(`${database}.new`)).toBe(false)
})

test('a rule that does not apply within the two weeks changes nothing that rings', async () => {
  givenSite({
    '0002_vip.sql': `INSERT INTO rules (number, name, position, valid_from, fallback)
    VALUES ('+442071838750', 'later', 5, '2026-12-07', 'hangup');`
  })
  expect((await dryRun()).slice(1)).toEqual([
    'added rule +442071838750, later: position 5; valid from 2026-12-07; rings nobody; fallback hangup',
    'no number rings differently in the next 14 days',
    'dry run: nothing was applied'
  ])
})

test('callers on a list are reported separately, and so is a number that leads to a changed number', async () => {
  givenSite(
    {
      '0003_vip.sql': `INSERT INTO caller_lists VALUES ('vip');
        INSERT INTO caller_list_entries VALUES ('vip', '+33*');
        INSERT INTO rules (number, name, position, callers) VALUES ('+442071838750', 'vip', 5, 'vip');
        INSERT INTO targets (number, rule, step, dial) VALUES ('+442071838750', 'vip', 1, 'PJSIP/ann');`
    },
    {
      '0002_link.sql': `INSERT INTO virtual_numbers (number, time_zone, fallback)
        VALUES ('+14155550100', 'UTC', 'number:+442071838750');`
    }
  )
  expect((await dryRun()).filter((line) => line.includes('rings differently'))).toEqual([
    '  +14155550100 rings differently from now to Mon 2026-11-23 08:30 UTC, and 10 more times, for callers +33*',
    '  +14155550100 rings differently from Mon 2026-11-23 08:30 UTC to Mon 2026-11-23 17:30 UTC, and 9 more times, for callers +33*',
    '  +442071838750 (Practice) rings differently from now to Mon 2026-11-23 08:30 Europe/London, and 10 more times, for callers +33*',
    '  +442071838750 (Practice) rings differently from Mon 2026-11-23 08:30 Europe/London to Mon 2026-11-23 17:30 Europe/London, and 9 more times, for callers +33*'
  ])
})

test('callers on the same lists are reported once, and beyond 500 numbers the rest is counted', async () => {
  const numbers = Array.from({ length: 502 }, (_, at) => `('+1415555${String(at).padStart(4, '0')}', 'UTC')`)
  givenSite(
    {
      '0003_vip.sql': `INSERT INTO rules (number, name, position, callers, fallback)
        SELECT number, 'vip', 5, 'vip', 'hangup' FROM virtual_numbers WHERE time_zone = 'UTC'`
    },
    {
      '0002_numbers.sql': `INSERT INTO virtual_numbers (number, time_zone) VALUES ${numbers.join()};
        INSERT INTO caller_lists VALUES ('vip');
        INSERT INTO caller_list_entries VALUES ('vip', '+33*'), ('vip', '+34*'), ('vip', '+35*'), ('vip', 'anonymous');`
    }
  )
  const lines = await dryRun()
  const rings = lines.filter((line) => line.includes('rings differently'))
  expect(rings).toHaveLength(500)
  expect(rings[0]).toBe('  +14155550000 rings differently from now on, for callers +33*, +34*, +35* and 1 more')
  expect(lines).toContain('  2 more numbers may ring differently (not compared)')
})
