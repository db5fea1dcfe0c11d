import { fork } from 'node:child_process'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createMigration, migrationName } from '../../../src/store/migrations/new-migration'
import { givenDirectory, givenFiles } from '../fresh-database'

test.each([
  ['night rota', 'night_rota'],
  ['  Night-Rota: 2027! ', 'night-rota_2027'],
  ['Öffnungszeiten für Zürich', 'offnungszeiten_fur_zurich'],
  ['holidays.sql', 'holidays'],
  ['../../etc/passwd', 'etc_passwd'],
  ['a\nb', 'a_b']
])('%j is written as %s', (text, name) => {
  expect(migrationName(text)).toBe(name)
})

test.each([
  ['', 'has no letter and no digit'],
  ['--', 'has no letter and no digit'],
  ['.sql', 'has no letter and no digit'],
  ['ночная смена', 'has letters that a file name here does not take'],
  ['Straße', 'has letters that a file name here does not take'],
  ['a'.repeat(101), 'is longer than 100 characters']
])('%j is refused with the cure', (text, fault) => {
  expect(() => migrationName(text)).toThrow(`${fault}: write a few words in a to z and 0 to 9, such as night_rota`)
})

test('the next number is above the highest, even if lower numbers are free', () => {
  const directory = givenFiles({ '0001_sales.sql': '', '0007_night.sql': '', 'README.md': '', '.0009_swap.sql': '' })
  const path = createMigration(directory, 'holidays', '-- later\n')
  expect(path).toBe(join(directory, '0008_holidays.sql'))
  expect(readFileSync(path, 'utf8')).toBe('-- later\n')
  expect(createMigration(directory, 'holidays', '')).toBe(join(directory, '0009_holidays.sql'))
  expect(createMigration(givenDirectory(), 'first', '')).toMatch(/\/0001_first\.sql$/)
  expect(createMigration(givenFiles({ '9999_last.sql': '' }), 'more', '')).toMatch(/\/10000_more\.sql$/)
})

test('a number being taken by another process is skipped', () => {
  const directory = givenFiles({ '0001_sales.sql': '', '.0002.new': 'half a f' })
  expect(createMigration(directory, 'night', '')).toBe(join(directory, '0003_night.sql'))
  expect(readdirSync(directory).sort()).toEqual(['.0002.new', '0001_sales.sql', '0003_night.sql'])
})

test('an unusable directory is a fault with the cure', () => {
  expect(() => createMigration('/nowhere/rules', 'night', '')).toThrow('set FOLLOWME_MIGRATIONS to the directory')
  expect(() => createMigration(givenFiles({ 'Night.sql': '' }), 'night', '')).toThrow('Night.sql: the name must be')
  expect(() => createMigration(givenFiles({ '999999999_last.sql': '' }), 'night', '')).toThrow('name a lower one')
})

test('of several created at the same time, each has its own number', async () => {
  const directory = givenFiles({ '0004_sales.sql': '' })
  const script = join(givenDirectory(), 'run.cjs')
  writeFileSync(
    script,
    `const { createMigration } = require(${JSON.stringify(join(__dirname, '../../../dist/store/migrations/new-migration.js'))})
    process.send('ready')
    process.once('message', (name) => {
      for (let i = 0; i < 50; i++) createMigration(${JSON.stringify(directory)}, name, '-- ' + name)
      process.disconnect()
    })`
  )
  const makers = ['a', 'b', 'c'].map((name) => ({ name, child: fork(script, { execArgv: [] }) }))
  await Promise.all(makers.map(({ child }) => new Promise((resolve) => child.once('message', resolve))))
  const ended = makers.map(({ child }) => new Promise((resolve) => child.once('exit', resolve)))
  for (const { name, child } of makers) child.send(name)
  expect(await Promise.all(ended)).toEqual([0, 0, 0])
  const numbers = readdirSync(directory).map((name) => name.slice(0, 4))
  expect(numbers).toHaveLength(151)
  expect(new Set(numbers).size).toBe(151)
})
