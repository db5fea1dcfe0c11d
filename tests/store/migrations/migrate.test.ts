import { fork } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Fault } from '../../../src/rules/finding'
import type { RuleSet } from '../../../src/rules/rule-tables'
import { migrate, requireSchema } from '../../../src/store/migrations/migrate'
import { siteStanding } from '../../../src/store/migrations/site-migrations'
import { givenDirectory, givenNewer, opened, ownMigrations, shipped } from '../fresh-database'
import { business, givenSite } from '../given-site'

test("a new database gets the schema, then the site's rules; a second run has nothing to do", () => {
  const { run, lines, count } = givenSite({ '0001_business.sql': business })
  expect(run().map(({ origin, name }) => [origin, name])).toEqual([
    ...ownMigrations.map((name) => ['followme', name]),
    ['site', '0001_business']
  ])
  expect(run()).toEqual([])
  expect(lines).toEqual([
    ...ownMigrations.map(applied),
    expect.stringMatching(/^applied 0001_business \(site\) in \d+ ms$/),
    '  adds schedules (office)',
    '  adds schedule_windows (office, 30 8 * * MON-FRI, 540)',
    '  adds virtual_numbers (+442071838750)',
    '  adds rules (+442071838750, day)',
    '  adds targets (+442071838750, day, 1, PJSIP/alice), (+442071838750, day, 2, PJSIP/bob)',
    'up to date'
  ])
  expect(count('targets')).toBe(2)
})

function applied(name: string): unknown {
  return expect.stringMatching(new RegExp(`^applied ${name} \\(followme\\) in \\d+ ms$`))
}

test('each applied migration is stored with its time, checksum and text', () => {
  const { database, run } = givenSite({ '0001_business.sql': business })
  run()
  const rows = opened(database).sqlite.prepare("SELECT * FROM schema_migrations WHERE origin = 'site'").all()
  expect(rows).toEqual([
    {
      origin: 'site',
      version: 1,
      name: '0001_business',
      checksum: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      applied_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/) as string,
      duration_ms: expect.any(Number) as number
    }
  ])
  const texts = opened(database).sqlite.prepare('SELECT version, event, name, text FROM migration_files').all()
  expect(texts).toEqual([{ version: 1, event: 'applied', name: '0001_business', text: business }])
})

test('within a migration, rows may precede the rows that they refer to', () => {
  const statements = business.split(/(?<=;\n)/).reverse()
  const { run, count } = givenSite({ '0001_upside_down.sql': statements.join('') })
  run()
  expect(count('targets')).toBe(2)
})

describe('a failing migration is rolled back completely, and the message says where it failed', () => {
  const refused = (sql: string) => {
    const { run, count, file } = givenSite({ '0001_business.sql': business, '0002_more.sql': sql })
    let message = ''
    try {
      run()
    } catch (error) {
      message = (error as Error).message
    }
    expect(count('schema_migrations')).toBe(ownMigrations.length + 1)
    expect(count('virtual_numbers')).toBe(1)
    expect(count('targets')).toBe(2)
    return message.replace(file('0002_more.sql'), '0002_more.sql')
  }

  test('with the line of the row and the message of the constraint', () => {
    const message = refused(`INSERT INTO caller_lists VALUES ('vip');
INSERT INTO virtual_numbers (number, time_zone) VALUES
  ('+14155550100', 'America/Los_Angeles'),
  ('4155550101', 'America/Los_Angeles');`)
    expect(message).toBe(
      `migration 0002_more.sql, line 4: virtual_numbers.number must be E.164 with a leading +, such as +14155550100
  at: ('4155550101', 'America/Los_Angeles') in INSERT INTO virtual_numbers (number, time_zone) VALUES ('+14155550100', 'America/Los_Angeles'), ('4155550101', 'America/Los_Angeles')
Nothing of this migration was kept; correct it and run 'followme migrate' again`
    )
  })

  test('with the line of the statement that SQLite cannot parse', () => {
    expect(refused("\n\n-- what\nINSRT INTO caller_lists VALUES ('vip');")).toMatch(
      /^migration 0002_more\.sql, line 4: .*near "INSRT": syntax error\n {2}at: INSRT INTO caller_lists/
    )
  })

  test('if a row already exists', () => {
    expect(refused("INSERT INTO rules (number, name, position) VALUES ('+442071838750', 'night', 10);")).toContain(
      'line 1: there is already a row with the same rules.number, rules.position'
    )
  })

  test('if a value is missing', () => {
    expect(refused("INSERT INTO virtual_numbers (number) VALUES ('+14155550100');")).toContain(
      'virtual_numbers.time_zone must be given'
    )
  })

  test('if a row refers to a missing row, with the row', () => {
    const message = refused(`INSERT INTO rules (number, name, position, schedule) VALUES
      ('+442071838750', 'night', 20, 'nights'), ('+14155550100', 'day', 10, NULL);`)
    expect(message).toContain('leaves rows that refer to something missing')
    expect(message).toContain(
      "schedule names 'nights', which schedules does not have; add it there, or correct the row"
    )
    expect(message).toContain("number names '+14155550100', which virtual_numbers does not have")
    expect(message).toContain('"name":"night"')
  })

  test('if it removes rows that others refer to', () => {
    expect(refused("DELETE FROM schedules WHERE name = 'office';")).toContain("schedule names 'office'")
  })

  test.each(['BEGIN', 'COMMIT', 'END TRANSACTION', 'rollback'])('if it has a transaction of its own: %s', (word) => {
    const keyword = word.split(' ')[0]?.toUpperCase() ?? ''
    const { run, count, file } = givenSite({ '0001_own.sql': `DELETE FROM calls;\n${word};\nDELETE FROM rules;` })
    expect(run).toThrow(`migration ${file('0001_own.sql')}, line 2: ${keyword} is not allowed`)
    expect(count('schema_migrations')).toBe(ownMigrations.length)
  })

  test.each([
    ['ATTACH', "ATTACH 'other.db' AS other"],
    ['DETACH', 'detach database other'],
    ['PRAGMA', '/* faster */ PRAGMA ignore_check_constraints = ON'],
    ['VACUUM', "VACUUM INTO 'copy.db'"]
  ])('before it starts, if it reaches outside its tables: %s', (keyword, statement) => {
    const { run, count, file } = givenSite({ '0001_own.sql': `DELETE FROM calls;\n${statement};` })
    expect(run).toThrow(`migration ${file('0001_own.sql')}, line 2: ${keyword} is not allowed, since `)
    expect(run).toThrow('; remove it')
    expect(count('schema_migrations')).toBe(ownMigrations.length)
  })

  test('even if it rolls itself back', () => {
    const message = refused(`INSERT INTO caller_lists VALUES ('vip');
      INSERT OR ROLLBACK INTO caller_lists VALUES ('vip'), ('staff');`)
    expect(message).toContain('line 2: there is already a row with the same caller_lists.name')
  })
})

test.each([
  ['INSERT INTO caller_lists VALUES\n(‘vip’);', "‘ in line 2 is a typographic quote: write ' around a text"],
  ['INSERT INTO caller_lists VALUES (“the vips”);', '“ in line 1 is a typographic quote'],
  ["INSERT INTO caller_lists VALUES ('vip')\nGO", 'end each statement with a semicolon'],
  ['.read more.sql', 'commands of the sqlite3 program, such as .read, are not SQL'],
  ["# it's for the lab\nSELECT 1;", 'a comment begins with --'],
  ['truncate table targets;', 'write DELETE FROM'],
  ["INSERT IGNORE INTO caller_lists VALUES ('vip'), ('lab');", 'INSERT OR IGNORE INTO'],
  ["INSERT INTO caller_lists VALUES ('vip') ON DUPLICATE KEY UPDATE name = 1;", 'ON CONFLICT (…) DO UPDATE SET']
])('SQL that SQLite does not know is refused with the alternative: %s', (sql, says) => {
  const { run } = givenSite({ '0001_x.sql': sql })
  expect(() => run()).toThrow(says)
})

test('validation sees the result of a migration, and its errors roll it back', () => {
  const { run, count } = givenSite({ '0001_business.sql': business })
  const faultOf = ({ rules }: RuleSet, level: Fault['level']): Fault[] => {
    if (rules.length === 0) return []
    return [{ table: 'rules', key: '+442071838750, day', level, message: 'never matches', cure: 'give it a schedule' }]
  }
  expect(() => run((set) => faultOf(set, 'error'))).toThrow(
    'rules (+442071838750, day): never matches; give it a schedule'
  )
  expect(count('rules')).toBe(0)
  run((set) => faultOf(set, 'warning'))
  expect(count('rules')).toBe(1)
})

test.each([
  ['CREATE TEMP VIEW rules AS SELECT 1 AS number', 'the temporary view rules has the name of a table'],
  ['create table temp."Targets" (a)', 'the temporary table targets has'],
  ['CREATE TEMPORARY TABLE schema_migrations (a)', 'the temporary table schema_migrations has'],
  ['CREATE TEMP TABLE x (a);\nALTER TABLE x RENAME TO calls', 'the temporary table calls has'],
  ['DROP TABLE temp.followme_log', 'this touches the temporary objects'],
  ['DROP TRIGGER temp.followme_watch_1', 'this touches the temporary objects']
])('a temporary object with the name of a table is refused: %s', (sql, says) => {
  const { run, lines } = givenSite({ '0001_x.sql': `${sql};` })
  expect(() => run()).toThrow(says)
  expect(() => run()).toThrow(`0001_x.sql, line ${sql.split('\n').length}: `)
  expect(lines.filter((line) => line.includes('0001_x'))).toEqual([])
})

test('a temporary table with another name is allowed', () => {
  const { run, count } = givenSite({
    '0001_x.sql':
      "CREATE TEMP TABLE wanted AS SELECT 'vip' AS name; INSERT INTO caller_lists SELECT name FROM wanted; DROP TABLE wanted;"
  })
  run()
  expect(count('caller_lists')).toBe(1)
})

test.each([
  ['DROP TABLE calls', 'removes the table calls'],
  ['ALTER TABLE rules RENAME COLUMN fallback TO fb', 'changes the table rules'],
  ['CREATE TRIGGER t AFTER INSERT ON calls BEGIN DELETE FROM rules; END', 'adds the trigger t'],
  ['DROP INDEX calls_started', 'removes the index calls_started'],
  ['DELETE FROM schema_migrations', 'removes what schema_migrations says of 0001_schema']
])("a site migration must not change followme's own objects: %s", (statement, said) => {
  const { run, count } = givenSite({
    '0001_business.sql': business,
    '0002_more.sql': `CREATE TABLE notes (text TEXT); ${statement};`
  })
  expect(run).toThrow(said)
  expect(run).toThrow("followme's own tables are not a site's to change")
  expect(count('calls')).toBe(0)
})

test("pending migrations are named; a database without one of followme's own migrations is refused with the cure", () => {
  const { database, site, run, file } = givenSite({ '0001_business.sql': business })
  run()
  const { sqlite } = opened(database, { readOnly: true })
  expect(siteStanding(sqlite, { shipped, site }).pending).toEqual([])
  writeFileSync(file('0002_more.sql'), "INSERT INTO caller_lists VALUES ('vip');")
  expect(siteStanding(sqlite, { shipped, site }).pending).toEqual(['0002_more'])
  requireSchema(sqlite, shipped)
  const { directory, name } = givenNewer('next', 'CREATE TABLE next (x) STRICT;')
  expect(() => requireSchema(sqlite, directory)).toThrow(`lacks a migration (${name}); run 'followme migrate'`)
})

test("followme's own migrations may rebuild a table without losing rows that refer to it", () => {
  const { database, site, run, count } = givenSite({ '0001_business.sql': business })
  run()
  const { directory } = givenNewer(
    'rebuild',
    `CREATE TABLE rebuilt AS SELECT * FROM schedules; DROP TABLE schedules;
      CREATE TABLE schedules (name TEXT NOT NULL PRIMARY KEY, time_zone TEXT NOT NULL) STRICT;
      INSERT INTO schedules SELECT * FROM rebuilt; DROP TABLE rebuilt;`
  )
  migrate({ database, shipped: directory, site, log: () => undefined })
  expect(count('schedule_windows')).toBe(1)
})

test('migrate waits for another writer, and names it if it does not finish', () => {
  const { database, site, run, file } = givenSite()
  run()
  writeFileSync(file('0001_business.sql'), business)
  const { sqlite } = opened(database)
  sqlite.exec('BEGIN IMMEDIATE')
  const lines: string[] = []
  const hurried = () => migrate({ database, shipped, site, waitMs: 0, log: (line) => lines.push(line) })
  expect(hurried).toThrow('is locked by another program')
  sqlite.exec('ROLLBACK')
  expect(hurried().map(({ name }) => name)).toEqual(['0001_business'])
})

test('if two run at the same time, each migration is applied once', async () => {
  const { database, site, count } = givenSite(
    Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => [
        `${String(i + 1).padStart(4, '0')}_list.sql`,
        `INSERT INTO caller_lists VALUES ('list ${i}');`
      ])
    )
  )
  const program = `const { migrate } = require(${JSON.stringify(join(__dirname, '../../../dist/store/migrations/migrate.js'))})
    process.send(migrate({ database: ${JSON.stringify(database)}, shipped: ${JSON.stringify(shipped)}, site: ${JSON.stringify(site)}, log() {} }).length)`
  const script = join(givenDirectory(), 'run.cjs')
  writeFileSync(script, program)
  const one = () =>
    new Promise<number>((resolve, reject) => {
      let applied = -1
      fork(script, { execArgv: [] })
        .on('message', (count) => (applied = Number(count)))
        .on('exit', (code) => (code === 0 ? resolve(applied) : reject(new Error(`exit ${code}`))))
    })
  const applied = await Promise.all([one(), one(), one()])
  expect(applied.reduce((sum, each) => sum + each, 0)).toBe(30 + ownMigrations.length)
  expect(count('caller_lists')).toBe(30)
})
