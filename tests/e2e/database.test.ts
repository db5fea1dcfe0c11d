// The real database fails under the real `followme serve`: locked, migrated, full. Calls go on, records wait.
import { type ChildProcess, spawnSync } from 'node:child_process'
import { closeSync, copyFileSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '../../src/store/database/database'
import { spawnTied, until } from '../sandbox/child'
import { copied, recordsIn, useFailingDatabase } from './failing-database'
import { ready } from './served'
import { openInScript } from '../store/database/driver-in-script'

const on = useFailingDatabase()
const { world } = on
const root = join(__dirname, '../..')

/** Another program has begun to write, and has not finished until it is killed. */
async function writer(begin: string): Promise<ChildProcess> {
  const script = `const db = ${openInScript}(process.argv[1])
    db.exec("${begin}; INSERT INTO caller_lists VALUES ('never')")
    console.log('begun')
    setInterval(() => undefined, 1000)`
  const program = { command: process.execPath, args: ['-e', script, world.database] }
  const child = spawnTied(program, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  on.processes.push(child)
  await new Promise((resolve) => child.stdout?.once('data', resolve))
  return child
}

test('while another program writes for 30 seconds, records wait and are counted', async () => {
  await on.serving()
  const other = await writer('BEGIN IMMEDIATE')
  const began = Date.now()
  await on.newCall()
  await on.newCall()
  await on.waiting(2)
  expect(await on.readyz()).toMatchObject({ ready: true, records: { fault: 'database is locked' } })
  await until('half a minute to pass', () => Date.now() - began > 30_000)
  await on.newCall()
  await on.waiting(3)
  other.kill('SIGKILL')
  await on.isComplete(['PJSIP/bob', 'PJSIP/bob', 'PJSIP/bob'])
})

test('if another program locks the database at a restart, calls are taken over, and lost ones are closed later', async () => {
  await on.serving()
  const lost = await on.talks()
  await until('both conversations to be recorded', async () => {
    return (await world.records()).filter(({ call }) => call.answeredAt !== null).length === 2
  })
  on.served.child.kill('SIGKILL')
  await on.served.exited
  lost.hangUp()
  await lost.finished
  const other = await writer('BEGIN EXCLUSIVE')
  on.served = await ready(world)
  on.processes.push(on.served.child)
  await on.newCall()
  await on.waiting(1)
  other.kill('SIGKILL')
  on.live.hangUp()
  await on.live.finished
  await until('every record to be closed', () => recordsIn(world.database).every(({ ended }) => ended))
  expect((await world.records()).map(({ call }) => [call.answeredBy, call.outcome, call.recovered])).toEqual([
    ['PJSIP/alice', 'answered', false],
    ['PJSIP/alice', 'answered', true],
    ['PJSIP/bob', 'answered', false]
  ])
})

test('during a long site migration calls use the old rules, then the new ones', async () => {
  await on.serving()
  const site = join(world.asterisk.runDir, 'site')
  mkdirSync(site)
  writeFileSync(
    join(site, '0001_slow.sql'),
    `UPDATE targets SET dial = 'PJSIP/dave' WHERE dial = 'PJSIP/bob';
     CREATE TABLE slow AS
       WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000000) SELECT count(*) FROM n;`
  )
  const program = { command: process.execPath, args: [join(root, 'dist/main.js'), 'migrate', '--no-backup'] }
  const env = { PATH: process.env['PATH'], FOLLOWME_DATABASE: world.database, FOLLOWME_MIGRATIONS: site }
  const migration = spawnTied(program, { env, stdio: 'inherit' })
  on.processes.push(migration)
  const other = openDatabase(world.database, { busyTimeoutMs: 0 })
  try {
    await until('the migration to write', () => {
      try {
        other.sqlite.exec('BEGIN IMMEDIATE; ROLLBACK')
        return false
      } catch {
        return true
      }
    })
  } finally {
    other.close()
  }
  // It takes as long as is needed.
  migration.kill('SIGSTOP')
  await on.newCall()
  await on.waiting(1)
  migration.kill('SIGCONT')
  await until('the migration to end', () => migration.exitCode !== null)
  expect(migration.exitCode).toBe(0)
  expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
  expect(on.dave.calls()).toHaveLength(1)
  await on.isComplete(['PJSIP/bob', 'PJSIP/dave'])
})

test('if its file system becomes read-only, records wait until it is writable again', async () => {
  await on.serving()
  const limit = (bytes: string): void => {
    const { stderr } = spawnSync('prlimit', [`--pid=${String(on.served.child.pid)}`, `--fsize=${bytes}:`])
    expect(stderr.toString()).toBe('')
  }
  limit('0')
  await on.newCall()
  await on.newCall()
  await on.waiting(2)
  limit('unlimited')
  await on.isComplete(['PJSIP/bob', 'PJSIP/bob'])
})

// As root, or where a user may have namespaces. The case before this one needs neither.
const unshare = ['-m', ...(process.getuid?.() === 0 ? [] : ['-Ur'])]
const canMount = spawnSync('unshare', [...unshare, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0
const onSmallDisk = canMount ? test : test.skip

onSmallDisk('if the disk is full, records wait until there is room', async () => {
  // A file system that nobody else sees, and that is gone when followme is.
  const disk = join(world.asterisk.runDir, 'disk')
  mkdirSync(disk)
  const before = join(world.asterisk.runDir, 'before.db')
  await copied(world.database, before)
  const script = 'mount -t tmpfs -o size=4m tmpfs "$0" && cp "$1" "$0/followme.db" && shift && exec "$@"'
  await on.serving(
    { FOLLOWME_DATABASE: join(disk, 'followme.db') },
    { command: 'unshare', args: [...unshare, 'sh', '-c', script, disk, before] }
  )
  // As followme sees it.
  const inside = `/proc/${String(on.served.child.pid)}/root${disk}`
  const fill = openSync(join(inside, 'fill'), 'w')
  expect(() => {
    for (;;) writeSync(fill, Buffer.alloc(4096))
  }).toThrow('ENOSPC')
  await on.newCall()
  await on.newCall()
  await on.waiting(2)
  closeSync(fill)
  rmSync(join(inside, 'fill'))
  await on.isComplete(['PJSIP/bob', 'PJSIP/bob'], () => {
    for (const each of ['', '-wal']) copyFileSync(join(inside, `followme.db${each}`), `${before}${each}`)
    rmSync(`${before}-shm`, { force: true })
    return before
  })
})
