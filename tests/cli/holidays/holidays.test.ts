import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { checkCommand } from '../../../src/cli/commands/check'
import { explainCommand } from '../../../src/cli/commands/explain'
import { holidaysCommand } from '../../../src/cli/commands/holidays'
import { migrateCommand } from '../../../src/cli/commands/migrate'
import { givenDirectory, givenFiles, opened } from '../../store/fresh-database'
import { printedBy } from '../printed'

const root = resolve(__dirname, '../../..')
const environment = { ...process.env }
afterEach(() => {
  process.env = { ...environment }
  jest.restoreAllMocks()
})

/** What `followme holidays` prints. */
async function holidays(...args: string[]): Promise<string> {
  const printed: string[] = []
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0)
  try {
    await holidaysCommand()
      .configureOutput({ writeErr: () => undefined })
      .exitOverride()
      .parseAsync(args, { from: 'user' })
  } finally {
    write.mockRestore()
  }
  return printed.join('')
}

const office = `
  INSERT INTO schedules VALUES ('Bob''s office', 'Europe/London');
  INSERT INTO schedule_windows VALUES ('Bob''s office', '0 9 * * *', 480);
  INSERT INTO virtual_numbers (number, time_zone) VALUES ('+442079460100', 'Europe/London');
  INSERT INTO rules (number, name, position, schedule) VALUES ('+442079460100', 'day', 10, 'Bob''s office');
  INSERT INTO targets (number, rule, step, dial) VALUES ('+442079460100', 'day', 1, 'PJSIP/bob');
`

/** A site directory with the office and these migrations after it, and a database to apply them to. */
function givenSite(...migrations: string[]): { readonly database: string; readonly site: string } {
  const files = migrations.map((text, at) => [`000${at + 2}_holidays.sql`, text] as const)
  const site = givenFiles({ '0001_office.sql': office, ...Object.fromEntries(files) })
  const database = join(givenDirectory(), 'followme.db')
  process.env['FOLLOWME_DATABASE'] = database
  process.env['FOLLOWME_MIGRATIONS'] = site
  return { database, site }
}

async function run(command: ReturnType<typeof checkCommand>, ...args: string[]): Promise<string> {
  return (await printedBy(command, ...args)).join('\n')
}

interface ExceptionRow {
  readonly from_date: string
  readonly to_date: string
  readonly opens_at: string | null
  readonly label: string
}

function rowsIn(database: string): ExceptionRow[] {
  return opened(database, { readOnly: true })
    .sqlite.prepare<[], ExceptionRow>(
      'SELECT from_date, to_date, opens_at, label FROM schedule_exceptions ORDER BY 1, 3'
    )
    .all()
}

const schedule = ['--schedule', "Bob's office"]

test('a year of holidays is a migration with its source and its effect', async () => {
  const text = await holidays('us', 'ca', '--year', '2026', ...schedule)
  const [first, , command, source] = text.split('\n')
  expect(first).toBe(
    "-- Holidays (public) of United States of America (US), California (CA), 2026, for the schedule 'Bob's office'."
  )
  expect(command).toBe(`--   followme holidays US CA --year 2026 --schedule 'Bob'\\''s office'`)
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules/date-holidays/package.json'), 'utf8')) as {
    version: string
  }
  expect(source).toContain(`date-holidays ${version},`)
  expect(text).toContain(
    `VALUES ('Bob''s office', '2026-07-03', '2026-07-03', 'Independence Day (substitute day)') ON CONFLICT DO NOTHING; -- Fri\n`
  )
  expect(text).toContain(`-- Regions within it may have their own holidays, which are not listed here: CA-LA.\n`)
})

// Each with dates that its own government has announced, and one on which it works.
test.each([
  [
    ['US', 'CA'],
    ['2026-03-31 César Chávez Day', '2026-07-03 Independence Day (substitute day)', '2026-11-26 Thanksgiving Day'],
    '2026-11-25'
  ],
  [
    ['GB', 'SCT'],
    ['2026-01-02 January 2nd', '2026-11-30 St Andrew’s Day', '2026-12-28 Boxing Day (substitute day)'],
    '2026-04-06'
  ],
  [
    ['DE', 'BY'],
    ['2026-06-04 Fronleichnam', '2026-10-03 Tag der Deutschen Einheit', '2026-11-01 Allerheiligen'],
    '2026-10-31'
  ],
  [['JP', '--language', 'en'], ['2026-03-20 Spring Equinox Day', "2026-09-22 Citizens' Holiday"], '2026-03-21'],
  [['IN'], ['2026-01-26 Republic Day', '2026-08-15 Independence Day', '2026-10-02 Gandhi Jayanti'], '2026-12-24'],
  [
    ['IL', '--language', 'en'],
    ['2026-04-02 Passover (Pesach)', '2026-09-21 Day of Atonement (Yom Kippur)'],
    '2026-09-20'
  ],
  [
    ['SA', '--language', 'en'],
    ['2026-09-23 National Day', '2026-03-19..2026-03-22 End of Ramadan (Eid al-Fitr)'],
    '2026-03-18'
  ],
  [['AU', 'NSW'], ['2026-01-26 Australia Day', "2026-06-08 King's Birthday", '2026-10-05 Labour Day'], '2026-03-09']
])('the holidays of %j apply, leave no fault, and have the right dates', async (place, expected, workday) => {
  const { database } = givenSite(await holidays(...place, '--year', '2026', ...schedule))
  await run(migrateCommand())
  expect(await run(checkCommand())).toBe('no faults in the rules of 1 number')
  const rows = rowsIn(database)
  const shown = rows.map(
    ({ from_date: from, to_date: to, label }) => `${from === to ? from : `${from}..${to}`} ${label}`
  )
  expect(shown).toEqual(expect.arrayContaining(expected))
  expect(rows.filter(({ from_date: from, to_date: to }) => from <= workday && workday <= to)).toEqual([])
  const [day = ''] = expected[0]?.split(/[. ]/) ?? []
  expect(await run(explainCommand(), '+442079460100', '--at', `${day} 10:00`)).toContain('by its exception')
  expect(await run(explainCommand(), '+442079460100', '--at', `${workday} 10:00`)).toContain("Rule 'day' answers.")
})

test("the output does not depend on the machine's time zone, even if its midnight is skipped", () => {
  // In Cairo 2026-04-24, a holiday in Armenia, begins at one o'clock.
  const program = `const { holidaysCommand } = require('./dist/cli/commands/holidays.js')
    void (async () => { for (const place of [['AM'], ['US', 'CA'], ['AU', 'NSW'], ['IL']]) {
      await holidaysCommand().parseAsync([...place, '--year', '2026', '--schedule', 'office'], { from: 'user' })
    } })()`
  const [utc, ...others] = ['UTC', 'Pacific/Auckland', 'America/Los_Angeles', 'Africa/Cairo'].map((TZ) => {
    const options = { cwd: root, env: { ...environment, TZ }, encoding: 'utf8' } as const
    return spawnSync(process.execPath, ['-e', program], options)
  })
  expect(utc).toMatchObject({ status: 0, stderr: '' })
  expect(utc?.stdout).toContain("'2026-04-24', '2026-04-24'")
  expect(others.map(({ stdout }) => stdout)).toEqual(Array(3).fill(utc?.stdout))
}, 300_000)

test('a holiday that began in the old year is also in the new one', async () => {
  expect(await holidays('SZ', '--year', '2027', ...schedule)).toMatch(/'2027-01-02', '2027-01-02', 'Incwala.*-- Sat/)
})

test('partial days are commented out, and the rows are valid once uncommented', async () => {
  const text = await holidays('IS', '--year', '2026', '--language', 'en', ...schedule)
  expect(text).toContain('-- Thu 2026-12-24 from 13:00: Christmas Eve\n')
  const { database } = givenSite(text, text.replace(/^-- INSERT/gm, 'INSERT'))
  await run(migrateCommand())
  expect(rowsIn(database).filter(({ opens_at: opens }) => opens !== null)).toEqual([
    { from_date: '2026-12-24', to_date: '2026-12-24', opens_at: '09:00', label: 'Christmas Eve' },
    { from_date: '2026-12-31', to_date: '2026-12-31', opens_at: '09:00', label: "New Year's Eve" }
  ])
  const at = async (instant: string) => run(explainCommand(), '+442079460100', '--at', instant)
  expect(await at('2026-12-24 12:59')).toContain("Rule 'day' answers.")
  expect(await at('2026-12-24 13:00')).toContain('No rule answers')
})

test('existing exceptions are kept: a label, a longer range, hours of their own', async () => {
  const own = `INSERT INTO schedule_exceptions VALUES
    ('Bob''s office', '2026-12-25', '2026-12-27', NULL, NULL, 'ours'),
    ('Bob''s office', '2026-03-19', '2026-03-19', NULL, NULL, 'ours too'),
    ('Bob''s office', '2026-09-23', '2026-09-23', '10:00', '12:00', 'we work')`
  const saudi = await holidays('SA', '--year', '2026', '--language', 'en', ...schedule)
  const { database } = givenSite(own, saudi, await holidays('US', '--year', '2026', ...schedule), saudi)
  await run(migrateCommand())
  const shown = rowsIn(database).map((row) => `${row.from_date} ${row.to_date} ${row.label}`)
  expect(shown).toEqual(
    expect.arrayContaining([
      '2026-12-25 2026-12-27 ours',
      '2026-03-19 2026-03-22 ours too',
      '2026-09-23 2026-09-23 we work',
      '2026-09-23 2026-09-23 National Day'
    ])
  )
  expect(await run(explainCommand(), '+442079460100', '--at', '2026-09-23 11:00')).toContain("Rule 'day' answers.")
})

test('an unknown schedule is refused by migrate, as the header says', async () => {
  const text = await holidays('JP', '--year', '2026', '--schedule', 'offices')
  expect(text).toContain('-- The schedule must exist in the table schedules')
  givenSite(text)
  await expect(run(migrateCommand())).rejects.toThrow("schedule names 'offices', which schedules does not have")
})

test('--include adds other kinds of holidays, each marked, in the requested language', async () => {
  const only = await holidays('DE', '--year', '2026', '--language', 'en', ...schedule)
  const more = await holidays('DE', '--year', '2026', '--language', 'en', '--include', 'observance, bank', ...schedule)
  expect(only).toContain("'Christmas Day') ON CONFLICT DO NOTHING; -- Fri\n")
  expect(only).not.toContain('Christmas Eve')
  expect(more).toContain(`--schedule 'Bob'\\''s office' --language en --include bank,observance\n`)
  expect(more).toContain("'Mother''s Day') ON CONFLICT DO NOTHING; -- Sun, observance\n")
  expect(more).toContain('-- Thu 2026-12-24 from 14:00, bank: Christmas Eve\n')
})

test('any schedule name is quoted correctly', async () => {
  const name = `it's "open"; DROP TABLE schedules; --`
  const { database } = givenSite(
    `INSERT INTO schedules VALUES ('${name.replaceAll("'", "''")}', 'UTC')`,
    await holidays('CH', 'GE', '--year', '2026', '--schedule', name)
  )
  await run(migrateCommand())
  const schedules = opened(database).sqlite.prepare('SELECT DISTINCT schedule FROM schedule_exceptions').pluck().all()
  expect(schedules).toEqual([name])
})

test('--out writes a new file and never overwrites one', async () => {
  const file = join(givenDirectory(), '0002_holidays.sql')
  const args = ['GB', 'SCT', '--year', '2027', ...schedule]
  expect(await holidays(...args, '--out', file)).toBe('')
  expect(readFileSync(file, 'utf8')).toBe(await holidays(...args))
  writeFileSync(file, 'mine')
  await expect(holidays(...args, '--out', file)).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('name a new file') as string
  })
  expect(readFileSync(file, 'utf8')).toBe('mine')
  const other = join(givenDirectory(), '0003_holidays.sql')
  await expect(holidays('XX', '--year', '2027', ...schedule, '--out', other)).rejects.toMatchObject({ code: 'usage' })
  expect(existsSync(other)).toBe(false)
})

test.each([
  [['UK'], /^unknown country "UK": write GB \(United Kingdom\)$/],
  [['Germany'], /unknown country "Germany": write DE \(Germany\)$/],
  [['XX'], /unknown country "XX": write one of AD, AE, .*, ZW$/],
  [['US', 'KA'], /^unknown region of US "KA": write one of AL, AK, .*, WY$/],
  [['GB', 'Scotland'], /write SCT \(Scotland\)$/],
  [['DE', 'kath'], /write BY-KATH \(/],
  [['JP', '13'], /Japan \(JP\) has no regions: leave it out$/],
  [['JP', '--language', 'xx'], /^--language "xx": .* use one of .*en/],
  [
    ['JP', '--include', 'bank,feast'],
    /^--include: unknown type of holiday "feast": use bank,school,optional,observance$/
  ],
  [['JP', '--year', '1969'], /^--year 1969: write a year from 1970 to 2080/],
  [['JP', '--year', '02027'], /^--year 02027/],
  [['JP', '--schedule', ' office'], /^--schedule " office": write the name of a schedule/],
  [['JP', '--schedule', 'a\nb'], /^--schedule/]
])('%j is wrong usage', async (args, message) => {
  const given = holidays('--year', '2027', '--schedule', 'office', ...args)
  await expect(given).rejects.toMatchObject({ code: 'usage', message: expect.stringMatching(message) as string })
})

test('without a year or a schedule nothing is printed', async () => {
  await expect(holidays('JP', '--year', '2027')).rejects.toThrow("required option '--schedule <name>'")
  await expect(holidays('JP', '--schedule', 'office')).rejects.toThrow("required option '--year <year>'")
})
