// What followme doctor concludes, where no Asterisk is needed to see it; tests/e2e/doctor.test.ts has the real installation.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chmodSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { AsteriskFacts } from '../../../src/ari/inspection'
import { factChecks } from '../../../src/doctor/asterisk'
import type { Check } from '../../../src/doctor/check'
import { asteriskPermissionCheck, asteriskUser, databaseChecks, mayWrite } from '../../../src/doctor/database'
import { nextStartChecks } from '../../../src/doctor/failsafe'
import { clockCheck, serveCheck } from '../../../src/doctor/machine'
import { readConfig } from '../../../src/config/config'
import { migrate } from '../../../src/store/migrations/migrate'
import { processesNamed, userOf } from '../../../src/system/asterisk-user'
import { openInScript } from '../../store/database/driver-in-script'
import { givenDatabaseFile, givenFiles, givenNewer, givenStore, shipped } from '../../store/fresh-database'

const config = readConfig({ FOLLOWME_ARI_PASSWORD: 'x' })

function facts(changes: Partial<AsteriskFacts> = {}): AsteriskFacts {
  return {
    version: '22.10.1',
    aheadMs: 0,
    user: '',
    loadedModules: new Set(),
    failedModules: new Set(),
    isRegistered: true,
    globals: new Map(),
    ...changes
  }
}

const levelOf = (checks: readonly Check[], name: string): string | undefined =>
  checks.find(({ check }) => check === name)?.level

test.each([
  ['16.28.0~dfsg-0+deb11u4', 'ok'],
  ['certified/20.7-cert2', 'ok'],
  ['23.0.0', 'ok'],
  ['13.38.3', 'warning'],
  ['24.0.0', 'warning'],
  ['GIT-master-1234', 'warning']
])('Asterisk version %s: %s', (version, level) => {
  expect(levelOf(factChecks(facts({ version }), config), 'asterisk')).toBe(level)
})

test.each([
  ['16.30.1', 'warning'],
  ['18.26.4', 'warning'],
  ['20.19.9', 'warning'],
  ['20.20.0', 'warning'],
  ['20.20.1', 'ok'],
  ['20.21.0', 'ok'],
  ['21.12.2', 'warning'],
  ['21.12.3', 'ok'],
  ['22.9.0', 'warning'],
  ['22.10.0+dfsg', 'warning'],
  ['22.10.1+dfsg+~cs6.17.60671434-1', 'ok'],
  ['23.0.0', 'warning'],
  ['23.4.1', 'ok'],
  ['23.10.0', 'ok'],
  ['24.0.0', 'ok'],
  ['certified/20.7-cert9', 'warning'],
  ['GIT-master-1234', 'warning']
])('what the ARI password gives access to on Asterisk %s: %s', (version, level) => {
  const check = factChecks(facts({ version }), config).find((each) => each.check === 'ARI password')
  expect(check).toMatchObject({ level, message: expect.stringContaining(version) as string })
  if (level === 'warning') expect(check?.cure).toContain('20.20.1, 21.12.3, 22.10.1, 23.4.1 or a later release')
})

test('a trunk of another channel technology does not need PJSIP', () => {
  const missing = (trunk: string): string =>
    factChecks(facts(), { ...config, trunk }).find(({ check }) => check === 'modules')?.message ?? ''
  expect(missing('PJSIP/{number}@trunk')).toContain('chan_pjsip')
  expect(missing('IAX2/trunk/{number}')).not.toContain('chan_pjsip')
})

test("the module that reads the caller's privacy is required if calls can arrive over PJSIP", () => {
  const missing = (trunk: string, loaded: readonly string[]): string =>
    factChecks(facts({ loadedModules: new Set(loaded) }), { ...config, trunk }).find(({ check }) => check === 'modules')
      ?.message ?? ''
  expect(missing('PJSIP/{number}@trunk', ['chan_pjsip'])).toContain('res_pjsip_header_funcs')
  expect(missing('IAX2/trunk/{number}', ['chan_pjsip'])).toContain('res_pjsip_header_funcs')
  expect(missing('IAX2/trunk/{number}', [])).not.toContain('res_pjsip_header_funcs')
})

test.each([
  [['app_voicemail'], [], 'ok'],
  [['app_voicemail_imap'], [], 'ok'],
  [[], [], 'warning'],
  [[], ['app_voicemail'], 'warning'],
  // Debian's asterisk-modules has both, and its modules.conf loads all.
  [['app_voicemail'], ['app_voicemail_odbc'], 'fault'],
  [['app_voicemail_odbc'], ['app_voicemail', 'app_voicemail_imap'], 'fault'],
  [['app_voicemail'], ['res_hep'], 'ok']
])('voicemail modules running: %j, failed to load: %j: %s', (loaded, failed, level) => {
  const given = facts({ loadedModules: new Set(loaded), failedModules: new Set(failed) })
  expect(levelOf(factChecks(given, config), 'voicemail')).toBe(level)
})

test.each([
  [0o660, 1, 20, true],
  [0o660, 1, 10, false],
  [0o606, 1, 10, true],
  [0o640, 1, 20, false],
  [0o060, 7, 20, false],
  [0o600, 7, 20, true],
  [0o000, 0, 0, true]
])('write access with mode %o for user %i of group %i: %p', (mode, uid, gid, allowed) => {
  expect(mayWrite({ mode, uid: 7, gid: 20 }, { uid, gids: [5, gid] })).toBe(allowed)
})

const nobody = { name: 'nobody', uid: 65_534, gids: [65_534] }

test("missing write permission of Asterisk's user is a warning; an unknown user is not checked, and the check says so", () => {
  const file = givenDatabaseFile()
  const check = "Asterisk's permissions"
  expect(asteriskPermissionCheck(file, nobody)).toMatchObject([{ check, level: 'warning' }])
  chmodSync(dirname(file), 0o777)
  chmodSync(file, 0o666)
  expect(asteriskPermissionCheck(file, nobody)).toMatchObject([{ check, level: 'ok' }])
  expect(asteriskPermissionCheck(file, undefined)).toMatchObject([
    { check, level: 'ok', message: expect.stringContaining('not checked') as string }
  ])
})

test("Asterisk's user is the configured one, if it exists on this machine", () => {
  const file = givenDatabaseFile()
  expect(asteriskUser('nobody', file)).toEqual(nobody)
  expect(asteriskUser('somebody-elsewhere', file)).toBeUndefined()
})

const isRoot = process.getuid?.() === 0

/** A process called `asterisk` that has the database open, as Asterisk has: as this user, with these groups. */
async function givenAsterisk(file: string, user: readonly string[]): Promise<ChildProcess> {
  const program = join(dirname(file), 'asterisk')
  symlinkSync(process.execPath, program)
  const script = `process.title = 'asterisk'
    const db = ${openInScript}(process.argv[1]); db.prepare('SELECT 1 FROM calls').get(); console.log('open')
    setInterval(() => undefined, 1000)`
  const child = spawn('setpriv', [...user, program, '-e', script, file], { cwd: join(__dirname, '../../..') })
  await once(child.stdout, 'data')
  return child
}

;(isRoot ? test : test.skip)(
  "without a configured user, Asterisk's user is that of the process which has the database open",
  async () => {
    const file = givenDatabaseFile()
    chmodSync(dirname(file), 0o777)
    chmodSync(file, 0o666)
    const child = await givenAsterisk(file, ['--reuid=65534', '--regid=7', '--groups=7,50'])
    try {
      expect(asteriskUser('', file)).toEqual({ name: 'nobody', uid: 65_534, gids: [7, 7, 50] })
    } finally {
      child.kill('SIGKILL')
    }
  }
)

test('the user of processes is known if they all have the same one', () => {
  const own = { uid: process.getuid?.(), gids: expect.arrayContaining([process.getgid?.()]) as number[] }
  expect(userOf([process.pid])).toMatchObject(own)
  expect(userOf([process.pid, process.pid])).toMatchObject(own)
  expect(userOf([])).toBeUndefined()
  expect(userOf([2 ** 30])).toBeUndefined()
  expect(processesNamed(readFileSync('/proc/self/comm', 'utf8').trim())).toContain(process.pid)
})

test('if Asterisk writes now but could not after a restart, that is a warning; if it cannot write now, that is reported instead', () => {
  const file = givenDatabaseFile()
  const seen = (level: Check['level']): Check[] => [{ check: 'failsafe written by Asterisk', level, message: '' }]
  expect(nextStartChecks(seen('ok'), file, nobody)).toMatchObject([{ level: 'warning' }])
  expect(nextStartChecks([], file, nobody)).toMatchObject([{ level: 'warning' }])
  expect(nextStartChecks(seen('fault'), file, nobody)).toEqual([])
})

test.each([
  [-1_500, 'ok'],
  [1_500, 'ok'],
  [-2_000, 'warning'],
  [4_000, 'warning'],
  [-90_000, 'fault'],
  [90_000, 'fault']
])("Asterisk's clock is %i ms ahead: %s", (aheadMs, level) => {
  expect(clockCheck(aheadMs, undefined).level).toBe(level)
})

test('a clock that shows a year in the past is a fault', () => {
  jest.spyOn(Date, 'now').mockReturnValue(Date.UTC(1970, 0, 1))
  expect(clockCheck(0, undefined)).toMatchObject({
    level: 'fault',
    message: 'it shows 1970-01-01T00:00:00.000Z, which is in the past'
  })
  jest.restoreAllMocks()
})

test('an unmigrated database is reported once per check', () => {
  expect(databaseChecks(givenStore(':memory:'), config)).toMatchObject([
    { check: 'database', level: 'ok' },
    { check: 'migrations', level: 'fault', message: expect.stringContaining('0001_schema') as string },
    { check: 'rules', level: 'fault' }
  ])
})

test('a refused site migration is a fault with the reason, and an unread file is a warning', () => {
  const database = givenDatabaseFile()
  const site = givenFiles({ '0001_bad.sql': "INSERT INTO caller_lists VALUES ('vip);", '0002_x.sql.txt': '' })
  expect(() => migrate({ database, shipped, site, log: () => undefined })).toThrow('never ends')
  const found = databaseChecks(givenStore(database), { ...config, siteMigrations: site })
  expect(found.filter(({ check }) => check === 'migrations')).toMatchObject([
    {
      level: 'fault',
      message: expect.stringMatching(/^pending: 0001_bad; migration .*line 1: a text \('\)/) as string
    },
    { level: 'warning', message: `${site}/0002_x.sql.txt is not read` }
  ])
})

test('a database of a newer followme is reported as such', () => {
  const database = givenDatabaseFile()
  migrate({ database, shipped: givenNewer('next', '').directory, log: () => undefined })
  const [, migrations] = databaseChecks(givenStore(database), config)
  expect(migrations).toMatchObject({ level: 'fault', message: expect.stringContaining('is newer than this') as string })
})

test.each([
  [
    'not ready',
    '{"ready": false, "reasons": ["asterisk: gone", "database: gone"]}',
    'fault',
    'asterisk: gone; database: gone'
  ],
  ['another program', '{"hello": "world"}', 'fault', 'another program answers at this address'],
  ['not JSON', '<html>', 'fault', 'does not answer'],
  [
    'waiting to write records',
    '{"ready": true, "records": {"fault": "database is locked", "lost": 0}}',
    'fault',
    'database is locked'
  ],
  ['records lost', '{"ready": true, "records": {"fault": null, "lost": 2}}', 'warning', '2 records lost'],
  ['fine', '{"ready": true, "calls": 1, "records": {"fault": null, "lost": 0}}', 'ok', 'it is running with 1 call']
])("an answer at followme's address: %s", async (_, body, level, message) => {
  const server = createServer((_request, response) => response.end(body))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const { port } = server.address() as AddressInfo
    const check = await serveCheck({ host: '0.0.0.0', port })
    expect(check.level).toBe(level)
    expect(check.message).toContain(message)
  } finally {
    server.close()
  }
})
