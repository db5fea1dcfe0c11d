// followme migrate --accept: the way out after a file of an applied migration was changed or lost.
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { migrateCommand } from '../../../src/cli/commands/migrate'
import { opened } from '../../store/fresh-database'
import { business, givenSite } from '../../store/given-site'
import { printedBy } from '../printed'

const environment = { ...process.env }
afterEach(() => {
  process.env = { ...environment }
  jest.restoreAllMocks()
})

/** A site that has applied two migrations, and `followme migrate` for it: the lines that it prints, without instants. */
function givenApplied() {
  const site = givenSite({
    '0001_business.sql': business,
    '0002_vip.sql': "INSERT INTO caller_lists VALUES ('vip');\n"
  })
  site.run()
  process.env['FOLLOWME_DATABASE'] = site.database
  process.env['FOLLOWME_MIGRATIONS'] = site.site
  const followme = async (...args: string[]): Promise<string[]> => {
    const lines = await printedBy(migrateCommand(), ...args)
    return lines.map((line) => line.replaceAll(/\d{4}-\S+Z/g, 'DATE'))
  }
  const targets = () => opened(site.database).sqlite.prepare('SELECT dial FROM targets ORDER BY dial').pluck().all()
  return { ...site, followme, targets }
}

test('a changed file is accepted with its differences shown, and nothing in it is run', async () => {
  const { followme, file, targets } = givenApplied()
  writeFileSync(file('0001_business.sql'), business.replace('bob', 'carol'))
  await expect(followme()).rejects.toThrow('0001_business.sql was changed')
  expect(await followme('--accept', '0001')).toEqual([
    "0001_business.sql was applied on DATE; since then (- then, + now):\n  - 8    ('+442071838750', 'day', 2, 'PJSIP/bob');\n  + 8    ('+442071838750', 'day', 2, 'PJSIP/carol');",
    'accepted 0001_business.sql as it is now; nothing was run, and the rules in the database stay as they are'
  ])
  expect(targets()).toEqual(['PJSIP/alice', 'PJSIP/bob'])
  expect(await followme()).toEqual(['up to date'])
  // A further change differs from what was accepted; what was applied is always right.
  writeFileSync(file('0001_business.sql'), business.replace('bob', 'dave'))
  await expect(followme()).rejects.toThrow("'PJSIP/dave');\nrestore")
  writeFileSync(file('0001_business.sql'), business)
  expect(await followme()).toEqual(['up to date'])
})

test('a missing file is accepted; its number stays taken, and the file may come back', async () => {
  const { followme, file } = givenApplied()
  rmSync(file('0002_vip.sql'))
  await expect(followme()).rejects.toThrow("or accept it as gone: 'followme migrate --accept 0002'")
  expect(await followme('--accept', '2')).toEqual([
    '0002_vip.sql was applied on DATE; its file is missing',
    'accepted that 0002_vip.sql is gone; nothing was run, and the rules in the database stay as they are'
  ])
  expect(await followme()).toEqual(['up to date'])
  expect(await followme('--accept', '2')).toEqual(['0002_vip.sql needs nothing: its file is accepted as removed'])
  writeFileSync(file('0002_other.sql'), "INSERT INTO caller_lists VALUES ('staff');")
  await expect(followme()).rejects.toThrow(
    /0002_other\.sql has the number of 0002_vip\.sql, which was applied on [^:]*:\d\d:\S+: rename \S+ to 0003_other\.sql$/
  )
  renameSync(file('0002_other.sql'), file('0003_other.sql'))
  writeFileSync(file('0002_vip.sql'), "INSERT INTO caller_lists VALUES ('vip');\n")
  expect((await followme('--no-backup'))[0]).toMatch(/^applied 0003_other/)
})

test('a renamed file is accepted under its new name', async () => {
  const { followme, file } = givenApplied()
  renameSync(file('0002_vip.sql'), file('0002_important.sql'))
  await expect(followme()).rejects.toThrow("--accept 0002'")
  expect((await followme('--accept', '0002'))[0]).toBe(
    '0002_vip.sql was applied on DATE, and is called 0002_important.sql now'
  )
  expect(await followme()).toEqual(['up to date'])
})

test('if the text of a file was not kept, the difference is reported as unknown', async () => {
  const { followme, file, database } = givenApplied()
  opened(database).sqlite.exec('DELETE FROM migration_files')
  writeFileSync(file('0002_vip.sql'), '-- lost\n')
  expect((await followme('--accept', '0002_vip.sql'))[0]).toContain(
    'its text was not kept, so the difference is unknown'
  )
  expect(await followme()).toEqual(['up to date'])
})

test('a dry run accepts nothing', async () => {
  const { followme, file } = givenApplied()
  rmSync(file('0002_vip.sql'))
  expect((await followme('--accept', '2', '--dry-run')).at(-1)).toBe('dry run: nothing was accepted')
  await expect(followme()).rejects.toThrow('its file is missing')
})

test('the command in the message restores a lost file from the kept text', async () => {
  const { followme, file, database } = givenApplied()
  rmSync(file('0001_business.sql'))
  const refused: unknown = await followme().catch((error: unknown) => error)
  const sql = /sqlite3 \S+ "([^"]+)" > 0001_business\.sql/.exec((refused as Error).message)?.[1] ?? ''
  writeFileSync(file('0001_business.sql'), String(opened(database).sqlite.prepare(sql).pluck().get()))
  expect(await followme()).toEqual(['up to date'])
})

test('a migration not applied, two files with the same number and an invalid number are refused', async () => {
  const { followme, file } = givenApplied()
  await expect(followme('--accept', '0009')).rejects.toThrow(
    'no site migration 0009 was applied; these are: 0001_business, 0002_vip'
  )
  await expect(followme('--accept', 'vip')).rejects.toMatchObject({ code: 'usage' })
  writeFileSync(file('0002_again.sql'), '')
  await expect(followme('--accept', '0002')).rejects.toThrow('have the same number')
})
