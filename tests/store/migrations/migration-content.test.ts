// What may be wrong with a file before, or while, its first statement is run; and what is no migration at all.
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import { migrationTemplate } from '../../../src/store/migrations/migration-template'
import { ownMigrations } from '../fresh-database'
import { givenSite } from '../given-site'

const vip = "INSERT INTO caller_lists VALUES ('vip');\n"

describe('a file without a statement is not applied, and is reported', () => {
  test.each([
    ['empty', ''],
    ['blanks', ' \t\r\n\n'],
    ['a byte-order mark', '\ufeff'],
    ['comments', '-- one\n/* two\n */ -- three'],
    ['semicolons', ';;;\n;'],
    ['a directive', '-- followme: removes rules\n'],
    ['the template', migrationTemplate('night rota')]
  ])('%s', (_, text) => {
    const { run, lines, count, file } = givenSite({ '0001_blank.sql': text, '0002_vip.sql': vip })
    expect(run().map(({ name }) => name)).toEqual([...ownMigrations, '0002_vip'])
    expect(count('schema_migrations')).toBe(ownMigrations.length + 1)
    const said = `warning: ${file('0001_blank.sql')} contains no statement, so it is not applied: write it, or remove it`
    expect(lines.filter((line) => line.startsWith('warning'))).toEqual([said])
    // Filled in, it is late: others have been applied meanwhile.
    writeFileSync(file('0001_blank.sql'), "INSERT INTO caller_lists VALUES ('staff');")
    expect(run).toThrow('give it a number above 0002, as in 0003_blank.sql')
  })

  test('but an applied file that is now empty has been changed', () => {
    const { run, file } = givenSite({ '0001_vip.sql': vip })
    run()
    writeFileSync(file('0001_vip.sql'), '')
    expect(run).toThrow(/was changed after it was applied .*\n {2}- 1 {2}INSERT/)
  })
})

test.each([
  ['an unclosed comment', `${vip}/* the rest\nINSERT INTO rules;`, 2, 'a comment (/*) begins here and never ends'],
  ['a comment around the whole file', '\n/* all\nINSERT INTO rules;', 2, 'a comment (/*) begins here and never ends'],
  ['a comment that closes within its opening', `${vip}\n/*/ x`, 3, 'a comment (/*) begins here and never ends'],
  [
    'an unclosed string',
    `${vip}INSERT INTO caller_lists\n VALUES ('staff);\n${vip.replaceAll("'", '')}`,
    3,
    "a text (') begins here"
  ],
  ['a string with a quote in it', `${vip}INSERT INTO caller_lists\n VALUES ('it''s);\n`, 3, "a text (') begins here"],
  ['an unclosed name in double quotes', `${vip}\nINSERT INTO "caller_lists VALUES ('x');`, 3, 'a name (") begins here'],
  ['an unclosed name in backquotes', 'INSERT INTO `caller_lists\nVALUES (1);', 1, 'a name (`) begins here'],
  ['an unclosed name in brackets', 'INSERT INTO\n[caller_lists\nVALUES (1);', 2, 'a name ([) begins here'],
  ['an unclosed bracket', "INSERT INTO caller_lists VALUES\n('a'),\n('b';", 3, 'a bracket begins here and never ends'],
  [
    'an undoubled quote',
    `${vip}INSERT INTO schedules VALUES ('O'Neil', 'Europe/London');\n${vip}`,
    2,
    "near \"Neil\": syntax error; a text (') begins in line 3 and never ends: is a quote missing, or not doubled ('O''Neil')?"
  ],
  ['a NUL byte', `${vip}\n\0INSERT INTO rules;`, 3, 'there is a NUL byte'],
  ['a parameter', `${vip}INSERT INTO caller_lists\nVALUES (?);`, 3, '? is a parameter, and nothing fills it in'],
  ['a numbered parameter', 'INSERT INTO caller_lists VALUES (?1);', 1, '?1 is a parameter'],
  ['a named parameter', "INSERT INTO caller_lists VALUES\n('a?'),\n(:name);", 3, ':name is a parameter'],
  ['another named parameter', 'INSERT INTO caller_lists VALUES (@list);', 1, '@list is a parameter'],
  ['a third named parameter', 'INSERT INTO caller_lists VALUES ($list);', 1, '$list is a parameter']
])('%s is reported with its line, and nothing of the file is kept', (_, text, line, said) => {
  const { run, count, file } = givenSite({ '0001_bad.sql': text })
  expect(run).toThrow(`migration ${file('0001_bad.sql')}, line ${line}: `)
  expect(run).toThrow(said)
  expect(count('caller_lists')).toBe(0)
})

test('nested quotes, comments and marks are no fault', () => {
  const text = `-- it's /* fine
/* "so" 'is -- this; ?1 */
INSERT INTO caller_lists VALUES ('-- ? :a /* it''s'), ('b') /* end */;`
  const { run, count } = givenSite({ '0001_fine.sql': text })
  run()
  expect(count('caller_lists')).toBe(2)
})

test('a string of five million characters is read', () => {
  const { run, count } = givenSite({
    '0001_long.sql': `CREATE TABLE notes (t);\nINSERT INTO notes VALUES ('${'x'.repeat(5e6)}');`
  })
  run()
  expect(count('notes')).toBe(1)
})

describe('something other than a file is reported without reading it', () => {
  test('a pipe', () => {
    const { run, file } = givenSite()
    expect(spawnSync('mkfifo', [file('0001_pipe.sql')]).status).toBe(0)
    expect(run).toThrow('0001_pipe.sql is a pipe, not a file; move it away')
  })

  test('a socket', async () => {
    const { run, file } = givenSite()
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(file('0001_socket.sql'), resolve))
    expect(run).toThrow('0001_socket.sql is a socket, not a file')
    await new Promise((resolve) => server.close(resolve))
  })

  test.each([
    ['a device', '/dev/zero'],
    ['a directory', '/tmp']
  ])('%s', (kind, target) => {
    const { run, file } = givenSite()
    symlinkSync(target, file('0001_link.sql'))
    expect(run).toThrow(`0001_link.sql is ${kind}, not a file`)
  })
})

describe('a file that only looks like a migration', () => {
  const warningsFor = (...names: readonly string[]): string[] => {
    const { run, lines, file, site } = givenSite({ '0001_vip.sql': vip })
    for (const name of names) {
      mkdirSync(dirname(file(name)), { recursive: true })
      writeFileSync(file(name), vip)
    }
    run()
    rmSync(site, { recursive: true })
    return lines.filter((line) => line.startsWith('warning')).map((line) => line.replaceAll(site, 'site'))
  }

  test.each([
    ['0002_x.sql.txt', '0002_x.sql'],
    ['0002_X.SQL.TXT', '0002_x.sql'],
    ['0002_x.txt', '0002_x.sql'],
    ['0002_x', '0002_x.sql'],
    ['0002_x.sql.off', '0002_x.sql'],
    ['.0002_x.sql', '0002_x.sql']
  ])('%s is reported', (name, proper) => {
    expect(warningsFor(name)).toEqual([
      `warning: site/${name} is not read: if it is a migration, rename it to ${proper}`
    ])
  })

  test('in a subdirectory is reported once per directory', () => {
    const names = ['2026/0002_a.sql', '2026/11/0003_b.sql', '2026/README.md', 'old/0001_c.sql', '.git/0001_d.sql']
    expect(warningsFor(...names)).toEqual([
      'warning: site/2026/0002_a.sql and 1 more below site/2026 are not read: move what is a migration up into site',
      'warning: site/old/0001_c.sql is not read: move what is a migration up into site'
    ])
  })

  test('left behind by an editor or another program is not reported', () => {
    const left = ['0002_x.sql~', '.#0002_x.sql', '#0002_x.sql#', '.0002_x.sql.swp', '0002_x.sql.bak', '0002_x.sql.orig']
    const others = ['README.md', '.gitattributes', '._0002_x.sql', '0002_x.sql.rej', 'list.csv', '.0002.new']
    expect(warningsFor(...left, ...others)).toEqual([])
  })
})
