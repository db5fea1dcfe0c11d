// Whose the files are that root makes for the service.
import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { backUp, backUpTo } from '../../../src/store/database/backup'
import { acquireLock, isLockOwner } from '../../../src/store/database/instance-lock'
import { migrate } from '../../../src/store/migrations/migrate'
import { giveName } from '../../../src/store/database/new-file'
import { builtMain } from '../../built'
import { givenDirectory, noon, opened, shipped } from '../fresh-database'

const asRoot = process.getuid?.() === 0 ? test : test.skip
const service = 65_534

/** `65534:65534 660` */
function whose(path: string): string {
  const { uid, gid, mode } = statSync(path)
  return `${uid}:${gid} ${(mode & 0o777).toString(8)}`
}

/** A database that root has made in a directory of the service's. */
function givenServiceDatabase(mode: number): string {
  const directory = givenDirectory()
  chownSync(directory, service, service)
  chmodSync(directory, mode)
  const database = join(directory, 'followme.db')
  migrate({ database, shipped, log: () => undefined })
  return database
}

asRoot.each([
  ['770', '660'],
  ['755', '644'],
  ['700', '600']
])('files that root creates in a service directory with mode %s belong to the service', async (mode, expected) => {
  const database = givenServiceDatabase(parseInt(mode, 8))
  opened(database).sqlite.exec("INSERT INTO caller_lists VALUES ('vip')")
  const hold = acquireLock(database, noon)
  if (!isLockOwner(hold)) hold.release()
  await backUp(database, noon)
  await backUpTo(database, `${database}.copy`)
  const made = readdirSync(join(database, '..'))
  expect(made.sort()).toEqual(
    ['', '-serve', '-shm', '-wal', '.20261122T120000Z.backup', '.copy'].map((each) => `followme.db${each}`)
  )
  for (const each of made) {
    expect([each, whose(join(database, '..', each))]).toEqual([each, `${service}:${service} ${expected}`])
  }
})

asRoot('the service can use a database created by root', () => {
  const database = givenServiceDatabase(0o770)
  const program = [process.execPath, builtMain]
  const asService = [`--reuid=${service}`, `--regid=${service}`, '--clear-groups']
  const { status, stderr } = spawnSync('setpriv', [...asService, ...program, 'check'], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], FOLLOWME_DATABASE: database }
  })
  expect([status, stderr]).toEqual([0, ''])
})

asRoot("in root's own directory all files belong to root, with the permissions of the umask", () => {
  const database = join(givenDirectory(), 'followme.db')
  const before = process.umask(0o027)
  try {
    migrate({ database, shipped, log: () => undefined })
  } finally {
    process.umask(before)
  }
  expect(whose(database)).toBe('0:0 640')
})

test('a new file gets a free name, and never an existing one', () => {
  const directory = givenDirectory()
  const [from, free, taken] = ['from', 'free', 'taken'].map((name) => join(directory, name)) as [string, string, string]
  writeFileSync(from, 'whole')
  writeFileSync(taken, 'theirs')
  expect(() => giveName(from, taken)).toThrow('EEXIST')
  expect(existsSync(from)).toBe(true)
  giveName(from, free)
  expect(readdirSync(directory).sort()).toEqual(['free', 'taken'])
  mkdirSync(from)
  expect(() => giveName(from, join(directory, 'other'))).toThrow('ENOTDIR')
  expect(existsSync(join(directory, 'other'))).toBe(false)
})
