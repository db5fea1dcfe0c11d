import { createHash } from 'node:crypto'
import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { openSqlite } from '../../src/store/driver'
import { migrate } from '../../src/store/migrate'
import { givenNewer, opened, shipped } from './fresh-database'
import { business, givenSite } from './given-site'

describe('the database and the files must tell the same story', () => {
  const applied = () => {
    const setting = givenSite({ '0001_business.sql': business, '0003_empty.sql': '-- nothing yet\n' })
    setting.run()
    return setting
  }

  test('a changed file is refused with both checksums', () => {
    const { run, file } = applied()
    writeFileSync(file('0001_business.sql'), `${business}\n-- harmless`)
    expect(run).toThrow(/0001_business\.sql was changed .*then [0-9a-f]{64}, now [0-9a-f]{64}\); restore it as it was/)
  })

  test.each([
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['a byte-order mark', (text: string) => `\ufeff${text}`],
    ['one more newline', (text: string) => `${text}\n`],
    ['no newline at the end', (text: string) => text.trimEnd()],
    ['blanks at the end of lines', (text: string) => text.replaceAll('\n', ' \t\n')]
  ])('a file that comes back with %s is the same file', (_, changed) => {
    const { run, file } = applied()
    writeFileSync(file('0001_business.sql'), changed(business))
    expect(run()).toEqual([])
  })

  test('a file that an earlier followme remembers by its bytes is the same file', () => {
    const { run, database } = applied()
    const bytes = createHash('sha256').update(business).digest('hex')
    opened(database).sqlite.prepare("UPDATE schema_migrations SET checksum = ? WHERE name = '0001_business'").run(bytes)
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

  test('a late number is refused', () => {
    const { run, file } = applied()
    writeFileSync(file('0002_late.sql'), '-- late\n')
    expect(run).toThrow('0002_late.sql comes before 0003_empty, which is applied already; give it a number above 0003')
  })

  test('one number twice is refused', () => {
    const { run, file } = applied()
    writeFileSync(file('0003_again.sql'), '-- again\n')
    expect(run).toThrow(/0003_again\.sql and .*0003_empty\.sql have the same number; renumber one of them/)
  })

  test.each(['4_short.sql', '0004-dash.sql', '0004_Upper.sql', 'notes.SQL'])('a wrong name is refused: %s', (name) => {
    const { run, file } = applied()
    writeFileSync(file(name), '')
    expect(run).toThrow(`${name}: the name must be four digits`)
  })

  test('other files are let be', () => {
    const { run, file } = applied()
    writeFileSync(file('README.md'), 'Our rules')
    writeFileSync(file('.0004_swap.sql'), 'x')
    expect(run()).toEqual([])
  })

  test('a file that is not UTF-8 is refused', () => {
    const { run, file } = applied()
    writeFileSync(file('0004_latin.sql'), Buffer.from([0x2d, 0x2d, 0xe9]))
    expect(run).toThrow('0004_latin.sql is not UTF-8 text')
  })

  test('a file that cannot be read is refused, and says how to let followme read it', () => {
    const { run, file } = applied()
    symlinkSync('/nowhere/0004_lost.sql', file('0004_lost.sql'))
    expect(run).toThrow(/0004_lost\.sql cannot be read \(.*\); let the user who runs followme read it \(chgrp/)
  })

  test('a directory that is not there is refused', () => {
    const { database } = applied()
    const run = () => migrate({ database, shipped, site: '/nowhere/rules', log: () => undefined })
    expect(run).toThrow(/\/nowhere\/rules cannot be read .*; set FOLLOWME_MIGRATIONS/)
  })

  test('a database of a newer followme is refused, and says to upgrade', () => {
    const { database, site } = applied()
    const { directory, name } = givenNewer('next', '')
    migrate({ database, shipped: directory, site, log: () => undefined })
    const run = () => migrate({ database, shipped, site, log: () => undefined })
    expect(run).toThrow(`newer than this followme: it has migration ${name}, which this version does not know; upgrade`)
  })

  test('a site whose directory is not given any more is refused', () => {
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
