// The file of the database fails under the real `followme serve`: overwritten, deleted, replaced. Calls go on, records wait.
import { closeSync, copyFileSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '../../src/store/database/database'
import { run, until } from '../sandbox/child'
import { copied, recordsIn, useFailingDatabase } from './failing-database'
import { said } from './served'

const on = useFailingDatabase()
const { world } = on

test('if the page of the records is overwritten, records wait until it is restored', async () => {
  await on.serving()
  const restore = overwrite('calls')
  await on.newCall()
  await on.newCall()
  await on.waiting(2)
  expect(await on.readyz()).toMatchObject({ records: { fault: 'database disk image is malformed' } })
  restore()
  await on.isComplete(['PJSIP/bob', 'PJSIP/bob'])
})

test('if the page of the rules is overwritten, new calls get the failsafe until it is restored', async () => {
  await on.serving()
  const restore = overwrite('rules')
  expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
  expect(on.dave.calls()).toHaveLength(1)
  expect(on.live.calls()[0]?.end).toBeNull()
  restore()
  expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
  expect(on.dave.calls()).toHaveLength(1)
  expect(on.served.child.exitCode).toBeNull()
})

/** Overwrites the first page of a table in the file that followme has open; the returned function brings it back. */
function overwrite(table: string): () => void {
  const file = openSync(world.database, 'r+')
  const put = (bytes: Buffer, at: number): void => {
    // Past the log of writes, and past what others keep of it in memory: a commit of somebody else makes them look again.
    world.sql('PRAGMA wal_checkpoint(TRUNCATE)')
    writeSync(file, bytes, 0, bytes.length, at)
    world.sql("UPDATE virtual_numbers SET label = label || '.'")
  }
  const { sqlite, close } = openDatabase(world.database, { readOnly: true })
  const size = Number(sqlite.pragma('page_size', { simple: true }))
  const page = Number(sqlite.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(table))
  close()
  const good = Buffer.alloc(size)
  world.sql('PRAGMA wal_checkpoint(TRUNCATE)')
  readSync(file, good, 0, size, (page - 1) * size)
  put(Buffer.alloc(size, 0x55), (page - 1) * size)
  let damaged = true
  const restore = (): void => {
    if (!damaged) return
    damaged = false
    put(good, (page - 1) * size)
    closeSync(file)
  }
  on.cleanups.push(restore)
  return restore
}

test('if the file is deleted, calls use the known rules, it is logged, and a backup put in its place gets the records', async () => {
  await on.serving()
  const backup = join(world.asterisk.runDir, 'backup.db')
  await copied(world.database, backup)
  for (const each of ['', '-wal', '-shm']) rmSync(`${world.database}${each}`)
  await on.newCall()
  await until('followme to see it', async () => !(await on.readyz()).ready)
  await on.waiting(1)
  expect((await on.readyz()).reasons).toEqual([expect.stringContaining('is gone: calls use the rules as they were')])
  renameSync(backup, world.database)
  await until('followme to take it', async () => (await on.readyz()).ready)
  world.reopen()
  await on.newCall()
  await on.isComplete(['PJSIP/bob', 'PJSIP/bob'])
  expect(on.served.lines.filter(({ message }) => message.includes('is gone'))).toHaveLength(1)
})

test('a backup made during calls contains the conversation and does not disturb serve', async () => {
  await on.serving()
  const backup = join(world.asterisk.runDir, 'made.db')
  const env = { PATH: process.env['PATH'], FOLLOWME_DATABASE: world.database }
  const program = { command: process.execPath, args: [join(__dirname, '../../dist/main.js'), 'backup', backup] }
  const [printed] = await Promise.all([run(program, { env }), on.newCall()])
  expect(printed).toContain(`${backup}: `)
  expect(recordsIn(backup)[0]).toEqual({ outcome: null, by: 'PJSIP/alice', attempts: null, ended: false })
  expect(on.served.lines.filter(({ level }) => level === 'error')).toEqual([])
})

test('if another file is moved over it, followme uses that file from then on', async () => {
  await on.serving()
  const other = join(world.asterisk.runDir, 'other.db')
  await copied(world.database, other)
  const { sqlite, close } = openDatabase(other)
  sqlite.exec("UPDATE targets SET dial = 'PJSIP/dave' WHERE dial = 'PJSIP/bob'")
  close()
  copyFileSync(other, `${other}.near`)
  renameSync(`${other}.near`, world.database)
  await until('followme to take it', () => said(on.served, 'uses the new file from now on'))
  world.reopen()
  expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
  expect(on.dave.calls()).toHaveLength(1)
  on.live.hangUp()
  await on.live.finished
  await until('the records to be complete', () => {
    const records = recordsIn(world.database)
    return records.length === 2 && records.every(({ ended }) => ended)
  })
})
