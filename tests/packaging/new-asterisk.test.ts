// "A new Asterisk" of docs/install.md, its commands as they stand: one ARI password, in one place, that the page's next section changes.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { startAsterisk } from '../sandbox/asterisk'
import { blocksOf } from './markdown'

const root = resolve(__dirname, '../..')
const page = readFileSync(join(root, 'docs/install.md'), 'utf8')

/** The first shell block below a heading. */
function commands(heading: string): string {
  const [, section = ''] = page.split(`\n## ${heading}\n`)
  const block = blocksOf(section).find(({ language }) => language === 'sh')
  if (block === undefined) throw new Error(`no commands below "${heading}"`)
  return block.text
}

/** Runs them on the configuration in `etc`, as whoever runs this. What speaks to the machine's own services is left out. */
function follow(text: string, etc: string): void {
  const here = text
    .replaceAll('/etc/followme', etc)
    .replaceAll('/etc/asterisk', etc)
    .replaceAll('sudo -u asterisk ', '')
    .replaceAll('-o asterisk -g asterisk ', '')
    .replaceAll(/^(chown|asterisk|systemctl) .*$/gm, '')
  execFileSync('sh', ['-euc', here], { cwd: join(root, 'asterisk-conf') })
}

test("on an Asterisk set up from followme's complete configuration, the ARI password is changed the usual way", async () => {
  let etc = ''
  const asterisk = await startAsterisk({
    configure: (directory) => {
      etc = directory
      // Steps 1 and 2 of the page have been done: the password is where they write it.
      const password = readFileSync(join(etc, 'secrets/ari-password'), 'utf8')
      writeFileSync(join(etc, 'ari_followme_password.conf'), `password = ${password}\n`)
      writeFileSync(join(etc, 'followme.env'), `FOLLOWME_ARI_PASSWORD=${password}\n`)
      rmSync(join(etc, 'secrets/ari-password'))
      rmSync(join(etc, 'secrets/ari.conf'))
      follow(commands('A new Asterisk'), etc)
    }
  })
  try {
    // It has started, so Asterisk accepts the password of step 2.
    expect(readdirSync(join(etc, 'secrets')).sort()).toEqual(['ari.conf', 'pjsip.conf', 'voicemail.conf'])
    const status = async (password: string): Promise<number> => {
      const authorization = `Basic ${Buffer.from(`${asterisk.ariUser}:${password}`).toString('base64')}`
      return (await fetch(`${asterisk.ariUrl}/ari/asterisk/ping`, { headers: { authorization } })).status
    }
    expect(await status(asterisk.ariPassword)).toBe(200)

    follow(commands('Change the ARI password'), etc)
    await asterisk.cli('module reload res_ari')
    const [, changed = ''] =
      /^FOLLOWME_ARI_PASSWORD=(\w{32})$/m.exec(readFileSync(join(etc, 'followme.env'), 'utf8')) ?? []
    expect(changed).not.toBe(asterisk.ariPassword)
    expect([await status(changed), await status(asterisk.ariPassword)]).toEqual([200, 401])
  } finally {
    await asterisk.stop()
  }
}, 120_000)
