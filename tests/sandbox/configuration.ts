// The configuration of one sandbox: asterisk-conf/ as it is shipped, with only addresses, ports and directories changed.
import { appendFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync, existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

import { run } from './child'
import { officePjsip, writeOffice } from './office'
import type { Ports } from './ports'
import type { Tree } from './tree'

const SHIPPED = resolve(__dirname, '../../asterisk-conf')
/** The phones asterisk-conf/pjsip.conf has; more are made like them. */
const EXAMPLE_PHONES = ['alice', 'bob']

export interface Site {
  /** Name → loopback port its SIP phone listens on. */
  readonly phones: ReadonlyMap<string, number>
  /** Where calls through the trunk arrive. */
  readonly carrierPort: number
  /** Dialplan globals to set, such as FOLLOWME_FAILSAFE. */
  readonly globals: Readonly<Record<string, string>>
  /** followme's database, for the failsafe to read; none where undefined. */
  readonly database: string | undefined
  /** An office's Asterisk, not the shipped configuration alone. */
  readonly office: boolean
}

/** Changes a file of the configuration; refuses when what it looks for is not there exactly once. */
function edit(file: string, changes: readonly (readonly [from: string, to: string])[]): void {
  let text = readFileSync(file, 'utf8')
  for (const [from, to] of changes) {
    const pieces = text.split(from)
    if (pieces.length !== 2) throw new Error(`${file}: expected '${from}' once, found ${pieces.length - 1}`)
    text = pieces.join(to)
  }
  writeFileSync(file, text)
}

function directories(runDir: string, tree: Tree): string {
  const dirs = {
    astetcdir: join(runDir, 'etc'),
    astmoddir: tree.moduleDir,
    astvarlibdir: join(runDir, 'lib'),
    astdbdir: join(runDir, 'lib'),
    astkeydir: join(runDir, 'lib'),
    astdatadir: join(runDir, 'data'),
    astagidir: join(runDir, 'data'),
    astspooldir: join(runDir, 'spool'),
    astrundir: join(runDir, 'run'),
    astlogdir: join(runDir, 'log')
  }
  return (
    '[directories]\n' +
    Object.entries(dirs)
      .map(([name, dir]) => `${name} => ${dir}\n`)
      .join('') +
    '\n'
  )
}

function layOut(runDir: string, tree: Tree): void {
  for (const sub of ['lib', 'data/sounds', 'spool/voicemail', 'spool/recording', 'run', 'log']) {
    mkdirSync(join(runDir, sub), { recursive: true })
  }
  for (const sub of ['documentation', 'rest-api']) {
    if (existsSync(join(tree.dataDir, sub))) symlinkSync(join(tree.dataDir, sub), join(runDir, 'data', sub))
  }
  symlinkSync(tree.soundsDir, join(runDir, 'data/sounds/en'))
}

function phoneSections(name: string, port: number, office: boolean): string {
  const shipped = EXAMPLE_PHONES.includes(name)
  const made = shipped ? '' : `[${name}](phone)\naors = ${name}\n\n[${name}](phone-aor)\n`
  // SIPp does not register, and answers no OPTIONS: a fixed contact, not asked after.
  // At an office each phone may have two devices, and Dave has.
  const contacts = [name, ...(office && name === 'dave' ? ['dave-soft'] : [])].map(
    (user) => `contact = sip:${user}@127.0.0.1:${port}\n`
  )
  const contact = `${contacts.join('')}qualify_frequency = 0\n${office ? '' : 'max_contacts = 0\n'}`
  return shipped ? contact : `\n${made}${contact}`
}

function editPjsip(file: string, ports: Ports, site: Site): void {
  const changes: [string, string][] = [
    ['bind = 0.0.0.0:5060', `bind = 127.0.0.1:${ports.sip}`],
    [';media_address = 192.0.2.5', 'media_address = 127.0.0.1'],
    ['contact = sip:192.0.2.10:5060', `contact = sip:127.0.0.1:${site.carrierPort}`],
    ['match = 192.0.2.10\n', 'match = 127.0.0.1\n']
  ]
  for (const [name, port] of site.phones) {
    if (!EXAMPLE_PHONES.includes(name)) continue
    const section = `[${name}](phone-aor)\n`
    changes.push([section, section + phoneSections(name, port, site.office)])
  }
  edit(file, [...changes, ...(site.office ? officePjsip : [])])
  for (const [name, port] of site.phones) {
    if (!EXAMPLE_PHONES.includes(name)) appendFileSync(file, phoneSections(name, port, site.office))
  }
}

function editGlobals(file: string, globals: Readonly<Record<string, string>>): void {
  const lines = readFileSync(file, 'utf8').split('\n')
  const kept = lines.filter((line) => !Object.keys(globals).some((name) => line.startsWith(`${name} =`)))
  const at = kept.indexOf('[globals]') + 1
  kept.splice(at, 0, ...Object.entries(globals).map(([name, value]) => `${name} = ${value}`))
  writeFileSync(file, kept.join('\n'))
}

/** Writes the configuration into runDir/etc. Returns the ARI password made for it. */
export async function writeConfiguration(runDir: string, tree: Tree, ports: Ports, site: Site): Promise<string> {
  const etc = join(runDir, 'etc')
  // Without secrets somebody made in there to try it out: each sandbox has its own.
  cpSync(SHIPPED, etc, { recursive: true, filter: (path) => path !== join(SHIPPED, 'secrets') })
  layOut(runDir, tree)
  await run({ command: 'sh', args: [join(etc, 'generate-secrets'), etc] })
  const asteriskConf = join(etc, 'asterisk.conf')
  writeFileSync(asteriskConf, directories(runDir, tree) + readFileSync(asteriskConf, 'utf8'))
  edit(join(etc, 'http.conf'), [['bindport = 8088', `bindport = ${ports.http}`]])
  edit(join(etc, 'rtp.conf'), [
    ['rtpstart = 10000', `rtpstart = ${ports.rtpStart}`],
    ['rtpend = 20000', `rtpend = ${ports.rtpEnd}`]
  ])
  // Where there is none, Asterisk makes an empty file.
  const database = resolve(runDir, site.database ?? 'lib/followme.db')
  const sqliteConf = join(etc, 'res_config_sqlite3.conf')
  writeFileSync(sqliteConf, readFileSync(sqliteConf, 'utf8').replaceAll(/^dbfile = .*/gm, `dbfile = ${database}`))
  // As modules.conf says to do for an Asterisk that has no such module.
  if (!existsSync(join(tree.moduleDir, 'res_websocket_client.so'))) {
    edit(join(etc, 'modules.conf'), [['load = res_websocket_client.so\n', '']])
  }
  if (site.office) writeOffice(runDir, tree.soundsDir)
  editPjsip(join(etc, 'pjsip.conf'), ports, site)
  editGlobals(join(etc, 'extensions.conf'), site.globals)
  return readFileSync(join(etc, 'secrets/ari-password'), 'utf8').trim()
}
