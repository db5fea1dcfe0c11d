// Where Asterisk and SIPp come from: Debian packages unpacked once into the user's cache, or those of the machine.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

import type { Program } from './child'
import { run } from './child'
import { lock } from './lock'
import { architecture, NoPackages, packagesOf, unpackSuite } from './packages'

/** Programs and files to run a sandbox with. */
export interface Tree {
  readonly kind: 'tree' | 'system'
  /** Such as "22.10.1~dfsg". */
  readonly version: string
  readonly asterisk: Program
  readonly sipp: Program
  readonly moduleDir: string
  /** Asterisk's documentation and rest-api; it does not load without. */
  readonly dataDir: string
  /** The directory of English prompts. */
  readonly soundsDir: string
}

/** No Asterisk can be had; the message says what to do. Programs end with exit status 3. */
export class NoAsterisk extends Error {}

// Counts up when what is unpacked or removed changes.
const LAYOUT = 1
const TRIPLETS: Readonly<Record<string, string>> = { amd64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }
const LOADERS: Readonly<Record<string, string>> = { amd64: 'ld-linux-x86-64.so.2', arm64: 'ld-linux-aarch64.so.1' }

function firstThatExists(what: string, paths: readonly string[]): string {
  const found = paths.find((path) => existsSync(path))
  if (found === undefined) throw new NoAsterisk(`no ${what} at ${paths.join(' or ')}`)
  return found
}

function cacheDir(): string {
  const cache = process.env['XDG_CACHE_HOME']
  return join(cache === undefined || cache === '' ? join(homedir(), '.cache') : cache, 'followme')
}

async function versionOf(asterisk: Program): Promise<string> {
  return (await run({ ...asterisk, args: [...asterisk.args, '-V'] })).trim().replace(/^Asterisk /, '')
}

async function treeAt(root: string, arch: string): Promise<Tree> {
  const triplet = TRIPLETS[arch] ?? arch
  // Older packages have libraries outside of the architecture's own directory.
  const libraries = [`usr/lib/${triplet}`, `lib/${triplet}`, 'usr/lib', 'lib'].map((lib) => join(root, lib))
  const loaderName = LOADERS[arch] ?? ''
  const command = firstThatExists(
    'dynamic loader',
    [...libraries, join(root, 'lib64'), join(root, 'usr/lib64'), join(root, 'lib')].map((lib) => join(lib, loaderName))
  )
  // Through the tree's own loader and libraries: no chroot, hence no root and no mounts.
  const program = (path: string): Program => ({
    command,
    args: ['--library-path', libraries.join(':'), join(root, path)]
  })
  const asterisk = program('usr/sbin/asterisk')
  return {
    kind: 'tree',
    version: await versionOf(asterisk),
    asterisk,
    sipp: program('usr/bin/sipp'),
    moduleDir: firstThatExists('modules', [
      join(root, 'usr/lib', triplet, 'asterisk/modules'),
      join(root, 'usr/lib/asterisk/modules')
    ]),
    dataDir: join(root, 'usr/share/asterisk'),
    soundsDir: join(root, 'usr/share/asterisk/sounds/en_US_f_Allison')
  }
}

async function preparedTree(log: (line: string) => void): Promise<Tree> {
  const suite = process.env['FOLLOWME_SANDBOX_SUITE'] ?? 'forky'
  const arch = await architecture()
  if (!(arch in TRIPLETS)) throw new NoPackages(`no sandbox for the architecture ${arch}`)
  const contents = createHash('sha256')
    .update([LAYOUT, ...packagesOf(suite)].join())
    .digest('hex')
    .slice(0, 8)
  const name = `asterisk-${suite}-${arch}-${contents}`
  const home = join(cacheDir(), name)
  if (!existsSync(home)) {
    await mkdir(cacheDir(), { recursive: true })
    const held = await lock(`prepare-${home}`, () => log('another process is preparing Asterisk; waiting for it'))
    try {
      if (!existsSync(home)) await prepare(home, name, suite, log)
    } finally {
      held.release()
    }
  }
  return treeAt(join(home, 'root'), arch)
}

async function prepare(home: string, name: string, suite: string, log: (line: string) => void): Promise<void> {
  // What an interrupted preparation left; the lock says that nobody is still at it.
  for (const entry of await readdir(cacheDir())) {
    if (entry.startsWith(`${name}.new-`)) await rm(join(cacheDir(), entry), { recursive: true, force: true })
  }
  const fresh = `${home}.new-${process.pid}`
  await mkdir(fresh)
  const startedAt = Date.now()
  try {
    await unpackSuite(fresh, suite, log)
    await writeFile(join(fresh, 'README'), 'Asterisk and SIPp for the tests of followme. May be removed at any time.\n')
    await rename(fresh, home)
  } catch (error) {
    await rm(fresh, { recursive: true, force: true })
    throw error
  }
  log(`prepared Asterisk in ${Math.round((Date.now() - startedAt) / 1000)} s, in ${home}`)
}

function inPath(program: string): string | undefined {
  const dirs = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  return dirs.map((dir) => join(dir, program)).find((path) => existsSync(path))
}

async function installed(): Promise<Tree | undefined> {
  const [asterisk, sipp] = [inPath('asterisk'), inPath('sipp')]
  if (asterisk === undefined || sipp === undefined) return undefined
  const libs = ['/usr/lib', '/usr/lib64', '/usr/local/lib', ...Object.values(TRIPLETS).map((t) => `/usr/lib/${t}`)]
  const dataDir = firstThatExists(
    'documentation of Asterisk',
    ['/usr/share/asterisk', '/var/lib/asterisk'].map((dir) => join(dir, 'documentation'))
  ).replace(/\/documentation$/, '')
  const sounds = ['/usr/share/asterisk/sounds', '/var/lib/asterisk/sounds']
  return {
    kind: 'system',
    version: await versionOf({ command: asterisk, args: [] }),
    asterisk: { command: asterisk, args: [] },
    sipp: { command: sipp, args: [] },
    moduleDir: firstThatExists(
      'modules of Asterisk',
      libs.map((lib) => join(lib, 'asterisk/modules'))
    ),
    dataDir,
    soundsDir: firstThatExists(
      'sounds of Asterisk',
      sounds.flatMap((dir) => [join(dir, 'en'), join(dir, 'en_US_f_Allison')])
    )
  }
}

/**
 * Asterisk and SIPp, ready to run. FOLLOWME_SANDBOX=tree or system chooses; by default packages in the cache, or else
 * those of the machine. FOLLOWME_SANDBOX_SUITE names the Debian suite (forky: Asterisk 22, bullseye: 16).
 * Throws NoAsterisk, with what to do, where neither can be had.
 */
export async function prepareTree(log: (line: string) => void): Promise<Tree> {
  const choice = process.env['FOLLOWME_SANDBOX'] ?? ''
  if (!['', 'tree', 'system'].includes(choice)) {
    throw new NoAsterisk(`FOLLOWME_SANDBOX is '${choice}'; it may be 'tree' or 'system'`)
  }
  let why = 'FOLLOWME_SANDBOX=system, but asterisk and sipp are not both installed'
  if (choice !== 'system') {
    try {
      return await preparedTree(log)
    } catch (error) {
      if (!(error instanceof NoPackages)) throw error
      why = error.message
    }
  }
  const system = choice === 'tree' ? undefined : await installed()
  if (system !== undefined) return system
  throw new NoAsterisk(
    `There is no Asterisk to run: ${why}.\n` +
      'Either install both yourself (Debian, Ubuntu: apt-get install asterisk sip-tester) and try again,\n' +
      'or run Asterisk and followme in containers: docker compose up. That needs nothing but Docker.'
  )
}
