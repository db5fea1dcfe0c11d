import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { backupCommand } from '../../../src/cli/commands/backup'
import { givenDatabaseFile, givenDirectory, opened } from '../../store/fresh-database'
import { openInScript } from '../../store/database/driver-in-script'
import { printedBy } from '../printed'

const environment = { ...process.env }
afterEach(() => {
  process.env = { ...environment }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(signal)
  jest.restoreAllMocks()
})

/** What `followme backup` prints. */
async function backup(database: string, file: string): Promise<string> {
  process.env['FOLLOWME_DATABASE'] = database
  return (await printedBy(backupCommand(), file)).join('\n')
}

const inDirectory = (file: string): string[] => readdirSync(dirname(file))

test('the copy holds the committed data in one file, as private as the database, and its contents are summarised', async () => {
  const database = givenDatabaseFile()
  const { sqlite } = opened(database)
  sqlite.exec(`INSERT INTO virtual_numbers (number, time_zone) VALUES ('+14155550100', 'UTC');
    BEGIN IMMEDIATE; INSERT INTO caller_lists VALUES ('not yet')`)
  chmodSync(database, 0o640)
  const file = join(givenDirectory(), 'copy.db')
  expect(await backup(database, file)).toMatch(/^\/.*\/copy\.db: \d+ kB, 1 number, 0 calls$/)
  expect(inDirectory(file)).toEqual(['copy.db'])
  expect(statSync(file).mode & 0o777).toBe(0o640)
  const copy = opened(file, { readOnly: true })
  expect(copy.sqlite.prepare('SELECT number FROM virtual_numbers').pluck().all()).toEqual(['+14155550100'])
  expect(copy.sqlite.prepare('SELECT count(*) FROM caller_lists').pluck().get()).toBe(0)
})

test('the copy is consistent while another program keeps writing', async () => {
  const database = givenDatabaseFile()
  const script = `const db = ${openInScript}(process.argv[1])
    const pair = db.transaction((i) => {
      db.prepare('INSERT INTO caller_lists VALUES (?)').run('list ' + i)
      db.prepare('INSERT INTO caller_list_entries VALUES (?, ?)').run('list ' + i, 'anonymous')
    })
    for (let i = 0; ; i++) { pair(i); if (i === 100) console.log('writing') }`
  const writer = spawn(process.execPath, ['-e', script, database], { cwd: join(__dirname, '../../..') })
  try {
    await new Promise((resolve) => writer.stdout.once('data', resolve))
    const file = join(givenDirectory(), 'copy.db')
    await backup(database, file)
    const { sqlite } = opened(file, { readOnly: true })
    const count = (table: string): number => Number(sqlite.prepare(`SELECT count(*) FROM ${table}`).pluck().get())
    expect(count('caller_lists')).toBeGreaterThan(100)
    expect(count('caller_list_entries')).toBe(count('caller_lists'))
  } finally {
    writer.kill('SIGKILL')
  }
})

test.each(['copy.db', 'copy.db.unfinished'])(
  'if %s exists, it is left unchanged and the cure is named',
  async (name) => {
    const directory = givenDirectory()
    writeFileSync(join(directory, name), 'mine')
    await expect(backup(givenDatabaseFile(), join(directory, 'copy.db'))).rejects.toMatchObject({
      code: 'conflict',
      message: `${join(directory, name)} already exists: name another file, or remove it`
    })
    expect(readdirSync(directory)).toEqual([name])
    expect(readFileSync(join(directory, name), 'utf8')).toBe('mine')
  }
)

test('the database itself is never overwritten', async () => {
  const database = givenDatabaseFile()
  await expect(backup(database, database)).rejects.toThrow('already exists')
})

test('a missing directory is reported', async () => {
  const file = join(givenDirectory(), 'nowhere', 'copy.db')
  await expect(backup(givenDatabaseFile(), file)).rejects.toThrow(
    /cannot be written \(ENOENT.*make room for it, or name a file in a directory that you may write/
  )
})

test('without a database, no file is left', async () => {
  const file = join(givenDirectory(), 'copy.db')
  await expect(backup(join(dirname(file), 'none.db'), file)).rejects.toThrow("run 'followme migrate'")
  expect(inDirectory(file)).toEqual([])
})

test('a damaged database is reported, and no file is left', async () => {
  const database = givenDatabaseFile()
  const { sqlite, close } = opened(database)
  const page = Number(sqlite.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'calls'").pluck().get())
  close()
  const bytes = readFileSync(database)
  bytes.fill(0x55, (page - 1) * 4096, page * 4096)
  writeFileSync(database, bytes)
  const file = join(givenDirectory(), 'copy.db')
  await expect(backup(database, file)).rejects.toThrow(
    /is damaged .* and no backup was made: restore an earlier backup/
  )
  expect(inDirectory(file)).toEqual([])
})

test('a full disk is reported, and no file is left', () => {
  const file = join(givenDirectory(), 'copy.db')
  const main = `process.argv.push('backup', ${JSON.stringify(file)}); require('./dist/main')`
  const { status, stderr } = spawnSync('prlimit', ['--fsize=50000', process.execPath, '-e', main], {
    cwd: join(__dirname, '../../..'),
    env: { PATH: process.env['PATH'], FOLLOWME_DATABASE: givenDatabaseFile() },
    encoding: 'utf8'
  })
  expect(stderr).toContain('cannot be written')
  expect(status).toBe(3)
  expect(inDirectory(file)).toEqual([])
})

test('after an interruption no file is left', () => {
  const file = join(givenDirectory(), 'copy.db')
  // Sent when the last of the signals is about to be listened for. It waits while SQLite copies, and comes before the copy gets
  // its name.
  const main = `process.argv.push('backup', ${JSON.stringify(file)}); require('./dist/main')
    process.on('newListener', (name) => { if (name === 'SIGHUP') process.kill(process.pid, 'SIGINT') })`
  const { status } = spawnSync(process.execPath, ['-e', main], {
    cwd: join(__dirname, '../../..'),
    env: { PATH: process.env['PATH'], FOLLOWME_DATABASE: givenDatabaseFile() }
  })
  expect(status).toBe(3)
  expect(inDirectory(file)).toEqual([])
})
