// What a migration would do in silence: rows left out, replaced, gone by a cascade or all at once, or matched by nothing.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ruleTables } from '../../../src/store/migrations/row-watch'
import { givenDatabase, opened } from '../fresh-database'
import { givenSite } from '../given-site'
import { harmless, losing, site } from './losing-migrations'

/** The site applied, and one file more to apply; `state` is all its rows. */
function given(sql: string) {
  const setting = givenSite({ '0001_site.sql': site })
  setting.run()
  setting.lines.length = 0
  writeFileSync(setting.file('0002_more.sql'), sql)
  const state = () => {
    const { sqlite } = opened(setting.database, { readOnly: true })
    return Object.keys(ruleTables).map((table) => sqlite.prepare(`SELECT * FROM ${table}`).raw().all())
  }
  return { ...setting, state }
}

const message = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    return (error as Error).message
  }
  return 'it was applied'
}

describe('is refused as a whole, with the line, the rows and the cure', () => {
  test.each(losing)('%s', (_, sql, says) => {
    const { run, state, file } = given(`${sql};`)
    const before = state()
    const said = message(() => run())
    for (const each of says) expect(said).toContain(each)
    expect(said).toContain(`migration ${file('0002_more.sql')}, line `)
    expect(state()).toEqual(before)
  })
})

describe('is applied', () => {
  test.each(harmless)('%s', (_, sql, says) => {
    const { run, lines } = given(`${sql};`)
    run()
    expect(lines.slice(1)).toEqual(says)
  })
})

describe("followme's own records cannot be changed, whether there are any or not", () => {
  const call = `INSERT INTO calls (id, number, caller_number, caller_name, a_leg, started_at, decision, plan)
    VALUES ('c', '1', '', '', '1', '2026-11-22T11:48:12.345Z', 'rule', '{}')`

  test.each([
    ['calls', 'DELETE FROM calls'],
    ['calls', 'delete from main."Calls" where started_at < 1'],
    ['calls', "UPDATE calls SET caller_number = ''"],
    ['calls', 'WITH old AS (SELECT id FROM calls) DELETE FROM calls WHERE id IN old'],
    ['attempts', 'DELETE FROM attempts'],
    ['failsafe', 'DELETE FROM failsafe'],
    ['failsafe_calls', 'INSERT INTO failsafe_calls DEFAULT VALUES'],
    ['migration_files', "UPDATE migration_files SET text = ''"],
    ['migration_refusal', 'DELETE FROM migration_refusal'],
    ['dialled_forms', 'DELETE FROM dialled_forms']
  ])('%s: %s', (table, sql) => {
    for (const before of ['SELECT 1', call]) {
      const { run, database, count } = given(`INSERT INTO caller_lists VALUES ('new');\n${sql};`)
      opened(database).sqlite.exec(before)
      const said = message(() => run())
      expect(said).toContain(`line 2: this changes ${table}, which holds followme's own records`)
      expect(said.includes('FOLLOWME_RETENTION_DAYS')).toBe(['calls', 'attempts'].includes(table))
      expect(count('calls')).toBe(before === call ? 1 : 0)
    }
  })

  test('even by a trigger of the site', () => {
    const { run, database, count } = given(
      'CREATE TABLE notes (t); CREATE TRIGGER wipe AFTER INSERT ON notes BEGIN DELETE FROM calls; END; INSERT INTO notes VALUES (1);'
    )
    opened(database).sqlite.exec(call)
    expect(message(() => run())).toContain('this changes calls, which')
    expect(count('calls')).toBe(1)
  })
})

test('each of twenty thousand existing rows is checked, and some are named, within seconds', () => {
  const rows =
    "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 19999) INSERT OR IGNORE INTO virtual_numbers (number, label, time_zone, fallback) SELECT printf('+1415%07d', i), 'LABEL', 'Europe/London', 'busy' FROM n;"
  const { run, lines, file } = given(rows.replace('OR IGNORE', ''))
  run()
  lines.length = 0
  writeFileSync(file('0003_again.sql'), `-- followme: skips virtual_numbers\n${rows.replace('LABEL', 'other')}`)
  const before = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(before)
  expect(lines[1]).toMatch(/^ {2}leaves out virtual_numbers \(\+14150000000\): there is already a row/)
  expect(lines.slice(21)).toEqual(['  and leaves out 19980 rows more'])
  expect((user + system) / 1e6).toBeLessThan(15)
})

test('the comment that allows one loss does not allow another', () => {
  const { run } = given("-- followme: removes rules\nDELETE FROM virtual_numbers WHERE number = '+442071838750';")
  expect(message(() => run())).toContain('-- followme: removes targets')
})

test('a string that looks like such a comment allows nothing', () => {
  const { run } = given("INSERT INTO caller_lists VALUES ('\n-- followme: removes targets\n'); DELETE FROM targets;")
  expect(message(() => run())).toContain('this removes every row of targets')
})

test('every table of the schema is either written by people, with a natural key, or holds records', () => {
  const { sqlite } = givenDatabase()
  const tables = sqlite
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all()
  const guide = readFileSync(join(__dirname, '../../../docs/rules.md'), 'utf8')
  const explained = tables.filter((table) => guide.includes(`| \`${String(table)}\` | |`))
  expect([...explained].sort()).toEqual(Object.keys(ruleTables).sort())
  for (const [table, key] of Object.entries(ruleTables)) {
    const unique = sqlite
      .prepare<[string], string>('SELECT name FROM pragma_index_list(?) WHERE "unique" = 1')
      .pluck()
      .all(table)
      .map((index) => sqlite.prepare('SELECT name FROM pragma_index_info(?) WHERE name IS NOT NULL').pluck().all(index))
    expect([
      table,
      unique.some((columns) => columns.every((column) => (key as readonly unknown[]).includes(column)))
    ]).toEqual([table, true])
  }
})
