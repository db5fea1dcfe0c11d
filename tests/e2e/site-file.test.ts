// A faulty file in the site's directory: started as the unit and the container start it, followme takes calls by the rules
// that are in the database, and says which file is not applied, and why.
import type { ChildProcess } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { migrationTemplate } from '../../src/store/migrations/migration-template'
import { run, until } from '../sandbox/child'
import { ready, said, type Served } from './served'
import { useWorld } from './world'

const root = resolve(__dirname, '../..')
const world = useWorld({ withoutApp: true })
let place: string
let processes: ChildProcess[]

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'followme-site-file-'))
  mkdirSync(join(place, 'site'))
  processes = []
  installed(root)
})
afterEach(async () => {
  await world.settle()
  processes.forEach((each) => each.kill('SIGKILL'))
  rmSync(place, { recursive: true, force: true })
  world.sql(
    "DELETE FROM schema_migrations WHERE origin = 'site'; DELETE FROM migration_files; DELETE FROM caller_lists"
  )
})

/** Makes the program of a package the `followme` that is found. */
function installed(directory: string): void {
  const bin = join(place, 'bin')
  mkdirSync(bin, { recursive: true })
  const script = `#!/bin/sh\nexec '${process.execPath}' '${join(directory, 'dist/main.js')}' "$@" > /dev/null\n`
  writeFileSync(join(bin, 'followme'), script, { mode: 0o755 })
}

/** The next version: as this one, and with a migration more. */
function newer(): string {
  const next = join(place, 'next')
  for (const part of ['dist', 'migrations', 'package.json'])
    cpSync(join(root, part), join(next, part), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(next, 'node_modules'))
  writeFileSync(join(next, 'migrations/0099_next.sql'), 'CREATE TABLE next (x TEXT) STRICT;')
  return next
}

const unit = readFileSync(join(root, 'asterisk-conf/existing/followme.service'), 'utf8')
const image = readFileSync(join(root, 'Dockerfile'), 'utf8')

/** The commands of the unit as systemd runs them: one after the other, a dash allowing the first to fail. */
function asUnit(): string {
  const before = [...unit.matchAll(/^ExecStartPre=(-?)(.*)$/gm)]
  expect(before).not.toEqual([])
  const lines = before.map(([, dash, command = '']) => `${command} || ${dash === '-' ? 'true' : 'exit'}`)
  return [...lines, `exec ${/^ExecStart=(.*)$/m.exec(unit)?.[1] ?? ''}`].join('\n').replaceAll('/usr/local/bin/', '')
}

/** The last command of the image. */
function asContainer(): string {
  const [line = ''] = [...image.matchAll(/^CMD (\["sh".*)$/gm)].at(-1)?.slice(1) ?? []
  return (JSON.parse(line) as string[])[2] ?? ''
}

async function started(script: string): Promise<Served> {
  const env = {
    PATH: [join(place, 'bin'), process.env['PATH']].join(delimiter),
    FOLLOWME_MIGRATIONS: join(place, 'site')
  }
  // What would be run comes after the script, which does not look at it.
  const served = await ready(world, env, [], { command: 'sh', args: ['-euc', script] })
  processes.push(served.child)
  await until('the port', () => said(served, 'followme is running'))
  return served
}

async function readyz(served: Served): Promise<unknown> {
  const line = served.lines.find(({ message }) => message === 'followme is running') as unknown as { health: number }
  return (await fetch(`http://127.0.0.1:${line.health}/readyz`)).json()
}

async function aliceAnswers(): Promise<void> {
  const alice = await world.phone('alice', { kind: 'answer', hangupAfterMs: 200 })
  expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
  expect(alice.calls()).toHaveLength(1)
}

const vip = "INSERT INTO caller_lists VALUES ('vip');\n"

const files: [string, string, string, RegExp][] = [
  [
    'an invalid row',
    '0001_bad.sql',
    "INSERT INTO targets (number, rule, step, dial) VALUES ('+1', 'x', 1, '2');",
    /line 1/
  ],
  ['an unclosed string', '0001_bad.sql', `${vip}INSERT INTO caller_lists VALUES ('x);`, /a text \('\) begins here/],
  ['an unclosed comment', '0001_bad.sql', `${vip}/*`, /line 2: a comment/],
  ['an invalid name', 'bad.sql', vip, /bad\.sql: the name must be four digits/]
]

test.each(files)('as a unit, with %s: calls use the last valid rules', async (_, name, text, why) => {
  world.rule([['PJSIP/alice']])
  writeFileSync(join(place, 'site', name), text)
  const served = await started(asUnit())
  expect(await readyz(served)).toMatchObject({
    ready: true,
    siteMigrations: { reason: expect.stringMatching(why) as string }
  })
  expect(said(served, 'site migrations are not applied; calls use the rules in the database')).toBe(true)
  expect(served.lines.filter(({ level, message }) => level === 'error' && message.includes('migrations'))).toHaveLength(
    1
  )
  await aliceAnswers()
})

test('an unedited template delays neither the start nor other files', async () => {
  world.rule([['PJSIP/alice']])
  writeFileSync(join(place, 'site/0001_rota.sql'), migrationTemplate('rota'))
  writeFileSync(join(place, 'site/0002_vip.sql'), vip)
  const served = await started(asUnit())
  expect(await readyz(served)).toMatchObject({ ready: true, siteMigrations: { pending: [], reason: null } })
  expect(said(served, '0001_rota.sql contains no statement, so it is not applied: write it, or remove it')).toBe(true)
  expect(said(served, 'not applied; calls use')).toBe(false)
  await aliceAnswers()
})

// The last: it leaves a database that is newer than this program.
test('as a container, after an upgrade: the schema is migrated, and a corrected file is noticed without a restart', async () => {
  world.rule([['PJSIP/alice']])
  const file = join(place, 'site/0001_bad.sql')
  writeFileSync(file, vip.replace("'vip'", 'vip'))
  installed(newer())
  const served = await started(asContainer())
  expect(await readyz(served)).toMatchObject({
    ready: true,
    siteMigrations: { pending: ['0001_bad'], reason: expect.stringContaining('0001_bad.sql, line 1: ') as string }
  })
  world.sql('INSERT INTO next VALUES (1)')
  await aliceAnswers()
  writeFileSync(file, vip)
  const env = { FOLLOWME_DATABASE: world.database, FOLLOWME_MIGRATIONS: join(place, 'site'), PATH: process.env['PATH'] }
  await run({ command: join(place, 'bin/followme'), args: ['migrate', '--no-backup'] }, { env })
  expect(await readyz(served)).toMatchObject({ ready: true, siteMigrations: { pending: [], reason: null } })
})
