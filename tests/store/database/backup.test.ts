import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { backUp } from '../../../src/store/database/backup'
import { givenDatabaseFile, givenDirectory, opened } from '../fresh-database'

const at = Date.UTC(2026, 10, 22, 13, 45, 1, 250)
const lists = (file: string) => opened(file).sqlite.prepare('SELECT name FROM caller_lists').pluck().all()

test('a backup includes the write-ahead log, and is as private as the database', async () => {
  const database = givenDatabaseFile()
  opened(database).sqlite.exec("INSERT INTO caller_lists VALUES ('vip')")
  const backup = await backUp(database, at)
  expect(backup).toBe(`${database}.20261122T134501Z.backup`)
  expect(lists(backup)).toEqual(['vip'])
  expect(statSync(backup).mode & 0o077).toBe(statSync(database).mode & 0o077)
})

test('an existing backup is never overwritten', async () => {
  const database = givenDatabaseFile()
  const first = await backUp(database, at)
  const bytes = readFileSync(first)
  opened(database).sqlite.exec("INSERT INTO caller_lists VALUES ('vip')")
  const second = await backUp(database, at)
  expect(basename(second)).toBe('followme.db.20261122T134501Z-2.backup')
  expect(readFileSync(first).equals(bytes)).toBe(true)
  expect(lists(second)).toEqual(['vip'])
})

test('a backup contains what another program has committed, while that program keeps writing', async () => {
  const database = givenDatabaseFile()
  const { sqlite } = opened(database)
  sqlite.exec("INSERT INTO caller_lists VALUES ('vip'); BEGIN IMMEDIATE; INSERT INTO caller_lists VALUES ('staff');")
  expect(lists(await backUp(database, at))).toEqual(['vip'])
})

test('a failed backup leaves nothing behind', async () => {
  const database = join(givenDirectory(), 'not-a-database')
  writeFileSync(database, 'no database at all, but long enough to be looked at'.repeat(20))
  await expect(backUp(database, at)).rejects.toThrow('is not an SQLite database')
  expect(readdirSync(dirname(database))).toEqual(['not-a-database'])
})
