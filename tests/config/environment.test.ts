// Where settings come from: the process, or the file that the installation keeps for the unit; the program is run.
import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { environmentOf, type EnvironmentOptions } from '../../src/config/environment'
import type { Env } from '../../src/config/setting'
import { builtMain } from '../built'
import { givenDirectory, givenFiles } from '../store/fresh-database'

const given = (text: string): string => join(givenFiles({ 'followme.env': text }), 'followme.env')
const settings = (own: Env, options: EnvironmentOptions): Record<string, string | undefined> => {
  const { env } = environmentOf(own, options)
  return Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('FOLLOWME_')))
}

const usual = (): string =>
  given('FOLLOWME_DATABASE=/var/lib/followme/followme.db\nFOLLOWME_TRUNK=PJSIP/{number}@carrier\n')

test('the default file supplies settings that the environment does not have', () => {
  const file = usual()
  expect(settings({}, { usual: file })).toEqual({
    FOLLOWME_DATABASE: '/var/lib/followme/followme.db',
    FOLLOWME_TRUNK: 'PJSIP/{number}@carrier'
  })
  expect(settings({ FOLLOWME_TRUNK: 'PJSIP/{number}@mine' }, { usual: file })).toEqual({
    FOLLOWME_DATABASE: '/var/lib/followme/followme.db',
    FOLLOWME_TRUNK: 'PJSIP/{number}@mine'
  })
  expect(environmentOf({}, { usual: file }).file).toBe(file)
})

test('if the environment names a database, the default file is ignored, and a file given with --env-file is read', () => {
  const file = usual()
  const own = { FOLLOWME_DATABASE: '/tmp/other.db' }
  expect(settings(own, { usual: file })).toEqual(own)
  expect(settings({ FOLLOWME_DATABASE_FILE: '/tmp/name' }, { usual: file })).toEqual({
    FOLLOWME_DATABASE_FILE: '/tmp/name'
  })
  expect(settings(own, { envFile: file })).toEqual({ ...own, FOLLOWME_TRUNK: 'PJSIP/{number}@carrier' })
})

test('a variable in the environment overrides its _FILE form in the settings file, and vice versa', () => {
  const secret = given('FOLLOWME_ARI_PASSWORD=of the file\nFOLLOWME_LOG_LEVEL_FILE=/x\n')
  expect(settings({ FOLLOWME_ARI_PASSWORD_FILE: '/y', FOLLOWME_LOG_LEVEL: 'warn' }, { usual: secret })).toEqual({
    FOLLOWME_ARI_PASSWORD_FILE: '/y',
    FOLLOWME_LOG_LEVEL: 'warn'
  })
})

test('the default file may be missing; a file given with --env-file must exist', () => {
  expect(environmentOf({ A: '1' }, { usual: '/nowhere/followme.env' })).toEqual({ file: undefined, env: { A: '1' } })
  expect(() => environmentOf({}, { envFile: '/nowhere/followme.env' })).toThrow(
    /^settings file \/nowhere\/followme\.env cannot be read by user \w+ \(ENOENT\): name a readable file$/
  )
})

const tsx = resolve(__dirname, '../../node_modules/tsx/dist/cli.mjs')

/** Runs the program from a directory of its own, without settings. */
function followme(args: readonly string[], cwd = givenDirectory(), env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [builtMain, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
    encoding: 'utf8'
  })
  return { status, stdout, stderr, cwd }
}

test('with --env-file every command uses the database of the installation and creates none in the current directory', () => {
  const directory = givenDirectory()
  const database = join(directory, 'followme.db')
  const site = givenFiles({ '0001_vip.sql': "INSERT INTO caller_lists (name) VALUES ('vip');" })
  const env = given(`FOLLOWME_DATABASE="${database}"\nFOLLOWME_MIGRATIONS='${site}' \n`)
  const migrated = followme(['--env-file', env, 'migrate'])
  expect(migrated).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^new database .*\n(.*\n)*applied 0001_vip/) as string
  })
  const checked = followme(['check', '--env-file', env])
  expect(checked).toMatchObject({ status: 0, stdout: expect.stringContaining('0 numbers') as string })
  expect(readdirSync(migrated.cwd)).toEqual([])
  expect(readdirSync(checked.cwd)).toEqual([])
  expect(existsSync(database)).toBe(true)
})

test('migrate names the database it creates, and says if it was given no site migrations', () => {
  const first = followme(['migrate'])
  expect(first.stdout).toMatch(
    /^new database \S+\/followme\.db: FOLLOWME_DATABASE is not set, and \S+followme\.env does not exist$/m
  )
  expect(first.stdout).toMatch(/^FOLLOWME_MIGRATIONS is not set: no site migrations were looked for$/m)
  const again = followme(['migrate'], first.cwd)
  expect(again.stdout).not.toContain('new database')
  expect(again.stdout).toContain('FOLLOWME_MIGRATIONS is not set')
  const named = followme(['migrate'], first.cwd, {
    FOLLOWME_DATABASE: 'other.db',
    FOLLOWME_MIGRATIONS: givenDirectory()
  })
  expect(named.stdout).toContain(`new database ${join(first.cwd, 'other.db')}\n`)
  expect(named.stdout).not.toContain('not set')
})

test('doctor and the log of serve warn about unknown settings in the environment and in the file', () => {
  const file = given(`FOLLOWME_DATABASE=${join(givenDirectory(), 'gone/followme.db')}\nFOLLOWME_TRUNC=x\nHTTP=8079\n`)
  const env = { FOLLOWME_ARI_PASSWORD: 'x', FOLLOWME_LOGLEVEL: 'debug', FOLLOWME_HTTP: '127.0.0.1:1' }
  const names = ['"HTTP" is not a setting: write FOLLOWME_HTTP', 'FOLLOWME_LOGLEVEL is not', 'FOLLOWME_TRUNC is not']
  const { checks } = JSON.parse(followme(['doctor', '--json', '--env-file', file], undefined, env).stdout) as {
    checks: { check: string; level: string; message: string }[]
  }
  const warned = checks.filter(({ check, level }) => check === 'settings' && level === 'warning')
  expect(warned.map(({ message }) => message)).toEqual(names.map((name) => expect.stringContaining(name) as string))
  const served = followme(['serve', '--env-file', file], undefined, env)
  for (const name of names) expect(served.stdout + served.stderr).toContain(name.replaceAll('"', '\\"'))
})

const isRoot = process.getuid?.() === 0

;(isRoot ? test : test.skip)('a settings file that the user may not read is reported, with the user to run as', () => {
  const env = given('FOLLOWME_DATABASE=/var/lib/followme/followme.db\n')
  chownSync(env, 65534, 65534)
  chmodSync(env, 0o600)
  // Root without its right to read everything. (Where the option --env-file names such a file, Node.js itself ends the program.)
  const program = ['--bounding-set', '-dac_override,-dac_read_search', process.execPath, tsx, '-e', asking, env]
  const { stdout } = spawnSync('setpriv', program, { encoding: 'utf8' })
  expect(stdout).toMatch(
    /^settings file \S+ cannot be read by user root \(EACCES\): run this as root, or as the user of the service \(sudo -u followme/
  )
})

const asking = `
  const { environmentOf } = require(${JSON.stringify(resolve(__dirname, '../../src/config/environment.ts'))})
  try { environmentOf({}, { usual: process.argv.at(-1) }) } catch (error) { console.log(error.message) }`

test('a service that gets its settings from systemd need not be able to read the file', () => {
  const own = { FOLLOWME_ARI_PASSWORD: 'x' }
  // A directory cannot be read, by whomever.
  expect(environmentOf(own, { usual: givenDirectory() })).toEqual({ file: undefined, env: own })
  expect(() => environmentOf({}, { usual: givenDirectory() })).toThrow('(EISDIR): name a readable file')
})
