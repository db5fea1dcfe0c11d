// Debian packages unpacked into a directory of our own: a private apt (own state, own lists, no root), signatures checked.
import { existsSync } from 'node:fs'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'

import { run } from './child'

const PACKAGES = ['asterisk', 'asterisk-core-sounds-en-gsm', 'sip-tester']
/** Debian 11 and before ship app_voicemail by itself. */
const MORE_PACKAGES: Readonly<Record<string, readonly string[]>> = { bullseye: ['asterisk-voicemail'] }

/** What is unpacked for a suite; what it depends on comes along. */
export function packagesOf(suite: string): readonly string[] {
  return [...PACKAGES, ...(MORE_PACKAGES[suite] ?? [])]
}

/** Directories no program of ours reads. */
const UNREAD = ['usr/share/doc', 'usr/share/man', 'usr/share/locale', 'usr/share/info', 'usr/include']

const KEYRINGS = ['/usr/share/keyrings/debian-archive-keyring.gpg', '/usr/share/keyrings/debian-archive-keyring.pgp']

/** Why packages cannot be had here; the message is for people. */
export class NoPackages extends Error {}

/** Debian's own architecture name of this machine (amd64, arm64). */
export async function architecture(): Promise<string> {
  try {
    return (await run({ command: 'dpkg', args: ['--print-architecture'] })).trim()
  } catch {
    throw new NoPackages('this is not a Debian machine (no dpkg)')
  }
}

/** The mirror this machine gets Debian from; FOLLOWME_SANDBOX_MIRROR where it gets something else. */
async function mirror(): Promise<string> {
  const given = process.env['FOLLOWME_SANDBOX_MIRROR']
  if (given !== undefined && given !== '') return given
  const format = '$(ORIGIN) $(REPO_URI)'
  const lines = await run({ command: 'apt-get', args: ['indextargets', '--format', format] }).catch(() => '')
  const uris = lines.split('\n').map((line) => line.split(' ').at(-1) ?? '')
  const debian = uris.find((uri) => /\/debian\/?$/.test(uri))
  if (debian === undefined) {
    throw new NoPackages(
      "apt here knows no Debian mirror; name one in FOLLOWME_SANDBOX_MIRROR (an address ending in '/debian')"
    )
  }
  return debian
}

async function aptOptions(dir: string, arch: string, suite: string): Promise<string[]> {
  const keyring = KEYRINGS.find((path) => existsSync(path))
  if (keyring === undefined) throw new NoPackages('the keys of Debian are missing; install debian-archive-keyring')
  for (const sub of ['etc', 'state/lists/partial', 'cache/archives/partial']) {
    await mkdir(join(dir, sub), { recursive: true })
  }
  // Nothing counts as installed, so the C library and everything else comes along.
  await writeFile(join(dir, 'state/status'), '')
  const source = `deb [signed-by=${keyring} arch=${arch}] ${await mirror()} ${suite} main\n`
  await writeFile(join(dir, 'etc/sources.list'), source)
  const options = {
    'Dir::Etc::sourcelist': join(dir, 'etc/sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'Dir::State': join(dir, 'state'),
    'Dir::State::status': join(dir, 'state/status'),
    'Dir::Cache': join(dir, 'cache'),
    'APT::Architecture': arch,
    'APT::Default-Release': '',
    // The download user of apt may not read a private directory; and we are not installing.
    'APT::Sandbox::User': '',
    'APT::Update::Error-Mode': 'any',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
    'Acquire::http::Timeout': '20'
  }
  return Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`])
}

async function unpack(archives: string, into: string): Promise<void> {
  const queue = (await readdir(archives)).filter((name) => name.endsWith('.deb'))
  const worker = async (): Promise<void> => {
    for (let deb = queue.pop(); deb !== undefined; deb = queue.pop()) {
      await run({ command: 'dpkg-deb', args: ['-x', join(archives, deb), into] })
    }
  }
  await Promise.all(cpus().map(worker))
}

/** Downloads and unpacks the packages of a suite into `dir/root`. Throws NoPackages where that cannot be. */
export async function unpackSuite(dir: string, suite: string, log: (line: string) => void): Promise<void> {
  const arch = await architecture()
  const options = await aptOptions(dir, arch, suite)
  const apt = (...args: string[]): Promise<string> => run({ command: 'apt-get', args: [...options, ...args] })
  try {
    log(`reading Debian's package list (${suite}, ${arch})`)
    await apt('-q', 'update')
    log('downloading asterisk, its sounds, sipp and their libraries (about 90 MB)')
    await apt('-q', '-y', '--download-only', '--no-install-recommends', 'install', ...packagesOf(suite))
  } catch (error) {
    throw new NoPackages(`Debian's packages cannot be fetched: ${(error as Error).message}`)
  }
  log('unpacking (about 300 MB)')
  const root = join(dir, 'root')
  await mkdir(root)
  await unpack(join(dir, 'cache/archives'), root)
  for (const sub of ['cache', 'state', 'etc', ...UNREAD.map((path) => join('root', path))]) {
    await rm(join(dir, sub), { recursive: true, force: true })
  }
}
