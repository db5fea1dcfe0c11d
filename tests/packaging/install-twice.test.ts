// What docs/install.md does to /etc/asterisk, in a directory of its own: installed, installed again, and removed.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { blocksOf } from './markdown'

const root = join(__dirname, '../..')
const blocks = blocksOf(readFileSync(join(root, 'docs/install.md'), 'utf8')).filter(({ language }) => language === 'sh')

/** The lines of the one block with this text that touch files of Asterisk; the rest needs a machine of its own. */
function linesOf(text: string): string {
  const found = blocks.filter((block) => block.text.includes(text))
  expect(found).toHaveLength(1)
  return (found[0]?.text ?? '')
    .split('\n')
    .filter((line) => !/^(asterisk|systemctl|npm|rm -f \/etc\/systemd)\b/.test(line))
    .join('\n')
}

const dialplan = linesOf('include extensions.conf')
const failsafe = linesOf('include extconfig.conf')
const install = `${dialplan}\n${failsafe}\n`
const excludes = linesOf('for file in')
const removes = linesOf('rm -f extensions_followme.conf')

let etc: string
beforeEach(() => {
  etc = mkdtempSync(join(tmpdir(), 'followme-etc-'))
})
afterEach(() => rmSync(etc, { recursive: true }))

/** As the page says, with another place for /etc/asterisk; what its commands print. */
function run(script: string): string {
  const { stdout, stderr, status } = spawnSync('bash', ['-c', script.replaceAll('/etc/asterisk', etc)], {
    cwd: join(root, 'asterisk-conf'),
    encoding: 'utf8'
  })
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  return stdout
}

const includesOf = (file: string) =>
  [...readFileSync(join(etc, file), 'utf8').matchAll(/^#include "?([^"\n]+)"?$/gm)].map(([, name = '']) => name)
/** `extensions.conf: extensions_followme.conf`, of each file that includes one that is not there. */
const broken = () =>
  readdirSync(etc).flatMap((file) =>
    includesOf(file)
      .filter((name) => !existsSync(join(etc, name)))
      .map((name) => `${file}: ${name}`)
  )

// The last line of the site's own files may have no newline; followme.conf is Asterisk's.
const own = {
  'extensions.conf': '[from-trunk]\nexten => 1,1,Hangup()',
  'ari.conf': '[general]\nenabled = yes\n',
  'http.conf': '[general]\n\n[other]\nx = 1',
  'extconfig.conf': '[settings]\n\n[notes]\nours = 1',
  'res_config_sqlite3.conf': '[theirs]\ndbfile = /var/lib/theirs.db\n',
  'followme.conf': '[general]\nfeaturedigittimeout = 5000\n'
}

test.each([
  ['a site with files of its own', own],
  ['a site without any', {}]
])('%s: after installing twice, each file is included once; after removal, no include is left dangling', (_, files) => {
  mkdirSync(etc, { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(etc, name), text)
  // By step 2 of the page, which makes a user and the settings as well.
  writeFileSync(join(etc, 'ari_followme_password.conf'), 'password = x\n')
  run(install + install)
  expect(broken()).toEqual([])
  for (const name of ['extensions', 'ari', 'http', 'extconfig', 'res_config_sqlite3']) {
    expect(includesOf(`${name}.conf`)).toEqual([`${name}_followme.conf`])
  }
  // The dialplan of a new version takes the old one's place.
  writeFileSync(join(etc, 'extensions_followme.conf'), '; an old one\n')
  run(install)
  expect(readFileSync(join(etc, 'extensions_followme.conf'), 'utf8')).toContain('[followme]')

  run(excludes)
  expect(broken()).toEqual([])
  expect(existsSync(join(etc, 'extensions_followme.conf'))).toBe(true)
  run(removes)
  // ari_followme.conf names the password's file; both are gone.
  expect(broken()).toEqual([])
  expect(readdirSync(etc).filter((name) => name.includes('_followme'))).toEqual([])
  for (const [name, text] of Object.entries(files)) {
    expect(readFileSync(join(etc, name), 'utf8').trimEnd()).toBe(text.trimEnd())
  }
})
