import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openCopy } from '../../../src/store/database/memory-copy'
import { givenDatabaseFile, givenDirectory, opened } from '../fresh-database'

const copyOf = (database: string, most?: number) => {
  const copy = openCopy(database, most)
  cleanups.push(copy.close)
  return copy.sqlite
}
const cleanups: (() => void)[] = []
afterEach(() => {
  for (const close of cleanups.splice(0)) close()
})
const names = 'SELECT name FROM caller_lists ORDER BY name'

test('a copy in memory includes the write-ahead log, and its changes do not reach the database', () => {
  const database = givenDatabaseFile()
  const { sqlite } = opened(database)
  sqlite.exec("INSERT INTO caller_lists VALUES ('vip'); BEGIN IMMEDIATE; INSERT INTO caller_lists VALUES ('staff');")
  const copy = copyOf(database)
  expect(copy.prepare(names).pluck().all()).toEqual(['vip'])
  copy.exec("INSERT INTO caller_lists VALUES ('copied')")
  expect(copy.prepare(names).pluck().all()).toEqual(['copied', 'vip'])
  sqlite.exec('COMMIT')
  expect(sqlite.prepare(names).pluck().all()).toEqual(['staff', 'vip'])
})

test('a copy in memory enforces foreign keys, as the database does', () => {
  const orphan = "INSERT INTO caller_list_entries VALUES ('nobody', 'anonymous')"
  expect(() => copyOf(givenDatabaseFile()).exec(orphan)).toThrow('FOREIGN KEY')
})

test('a copy in memory is empty if the database is missing or empty', () => {
  const database = join(givenDirectory(), 'followme.db')
  const tables = 'SELECT count(*) FROM sqlite_schema'
  expect(copyOf(database).prepare(tables).pluck().get()).toBe(0)
  writeFileSync(database, '')
  expect(copyOf(database).prepare(tables).pluck().get()).toBe(0)
})

test('a copy in memory larger than the limit is refused, with the cure', () => {
  const database = givenDatabaseFile()
  expect(() => copyOf(database, 4096)).toThrow(/is 1 MB, but a copy in memory is limited to 1 MB: delete old calls/)
})
