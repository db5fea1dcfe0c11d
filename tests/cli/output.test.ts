// What a command says where its output is not taken, or not all of it. Every command is run, in each of its forms.
import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { commands } from '../../src/cli/commands'
import { builtMain } from '../built'
import { givenDatabaseFile, givenDirectory, opened } from '../store/fresh-database'

const number = '+14155550100'
const call = '20261122T120000Z-00000001'
const program = [process.execPath, builtMain]
const holidays = ['holidays', 'DE', '--year', '2027', '--schedule', 'office']

/** Those that end with status 0 where their output is taken; `doctor` finds no Asterisk. */
const forms: readonly (readonly string[])[] = [
  ['--help'],
  ['--version'],
  ['-v'],
  ['serve', '--help'],
  ['migrate'],
  ['migrate', '--dry-run'],
  ['new-migration', 'night rota'],
  holidays,
  ['check'],
  ['check', '--json'],
  ['explain', number],
  ['explain', number, '--json'],
  ['coverage', number],
  ['coverage', number, '--json'],
  ['override', 'set', number, 'closed', '--for', '1h'],
  ['override', 'clear', number],
  ['override', 'list'],
  ['override', 'list', '--json'],
  ['calls'],
  ['calls', '--json'],
  ['call', call],
  ['call', call, '--json'],
  ['replay', '--since', '2026-11-22'],
  ['replay', '--since', '2026-11-22', '--json'],
  ['targets'],
  ['targets', '--json'],
  ['backup', 'copy.db'],
  ['doctor'],
  ['doctor', '--json'],
  ['doctor', '--quiet'],
  ['completion', 'bash'],
  ['completion', 'zsh'],
  ['completion', 'fish'],
  ['man-page']
]

/** A database with one number, one override and one call. */
function givenRules(): string {
  const database = givenDatabaseFile()
  opened(database).sqlite.exec(`
    INSERT INTO virtual_numbers (number, time_zone) VALUES ('${number}', 'UTC');
    INSERT INTO overrides (number, kind, set_by, set_at) VALUES ('${number}', 'closed', 'ann', '2026-11-22T12:00:00.000Z');
    INSERT INTO calls (id, number, caller_number, caller_name, a_leg, started_at, ended_at, outcome, decision, plan)
    VALUES ('${call}', '${number}', 'anonymous', '', '1.1', '2026-11-22T12:00:00.000Z', '2026-11-22T12:00:01.000Z', 'fallback',
      'fallback', '{"steps":[],"fallback":"busy"}');
    PRAGMA wal_checkpoint(TRUNCATE)`)
  return database
}

interface Ended {
  readonly status: number | null
  readonly stderr: string
}

/** Runs followme with a copy of the rules, through a shell that decides where its output goes: `"$@"` is the command. */
async function run(rules: string, shell: string, args: readonly string[]): Promise<Ended> {
  const cwd = givenDirectory()
  copyFileSync(rules, join(cwd, 'followme.db'))
  mkdirSync(join(cwd, 'site'))
  const env = {
    ...process.env,
    FOLLOWME_DATABASE: 'followme.db',
    FOLLOWME_MIGRATIONS: 'site',
    FOLLOWME_ARI_PASSWORD: 'x',
    // Nobody listens there.
    FOLLOWME_ARI_URL: 'http://127.0.0.1:1',
    FOLLOWME_HTTP: '127.0.0.1:0'
  }
  const child = spawn('bash', ['-c', shell, 'sh', ...program, ...args], {
    cwd,
    env,
    stdio: ['ignore', 'ignore', 'pipe']
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, stderr })))
}

/** Runs each form, a few at a time. */
async function all(shell: string, tried = forms): Promise<Map<string, Ended>> {
  const rules = givenRules()
  const waiting = [...tried]
  const ended = new Map<string, Ended>()
  const lane = async (): Promise<void> => {
    for (let form = waiting.shift(); form !== undefined; form = waiting.shift()) {
      ended.set(form.join(' '), await run(rules, shell, form))
    }
  }
  await Promise.all([lane(), lane(), lane()])
  return ended
}

test('every command is tested', () => {
  const tried = new Set(forms.map(([command]) => command))
  expect(
    commands()
      .map((command) => command.name())
      .filter((name) => !tried.has(name))
  ).toEqual([])
})

test('if output cannot be written, every command exits with status 3, the reason and the cure, and no stack trace', async () => {
  const ended = await all('exec "$@" > /dev/full')
  for (const [form, { status, stderr }] of ended) {
    expect([form, status, stderr]).toEqual([form, 3, expect.stringContaining('could not be written (ENOSPC')])
    expect(stderr).toContain('make room there')
    expect(stderr).not.toMatch(/^ {4}at /m)
  }
})

test('if the reader closes the pipe, the exit status is unchanged and nothing is reported', async () => {
  const plain = forms.filter((form) => !form.includes('--json'))
  for (const [form, ended] of await all('"$@" | true; exit ${PIPESTATUS[0]}', plain)) {
    expect([form, ended]).toEqual([form, { status: form.startsWith('doctor') ? 1 : 0, stderr: '' }])
  }
})

test.each(['>&-', '2>&-', '> /dev/null 2> /dev/full'])('with %s a command ends as usual', async (where) => {
  expect(await run(givenRules(), `"$@" ${where}`, ['check'])).toEqual({ status: 0, stderr: '' })
})

test('serve continues if its log can no longer be written', async () => {
  // It has the file beside the database before its first line, and one that nobody caught would end it within a second.
  const served = '"$@" 2> /dev/full & until [ -e followme.db-serve ]; do sleep 0.1; done; sleep 3; kill $!; wait $!'
  expect(await run(givenRules(), served, ['serve'])).toEqual({ status: 0, stderr: '' })
})

test('a file that takes only part of the output is an error too', async () => {
  const file = join(givenDirectory(), 'printed')
  const { status, stderr } = await run(givenRules(), `exec prlimit --fsize=100 "$@" > ${file}`, holidays)
  expect(status).toBe(3)
  expect(stderr).toMatch(/could not be written \(EFBIG.*: check the file or device it goes to/)
  expect(readFileSync(file)).toHaveLength(100)
})

const unshare = ['-m', ...(process.getuid?.() === 0 ? [] : ['-Ur'])]
const canMount = spawnSync('unshare', [...unshare, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0

;(canMount ? test : test.skip)('a disk that fills up while a command prints is an error', async () => {
  const small = `exec unshare ${unshare.join(' ')} bash -c 'mount -t tmpfs -o size=4k tmpfs /mnt; exec "$@" > /mnt/printed' sh "$@"`
  const { status, stderr } = await run(givenRules(), small, [
    ...holidays,
    '--include',
    'bank,school,optional,observance'
  ])
  expect(status).toBe(3)
  expect(stderr).toContain('could not be written (ENOSPC')
})
