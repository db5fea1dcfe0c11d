// One followme a database: the lock itself, between processes and when the disk is full.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { isLockOwner, acquireLock } from '../../../src/store/database/instance-lock'
import { givenDatabaseFile } from '../fresh-database'

const holding = (database: string, then: string): string[] => [
  '-e',
  `const { acquireLock } = require(${JSON.stringify(resolve(__dirname, '../../../dist/store/database/instance-lock.js'))})
   const hold = acquireLock(${JSON.stringify(database)}, Date.now()); console.log(JSON.stringify(hold)); ${then}`
]

test('the owner of the lock is named, and when its process is killed, the next one can acquire the lock', async () => {
  const file = givenDatabaseFile()
  const holder = spawn(process.execPath, holding(file, 'setInterval(() => hold, 1000)'), {
    cwd: join(__dirname, '../../..'),
    stdio: ['ignore', 'pipe', 'inherit']
  })
  try {
    await once(holder.stdout, 'data')
    expect(acquireLock(file, Date.now())).toMatchObject({ pid: holder.pid })
  } finally {
    holder.kill('SIGKILL')
    await once(holder, 'close')
  }
  const hold = acquireLock(file, Date.now())
  if (isLockOwner(hold)) throw new Error('it is still held')
  hold.release()
})

test('the lock can be acquired even if the disk is full, so that calls are served', () => {
  const file = givenDatabaseFile()
  const before = acquireLock(file, Date.now())
  if (isLockOwner(before)) throw new Error('it is held')
  before.release()
  const { stdout } = spawnSync('prlimit', ['--fsize=0', process.execPath, ...holding(file, '')], {
    cwd: join(__dirname, '../../..'),
    encoding: 'utf8'
  })
  // A hold has nothing to print but itself; a holder has a name.
  expect(stdout).toBe('{}\n')
})

test('a missing database cannot be locked', () => {
  expect(() => acquireLock(join(__dirname, 'none', 'followme.db'), 0)).toThrow(/does not exist/)
})
