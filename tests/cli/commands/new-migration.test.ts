import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newMigrationCommand } from '../../../src/cli/commands/new-migration'
import { checkRules } from '../../../src/rules/check/check'
import { readRuleSet } from '../../../src/store/rules/rule-tables'
import { opened, ownMigrations } from '../../store/fresh-database'
import { givenSite } from '../../store/given-site'
import { printedBy } from '../printed'

const environment = { ...process.env }
afterEach(() => {
  process.env = { ...environment }
  jest.restoreAllMocks()
})

/** What `followme new-migration` prints. */
async function run(...args: string[]): Promise<string> {
  return (await printedBy(newMigrationCommand(), ...args)).join('\n')
}

test('the file is created in the site directory, and its path is printed', async () => {
  const { site, file } = givenSite()
  process.env['FOLLOWME_MIGRATIONS'] = site
  expect(await run('Night rota')).toBe(file('0001_night_rota.sql'))
  delete process.env['FOLLOWME_MIGRATIONS']
  expect(await run('more', '--directory', site)).toBe(file('0002_more.sql'))
  expect(readFileSync(file('0001_night_rota.sql'), 'utf8')).toMatch(/^-- night rota\n/)
})

test('an unedited template is not applied, which is reported, and can be filled in later', async () => {
  const { site, run: migrate, lines, count, file } = givenSite()
  const path = await run('night', '--directory', site)
  expect(migrate().map(({ name }) => name)).toEqual(ownMigrations)
  expect(lines).toContain(`warning: ${path} contains no statement, so it is not applied: write it, or remove it`)
  writeFileSync(file('0001_night.sql'), `${readFileSync(path, 'utf8')}INSERT INTO caller_lists VALUES ('vip');`)
  expect(migrate().map(({ name }) => name)).toEqual(['0001_night'])
  expect(count('caller_lists')).toBe(1)
})

test('each example in the template is valid, and check finds no fault', async () => {
  const { site, run: migrate, count, database } = givenSite()
  const path = await run('night', '--directory', site)
  const text = readFileSync(path, 'utf8')
  writeFileSync(path, text.replace(/^--(?=[A-Z]| {2}\()/gm, ''))
  migrate()
  const tables = ['schedules', 'schedule_windows', 'schedule_exceptions', 'caller_lists', 'caller_list_entries']
  expect([...tables, 'virtual_numbers', 'rules', 'targets'].map(count)).toEqual([1, 1, 2, 1, 1, 1, 2, 4])
  expect(checkRules(readRuleSet(opened(database).sqlite), Date.UTC(2026, 10, 22))).toEqual([])
})

test('a missing directory and an invalid name are wrong usage', async () => {
  delete process.env['FOLLOWME_MIGRATIONS']
  await expect(run('night')).rejects.toThrow('set FOLLOWME_MIGRATIONS, or give --directory')
  await expect(run('night')).rejects.toMatchObject({ code: 'usage' })
  await expect(run('!', '--directory', join('/nowhere'))).rejects.toMatchObject({ code: 'usage' })
})
