// What a long command shows of its progress, on a real terminal and elsewhere. Every command is run.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { builtMain } from '../../built'
import { givenDatabaseFile, opened } from '../../store/fresh-database'

// Built: the thread that shows the progress must not have to be compiled first.
const program = [process.execPath, builtMain]
const number = '+14155550100'
const erase = '\r\u001b[K'

/** A database with one number and so many calls to it. */
function givenCalls(count: number): string {
  const database = givenDatabaseFile()
  opened(database).sqlite.exec(`
    INSERT INTO virtual_numbers (number, time_zone) VALUES ('${number}', 'UTC');
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
    INSERT INTO calls (id, number, caller_number, caller_name, a_leg, started_at, ended_at, outcome, decision, plan)
    SELECT printf('20261122T120000Z-%08x', i), '${number}', '+14155550199', '', i, '2026-11-22T12:00:00.000Z',
      '2026-11-22T12:00:01.000Z', 'fallback', 'fallback', '{"steps":[],"fallback":"busy"}' FROM n;
    PRAGMA wal_checkpoint(TRUNCATE)`)
  return database
}

/** Runs a command on a terminal of its own, and gives all that it wrote there. */
function onTerminal(database: string, ...args: readonly string[]): string {
  const command = [...program, ...args].map((word) => `'${word}'`).join(' ')
  const env = { ...process.env, FOLLOWME_DATABASE: database }
  const { status, stdout } = spawnSync('script', ['-qec', command, '/dev/null'], { env, encoding: 'utf8' })
  expect(status).toBe(0)
  return stdout
}

const replay = ['replay', '--since', '2026-11-22T00:00Z']

/** Enough that it takes longer than a second on any machine. They are only read: the cases share them. */
const many = 120_000
let manyCalls: string
beforeAll(() => {
  const directory = mkdtempSync(join(tmpdir(), 'followme-progress-'))
  manyCalls = join(directory, 'followme.db')
  copyFileSync(givenCalls(many), manyCalls)
})
afterAll(() => rmSync(dirname(manyCalls), { recursive: true }))

test('a command that takes longer than a second shows its progress on one line and erases it', () => {
  const lines = onTerminal(manyCalls, ...replay).split(erase)
  expect(lines[0]).toBe('')
  expect(lines[1]).toMatch(/^replaying: \d+ calls \(1 s\)$/)
  // What is left at the end is the answer.
  expect(lines.at(-1)?.trim()).toMatch(/^120000 calls, \d+ would ring differently$/)
})

test('progress is shown even for work that blocks the event loop', () => {
  const database = givenDatabaseFile()
  opened(database).sqlite.exec(`
    WITH RECURSIVE n(i) AS (SELECT 10000000 UNION ALL SELECT i + 1 FROM n WHERE i < 10040000)
    INSERT INTO virtual_numbers (number, time_zone) SELECT '+4420' || i, 'UTC' FROM n;
    PRAGMA wal_checkpoint(TRUNCATE)`)
  const lines = onTerminal(database, 'check').split(erase)
  expect(lines.length).toBeGreaterThan(2)
  expect(lines.slice(1, -1).at(-1)).toMatch(/^checking the rules of 40001 numbers \(\d+ s\)$/)
})

test('no progress is shown on a terminal for JSON output or within the first second', () => {
  expect(onTerminal(manyCalls, ...replay, '--json')).not.toContain(erase)
  expect(onTerminal(givenCalls(1), 'check')).toBe('no faults in the rules of 1 number\r\n')
})

test('no progress is shown in a pipe', () => {
  const [node = '', ...rest] = program
  const env = { ...process.env, FOLLOWME_DATABASE: manyCalls }
  const { stdout, stderr } = spawnSync(node, [...rest, ...replay], { env, encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(stdout).toMatch(/^120000 calls, \d+ would ring differently\n/)
})
