import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../../src/config/config'

test('only the password is required; everything else has defaults', () => {
  expect(readConfig({ FOLLOWME_ARI_PASSWORD: 'x' })).toMatchObject({
    ari: { url: 'http://127.0.0.1:8088', user: 'followme', password: 'x', app: 'followme', transport: 'auto' },
    database: 'followme.db',
    trunk: 'PJSIP/{number}@trunk',
    bareNumbers: 'auto',
    http: { host: '127.0.0.1', port: 8078 },
    logLevel: 'info',
    retentionDays: 365,
    server: hostname()
  })
})

test('a secret can be read from a file', () => {
  const directory = mkdtempSync(join(tmpdir(), 'followme-'))
  try {
    writeFileSync(join(directory, 'password'), 'from a file\n')
    expect(readConfig({ FOLLOWME_ARI_PASSWORD_FILE: join(directory, 'password') }).ari.password).toBe('from a file')
    expect(() =>
      readConfig({ FOLLOWME_ARI_PASSWORD: 'x', FOLLOWME_ARI_PASSWORD_FILE: join(directory, 'password') })
    ).toThrow('FOLLOWME_ARI_PASSWORD and FOLLOWME_ARI_PASSWORD_FILE are both set: unset one of them')
    expect(() => readConfig({ FOLLOWME_ARI_PASSWORD_FILE: join(directory, 'none') })).toThrow(
      /FOLLOWME_ARI_PASSWORD_FILE: ".*none" cannot be read \(ENOENT\)/
    )
  } finally {
    rmSync(directory, { recursive: true })
  }
})

test('all faults are reported together, each with its variable', () => {
  const wrong = {
    FOLLOWME_ARI_URL: 'ftp://x',
    FOLLOWME_ARI_APP: 'a b',
    FOLLOWME_ARI_TRANSPORT: 'carrier pigeon',
    FOLLOWME_LOG_LEVEL: 'loud',
    FOLLOWME_DRAIN_SECONDS: '-1',
    FOLLOWME_RETENTION_DAYS: '1.5',
    FOLLOWME_SERVER: 'sales 1',
    FOLLOWME_TRUNK: 'x',
    FOLLOWME_BARE_NUMBERS: 'local',
    FOLLOWME_DATABASE_FILE: '/nowhere/at/all'
  }
  expect.assertions(Object.keys(wrong).length + 1)
  try {
    readConfig(wrong)
  } catch (error) {
    for (const name of [...Object.keys(wrong), 'FOLLOWME_ARI_PASSWORD']) expect(String(error)).toContain(name)
  }
})

test.each([
  ['127.0.0.1:80', { host: '127.0.0.1', port: 80 }],
  ['[::1]:8078', { host: '::1', port: 8078 }],
  [':8078', { host: '127.0.0.1', port: 8078 }],
  ['9000', { host: '127.0.0.1', port: 9000 }]
])('health listens on %s', (text, http) => {
  expect(readConfig({ FOLLOWME_ARI_PASSWORD: 'x', FOLLOWME_HTTP: text }).http).toEqual(http)
})

test.each([':99999', '127.0.0.1:65536', '123456'])('%s is refused: the port is too high', (text) => {
  const read = () => readConfig({ FOLLOWME_ARI_PASSWORD: 'x', FOLLOWME_HTTP: text })
  expect(read).toThrow(`FOLLOWME_HTTP: "${text}": the port is too high: use 0 to 65535`)
})

test.each(['http://user:secret@host:8088', 'http://host:8088/other', 'host:8088', 'http://host:8088/?x=1'])(
  '%s is not a valid address of Asterisk',
  (url) => {
    expect(() => readConfig({ FOLLOWME_ARI_PASSWORD: 'x', FOLLOWME_ARI_URL: url })).toThrow('FOLLOWME_ARI_URL')
  }
)
