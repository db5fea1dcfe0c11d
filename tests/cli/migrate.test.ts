import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { migrateCommand } from '../../src/cli/migrate'
import { givenDirectory, givenFiles } from '../store/fresh-database'

const environment = { ...process.env }
afterEach(() => {
  process.env = { ...environment }
  jest.restoreAllMocks()
})

/** Runs `followme migrate`, and gives the lines that it prints. */
async function run(...args: string[]): Promise<string[]> {
  const lines: string[] = []
  jest.spyOn(console, 'log').mockImplementation((line: string) => lines.push(line))
  await migrateCommand().parseAsync(args, { from: 'user' })
  return lines
}

test('the database is made and migrated, with the rules of the site', async () => {
  process.env['FOLLOWME_DATABASE'] = join(givenDirectory(), 'followme.db')
  process.env['FOLLOWME_MIGRATIONS'] = givenFiles({ '0001_vip.sql': "INSERT INTO caller_lists VALUES ('vip');" })
  expect(await run()).toEqual([
    expect.stringMatching(/^applied 0001_schema \(followme\) in \d+ ms$/),
    expect.stringMatching(/^applied 0001_vip \(site\) in \d+ ms$/)
  ])
  expect(await run()).toEqual(['up to date'])
})

test('without a directory of the site, followme has migrations of its own only', async () => {
  process.env['FOLLOWME_DATABASE'] = join(givenDirectory(), 'followme.db')
  delete process.env['FOLLOWME_MIGRATIONS']
  expect(await run()).toHaveLength(1)
})

test('a directory of the site that is not there stops it before the database is made', async () => {
  const database = join(givenDirectory(), 'followme.db')
  process.env['FOLLOWME_DATABASE'] = database
  process.env['FOLLOWME_MIGRATIONS'] = join(givenDirectory(), 'nowhere')
  await expect(run()).rejects.toMatchObject({ code: 'unavailable' })
  expect(existsSync(database)).toBe(false)
})
