import { createHash } from 'node:crypto'
import { appendFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dirname } from 'node:path'
import { openSqlite } from '../../../src/store/database/driver'
import { migrate } from '../../../src/store/migrations/migrate'
import { acceptMigration } from '../../../src/store/migrations/migration-accept'
import { keptText } from '../../../src/store/migrations/migration-history'
import { createMigration } from '../../../src/store/migrations/new-migration'
import { givenNewer, opened, shipped } from '../fresh-database'
import { business, givenSite } from '../given-site'

describe('the files must agree with the database', () => {
  const applied = () => {
    const setting = givenSite({
      '0001_business.sql': business,
      '0003_vip.sql': "INSERT INTO caller_lists VALUES ('vip');\n"
    })
    setting.run()
    return setting
  }

  test('a changed file is refused with the differing lines and two cures', () => {
    const { run, file } = applied()
    writeFileSync(file('0001_business.sql'), `${business.replace('alice', 'carol')}\n-- harmless`)
    expect(run).toThrow(
      /0001_business\.sql was changed after it was applied on \S+ \(- then, \+ now\):\n {2}- 7 {4}\('\+442071838750', 'day', 1, 'PJSIP\/alice'\),\n {2}\+ 7 {4}.*carol'\),\n {2}\+ 9 {2}\n {2}\+ 10 {2}-- harmless\nrestore 0001_business\.sql as it was, and put the change into a new migration; or accept it as it is: 'followme migrate --accept 0001'/
    )
  })

  test('a changed file whose text was not kept is refused with both checksums', () => {
    const { database, run, file } = applied()
    opened(database).sqlite.exec('DELETE FROM migration_files')
    writeFileSync(file('0001_business.sql'), `${business}\n-- harmless`)
    expect(run).toThrow(/was changed .*its text was not kept; checksum then [0-9a-f]{64}, now [0-9a-f]{64}\); restore/)
  })

  test.each([
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['a byte-order mark', (text: string) => `\ufeff${text}`],
    ['one more newline', (text: string) => `${text}\n`],
    ['no newline at the end', (text: string) => text.trimEnd()],
    ['blanks at the end of lines', (text: string) => text.replaceAll('\n', ' \t\n')],
    ['additional blank lines', (text: string) => `\n \n${text.replaceAll('\n', '\r\n\t\n')}`]
  ])('a file that differs only by %s counts as unchanged', (_, changed) => {
    const { run, file } = applied()
    writeFileSync(file('0001_business.sql'), changed(business))
    expect(run()).toEqual([])
  })

  test.each([
    ['as it is', (text: string) => text],
    ['with CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['with CRLF and a byte-order mark', (text: string) => `\ufeff${text.replaceAll('\n', '\r\n')}`],
    ['without a newline at the end', (text: string) => text.trimEnd()]
  ])(
    'a file recorded by an earlier followme by its bytes, %s, counts as unchanged, and its text is kept',
    (_, then) => {
      const { run, database } = applied()
      const { sqlite } = opened(database)
      const bytes = createHash('sha256').update(then(business)).digest('hex')
      sqlite.prepare("UPDATE schema_migrations SET checksum = ? WHERE name = '0001_business'").run(bytes)
      sqlite.exec('DELETE FROM migration_files')
      expect(run()).toEqual([])
      expect(keptText(sqlite, 1)).toBe(business)
    }
  )

  test.each([
    ['in a string', "INSERT INTO caller_lists VALUES ('a\n\nb');", true],
    ['in a comment', '/* a\n\nb */ INSERT INTO caller_lists VALUES (1);', true],
    ['after an apostrophe in a comment', "-- it's\n\nINSERT INTO caller_lists VALUES ('a');\n\n-- it's", false]
  ])('a blank line removed %s', (_, text, isChange) => {
    const { run, file, database } = givenSite({ '0001_a.sql': text })
    run()
    writeFileSync(file('0001_a.sql'), text.replaceAll('\n\n', '\n'))
    if (isChange) expect(run).toThrow('was changed after it was applied')
    else expect(run()).toEqual([])
    // Nor does it count against a file that was accepted.
    acceptMigration({ database, shipped, site: dirname(file('x')), version: 1, log: () => undefined })
    writeFileSync(file('0001_a.sql'), `\n${text.replaceAll('\n\n', '\n')}`)
    expect(run()).toEqual([])
  })

  test('a missing file is refused', () => {
    const { run, file } = applied()
    rmSync(file('0001_business.sql'))
    expect(run).toThrow(/site migration 0001_business\.sql was applied on .* but its file is missing; restore it/)
  })

  test('a renamed file is refused', () => {
    const { run, file } = applied()
    writeFileSync(file('0001_office.sql'), business)
    rmSync(file('0001_business.sql'))
    expect(run).toThrow('was called 0001_business.sql when it was applied')
  })

  test('a number below an applied one is refused', () => {
    const { run, file } = applied()
    writeFileSync(file('0002_late.sql'), "INSERT INTO caller_lists VALUES ('late');\n")
    expect(run).toThrow('0002_late.sql comes before 0003_vip, which is applied already; give it a number above 0003')
  })

  test.each(['4_short.sql', '0004-dash.sql', '0004_Upper.sql', 'notes.SQL', '00010_x.sql', '1234567890_x.sql'])(
    'an invalid name is refused: %s',
    (name) => {
      const { run, file } = applied()
      writeFileSync(file(name), '')
      expect(run).toThrow(`${name}: the name must be four digits`)
    }
  )

  test('numbers above 9999 have five or more digits and are ordered numerically', () => {
    const { run, file } = applied()
    for (const [at, name] of ['9999_a', '10000_b', '20261122_d', '10010_c'].entries()) {
      writeFileSync(file(`${name}.sql`), `INSERT INTO caller_lists VALUES ('list ${at}');`)
    }
    expect(run().map(({ name }) => name)).toEqual(['9999_a', '10000_b', '10010_c', '20261122_d'])
    expect(createMigration(applied().site, 'more', '')).toMatch(/0004_more\.sql$/)
    expect(createMigration(dirname(file('9999_a.sql')), 'more', '')).toMatch(/20261123_more\.sql$/)
  })

  test('a file that is not UTF-8 is refused', () => {
    const { run, file } = applied()
    writeFileSync(file('0004_latin.sql'), Buffer.from([0x2d, 0x2d, 0xe9]))
    expect(run).toThrow('0004_latin.sql is not UTF-8 text')
  })

  test.each(['/nowhere/0004_lost.sql', '0004_lost.sql'])('a dangling link to %s is refused as such', (target) => {
    const { run, file } = applied()
    symlinkSync(target, file('0004_lost.sql'))
    expect(run).toThrow(`0004_lost.sql is a link to ${target}, which does not exist; correct the link, or remove it`)
  })

  test('a directory without its only file is refused with every cure', () => {
    const { run, file } = givenSite({ '0001_business.sql': business })
    run()
    rmSync(file('0001_business.sql'))
    for (const cure of ['set FOLLOWME_MIGRATIONS', 'version control', 'SELECT text FROM', 'migrate --accept 0001']) {
      expect(run).toThrow(cure)
    }
  })

  test('a missing directory is refused', () => {
    const { database } = applied()
    const run = () => migrate({ database, shipped, site: '/nowhere/rules', log: () => undefined })
    expect(run).toThrow(/\/nowhere\/rules cannot be read .*; set FOLLOWME_MIGRATIONS/)
  })

  test('a database of a newer followme is refused, with the advice to upgrade', () => {
    const { database, site } = applied()
    const { directory, name } = givenNewer('next', '')
    migrate({ database, shipped: directory, site, log: () => undefined })
    const run = () => migrate({ database, shipped, site, log: () => undefined })
    expect(run).toThrow(`newer than this followme: it has migration ${name}, which this version does not know; upgrade`)
  })

  test('a database of another build of followme is refused with the cure', () => {
    const { database, site } = applied()
    const { directory } = givenNewer('next', '')
    appendFileSync(join(directory, '0001_schema.sql'), '\nSELECT 1;\n')
    const run = () => migrate({ database, shipped: directory, site, log: () => undefined })
    expect(run).toThrow(
      /^the database was made by another followme, or \S+0001_schema\.sql was edited: .*; install that/
    )
  })

  test('a database with site migrations is refused if no directory is given', () => {
    const { database } = applied()
    expect(() => migrate({ database, shipped, log: () => undefined })).toThrow(
      'set FOLLOWME_MIGRATIONS to the directory'
    )
  })

  test('a database of another program is refused', () => {
    const { database, run } = givenSite()
    openSqlite(database).exec('CREATE TABLE invoices (id)').close()
    expect(run).toThrow('belongs to another program (it has the table invoices)')
  })
})
