// The snippet for an Asterisk one already has: included as docs/install.md says, it works and leaves the dialplan there alone.
import { appendFileSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

import { openDatabase } from '../../src/store/database/database'
import { migrate } from '../../src/store/migrations/migrate'
import { startAsterisk } from './asterisk'
import { until } from './child'
import { uac, uas } from './sipp'

const OWN_DIALPLAN = `
[general]
static = yes

[globals]
OWN = here

[from-trunk]
exten => _+1415XXXXXXX,1,Goto(followme,\${EXTEN},1)
exten => _+44X.,1,Answer()
 same => n,Wait(1)
 same => n,Hangup(31)
`

/** Plain: `extensions.conf` and `ari.conf` of one's own, one line added to each. FreePBX: to their `_custom` files. */
function install(etc: string, dialplanFile: string, ariFile: string): void {
  const password = readFileSync(join(etc, 'secrets/ari-password'), 'utf8')
  writeFileSync(join(etc, 'ari_followme_password.conf'), `password = ${password}\n`)
  copyFileSync(join(etc, 'existing/ari_followme.conf'), join(etc, 'ari_followme.conf'))
  const append = (file: string, text: string): void => {
    const before = existsSync(join(etc, file)) ? readFileSync(join(etc, file), 'utf8') : ''
    writeFileSync(join(etc, file), before + text)
  }
  writeFileSync(join(etc, 'extensions.conf'), OWN_DIALPLAN)
  writeFileSync(join(etc, 'ari.conf'), '[general]\npretty = no\n\n[someone]\ntype = user\npassword = theirs\n\n')
  copyFileSync(join(etc, 'existing/http_followme.conf'), join(etc, 'http_followme.conf'))
  // The sandbox has a port of its own.
  const port = /^bindport *= *(\d+)/m.exec(readFileSync(join(etc, 'http.conf'), 'utf8'))?.[1] ?? ''
  const lines = readFileSync(join(etc, 'http_followme.conf'), 'utf8').replace('8088', port)
  writeFileSync(join(etc, 'http_followme.conf'), lines)
  writeFileSync(join(etc, 'http.conf'), '[general]\nservername = Theirs\n\n[post_mappings]\n')
  append('http.conf', '\n#include "http_followme.conf"\n')
  if (dialplanFile !== 'extensions.conf') append('extensions.conf', `\n#include ${dialplanFile}\n`)
  if (ariFile !== 'ari.conf') append('ari.conf', `\n#include ${ariFile}\n`)
  append(dialplanFile, '\n#include extensions_followme.conf\n')
  append(ariFile, '\n#include ari_followme.conf\n')
}

test.each([
  ['a plain Asterisk', 'extensions.conf', 'ari.conf'],
  ['the custom files of FreePBX', 'extensions_custom.conf', 'ari_additional_custom.conf']
])(
  'the configuration works when included in %s',
  async (_, dialplanFile, ariFile) => {
    const asterisk = await startAsterisk({ configure: (etc) => install(etc, dialplanFile, ariFile) })
    try {
      expect(asterisk.complaints()).toEqual([])
      expect(await asterisk.cli('ari show users')).toMatch(/followme[^]*someone|someone[^]*followme/)
      const ours = await uac(asterisk, { number: '+14155550100' }).finished
      expect(ours.calls[0]).toMatchObject({ finalCode: 200, cause: 41 })
      const theirs = await uac(asterisk, { number: '+442071838750' }).finished
      expect(theirs.calls[0]).toMatchObject({ finalCode: 200, cause: 31 })
      expect(await asterisk.cli('dialplan show globals')).toContain('OWN=here')
    } finally {
      await asterisk.stop()
    }
  },
  120_000
)

test('the failsafe can be added to a running Asterisk, beside its own tables, without a restart', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'followme-existing-'))
  const database = join(directory, 'followme.db')
  const asterisk = await startAsterisk({
    database,
    configure: (etc) => {
      install(etc, 'extensions.conf', 'ari.conf')
      copyFileSync(join(etc, 'res_config_sqlite3.conf'), join(etc, 'res_config_sqlite3_followme.conf'))
      copyFileSync(join(etc, 'existing/extconfig_followme.conf'), join(etc, 'extconfig_followme.conf'))
      // A section behind the one that gets more lines.
      writeFileSync(join(etc, 'extconfig.conf'), '[settings]\ntheirs => sqlite3,theirs\n\n[notes]\nours = 1\n')
      writeFileSync(join(etc, 'res_config_sqlite3.conf'), `[theirs]\ndbfile = ${directory}/theirs.db\n`)
    }
  })
  try {
    const alice = await uas(asterisk, asterisk.phones.get('alice') ?? 0, { kind: 'answer' })
    const call = async () => (await uac(asterisk, { number: '+14155550100', hangupAfterMs: 100 }).finished).calls[0]
    expect(await call()).toMatchObject({ finalCode: 200 })
    expect(alice.calls()).toEqual([])

    migrate({ database, shipped: resolve(__dirname, '../../migrations'), log: () => undefined })
    const followme = openDatabase(database)
    followme.sqlite.exec(`INSERT INTO failsafe (number, step, dial, ring_seconds, computed_at)
      VALUES ('+14155550100', 1, 'PJSIP/alice', 5, '2026-11-22T11:48:12.345Z')`)
    const etc = join(asterisk.runDir, 'etc')
    for (const name of ['extconfig', 'res_config_sqlite3']) {
      appendFileSync(join(etc, `${name}.conf`), `\n#include "${name}_followme.conf"\n`)
    }
    await asterisk.cli('module reload extconfig')
    await asterisk.cli('module reload res_config_sqlite3.so')
    expect(await asterisk.cli('realtime load followme_schema_migrations version 1')).toContain('0001_schema')
    expect(await call()).toMatchObject({ finalCode: 200 })
    expect(alice.calls()).toHaveLength(1)
    // Not in the second in which the call before could not be.
    await until('a call to be written down', async () => {
      await call()
      return (
        followme.sqlite.prepare("SELECT count(*) FROM failsafe_calls WHERE dial_status = 'ANSWER'").pluck().get() !== 0
      )
    })
    await alice.stop()
    followme.close()
  } finally {
    await asterisk.stop()
    rmSync(directory, { recursive: true })
  }
})

test('the lines for an existing extconfig.conf are the same as in the complete configuration', () => {
  const lines = (file: string) =>
    readFileSync(resolve(__dirname, '../../asterisk-conf', file), 'utf8').match(/^\w+ => .*$/gm)
  expect(lines('extconfig.conf')).toHaveLength(5)
  expect(lines('existing/extconfig_followme.conf')).toEqual(lines('extconfig.conf'))
})

// Asterisk's FollowMe() reads the families `followme` and `followme_numbers`, and its own file followme.conf.
test('no configuration name of followme collides with app_followme or with a database of the site', () => {
  const text = (file: string) => readFileSync(resolve(__dirname, '../../asterisk-conf', file), 'utf8')
  const families = [...text('extconfig.conf').matchAll(/^(\w+) => sqlite3,(\w+),/gm)]
  const sections = [...text('res_config_sqlite3.conf').matchAll(/^\[(\w+)\]/gm)].map(([, name = '']) => name)
  expect(families.map(([, family = '']) => family).filter((family) => !/^followme_(?!numbers$)/.test(family))).toEqual(
    []
  )
  expect(sections.filter((name) => !name.startsWith('followme_db'))).toEqual([])
  expect(new Set(families.map(([, , section]) => section))).toEqual(new Set(sections))
})
