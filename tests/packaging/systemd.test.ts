// The systemd unit and the settings beside it.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readConfig } from '../../src/config/config'
import { parseEnvFile } from '../../src/config/env-file'
import { usualEnvFile } from '../../src/config/environment'
import { givenFiles } from '../store/fresh-database'

const existing = resolve(__dirname, '../../asterisk-conf/existing')
const unit = readFileSync(join(existing, 'followme.service'), 'utf8')
const settings = readFileSync(join(existing, 'followme.env'), 'utf8')

const value = (key: string): string | undefined => new RegExp(`^${key}=(.*)$`, 'm').exec(unit)?.[1]

const systemd = spawnSync('systemd-analyze', ['--version']).status === 0

test(
  systemd ? 'systemd accepts the unit' : 'with no systemd on this machine, the unit is sections of KEY=value',
  () => {
    if (!systemd) {
      expect(unit.split('\n').filter((line) => !/^($|#|\[(Unit|Service|Install)\]$|[A-Z]\w+=)/.test(line))).toEqual([])
      return
    }
    // A program that is there, whether followme is installed or not.
    const text = unit.replaceAll('/usr/local/bin/followme', process.execPath)
    const file = join(givenFiles({ 'followme.service': text }), 'followme.service')
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' })
    // A key that it does not know is told, and is no failure.
    expect({ status, complaints: stderr.split('\n').filter((line) => line.includes('followme.service')) }).toEqual({
      status: 0,
      complaints: []
    })
  }
)

test('the unit migrates before it serves, restarts after any exit, and does not run as root', () => {
  expect([value('Type'), value('NotifyAccess')]).toEqual(['notify', 'all'])
  expect(value('ExecStartPre')).toBe('-/usr/local/bin/followme migrate')
  expect(value('ExecStart')).toBe('/usr/local/bin/followme serve')
  expect(value('Restart')).toBe('always')
  expect(value('StartLimitIntervalSec')).toBe('0')
  expect(value('User')).toBe('followme')
})

test('followme reads the settings itself, so that a reload reads them again and every command uses the same ones', () => {
  expect(value('EnvironmentFile')).toBeUndefined()
  expect(parseEnvFile(settings, 'followme.env').get('FOLLOWME_DATABASE')).toBe('/var/lib/followme/followme.db')
  expect(usualEnvFile).toBe('/etc/followme/followme.env')
})

test('the stop timeout of systemd is longer than the drain time of ringing calls', () => {
  expect(Number(value('TimeoutStopSec')) * 1000).toBeGreaterThan(readConfig({ FOLLOWME_ARI_PASSWORD: 'x' }).drainMs)
})

test('the settings installed with the unit are known to followme, and the database is where the unit may write', () => {
  const named = Array.from(
    settings.matchAll(/^#?([A-Z_]+)=(.*)$/gm),
    ([, name = '', text = '']) => [name, text] as const
  )
  const source = readFileSync(resolve(__dirname, '../../src/config/config.ts'), 'utf8')
  expect(named.filter(([name]) => !source.includes(`'${name}'`))).toEqual([])
  const env = { ...Object.fromEntries(named), FOLLOWME_ARI_PASSWORD: 'x' }
  expect(readConfig(env).database).toBe(`/var/lib/${value('StateDirectory') ?? ''}/followme.db`)
  // Nobody is to leave a password in place that others have.
  expect(settings).toMatch(/^FOLLOWME_ARI_PASSWORD=$/m)
})

test('Asterisk and followme share the database: it has the path that the dialplan reads, and the group can write', () => {
  const conf = readFileSync(resolve(existing, '../res_config_sqlite3.conf'), 'utf8')
  expect(/^dbfile = (.*)$/m.exec(conf)?.[1]).toBe(/^FOLLOWME_DATABASE=(.*)$/m.exec(settings)?.[1])
  expect([value('Group'), value('UMask'), value('StateDirectoryMode')]).toEqual(['asterisk', '0007', '0770'])
})
