import { spawnSync } from 'node:child_process'
import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '../../../src/store/database/database'
import { givenDatabaseFile, givenDirectory, opened } from '../fresh-database'

test('a database is opened with a write-ahead log, foreign keys and a busy timeout', () => {
  const { sqlite } = opened(givenDatabaseFile(), { busyTimeoutMs: 1_234 })
  const pragma = (name: string) => sqlite.pragma(name, { simple: true })
  expect(pragma('journal_mode')).toBe('wal')
  expect(pragma('foreign_keys')).toBe(1)
  expect(pragma('busy_timeout')).toBe(1_234)
  expect(pragma('synchronous')).toBe(1)
})

test('a missing file is a fault that says to migrate, and opening does not create it', () => {
  const file = join(givenDirectory(), 'followme.db')
  const open = () => openDatabase(file)
  expect(open).toThrow(`database ${file} does not exist; run 'followme migrate' to create it`)
  expect(open).toThrow('does not exist')
})

test('a missing directory is reported', () => {
  const file = join(givenDirectory(), 'nowhere', 'followme.db')
  expect(() => openDatabase(file, { create: true })).toThrow('the directory does not exist; create it')
})

test('a file that is not a database is refused, for reading and for writing', () => {
  const file = join(givenDirectory(), 'followme.db')
  writeFileSync(file, 'Dear diary, this is not a database. '.repeat(100))
  expect(() => openDatabase(file)).toThrow('is not an SQLite database')
  expect(() => openDatabase(file, { readOnly: true })).toThrow('is not an SQLite database')
})

test.each([
  ['directory', (file: string) => mkdirSync(file)],
  ['FIFO', (file: string) => void spawnSync('mkfifo', [file])],
  [
    'socket',
    (file: string) =>
      void spawnSync('perl', [
        '-MIO::Socket::UNIX',
        '-e',
        'IO::Socket::UNIX->new(Local => $ARGV[0], Listen => 1)',
        file
      ])
  ],
  ['device', (file: string) => symlinkSync('/dev/null', file)]
])('a %s in place of the file is reported as such', (kind, make) => {
  const file = join(givenDirectory(), 'followme.db')
  make(file)
  for (const options of [{}, { readOnly: true }, { create: true }]) {
    expect(() => openDatabase(file, options)).toThrow(`database ${file} is a ${kind}: set FOLLOWME_DATABASE to a file`)
  }
})

test('a read-only connection cannot write', () => {
  const { sqlite } = opened(givenDatabaseFile(), { readOnly: true })
  expect(() => sqlite.exec("INSERT INTO caller_lists VALUES ('vip')")).toThrow('attempt to write a readonly database')
})

test.each([
  [0o007, 0o660],
  [0o022, 0o644]
])('a new database and its files have the permissions of umask %o', (umask, mode) => {
  const file = join(givenDirectory(), 'followme.db')
  const before = process.umask(umask)
  try {
    opened(file, { create: true }).sqlite.exec('CREATE TABLE t (a)')
  } finally {
    process.umask(before)
  }
  for (const each of [file, `${file}-wal`, `${file}-shm`]) expect(statSync(each).mode & 0o777).toBe(mode)
})
