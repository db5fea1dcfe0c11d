// A private Asterisk for tests and the demo: own configuration, ports and run directory, gone when its owner is.
import type { ChildProcess } from 'node:child_process'
import { closeSync, lchownSync, lstatSync, openSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

import { gone, run, spawnTied, until } from './child'
import type { Program } from './child'
import { writeConfiguration } from './configuration'
import { takePorts, type Ports } from './ports'
import { makeRunDir } from './run-dir'
import { prepareTree, type Tree } from './tree'

export interface SandboxOptions {
  /** Progress, a line at a time. Default: silent. */
  readonly log?: (line: string) => void
  /** SIP phones Asterisk knows as PJSIP/NAME. Default: alice, bob, carol, dave. */
  readonly phones?: readonly string[]
  /** Dialplan globals, such as FOLLOWME_FAILSAFE, FOLLOWME_FAILSAFE_SECONDS and FOLLOWME_CLAIM_SECONDS. */
  readonly globals?: Readonly<Record<string, string>>
  /** followme's database, for the failsafe to read: a path, or one from the run directory. Default: none, and the failsafe is the static one. */
  readonly database?: string
  /** An office's Asterisk, as people have it: transfers, pickup, music on hold … Default: the shipped configuration alone. */
  readonly office?: boolean
  /** File permissions hold for Asterisk even where the tests run as root. Default: as for the tests. */
  readonly heedsPermissions?: boolean
  /** Asterisk runs as this user where the tests run as root; else as theirs. It may read whatever they may. */
  readonly user?: { readonly uid: number; readonly gid: number }
  /** Changes the written configuration (directory given) before Asterisk starts. */
  readonly configure?: (etcDir: string) => void
}

export interface SandboxAsterisk {
  readonly tree: Tree
  readonly ports: Ports
  readonly ariUrl: string
  readonly ariUser: string
  readonly ariPassword: string
  readonly sipPort: number
  readonly httpPort: number
  readonly runDir: string
  readonly spoolDir: string
  /** Notices, warnings and errors. */
  readonly logFile: string
  /** Where SIPp is to listen as each phone: name → port on 127.0.0.1. */
  readonly phones: ReadonlyMap<string, number>
  /** Where SIPp is to listen as the carrier that PJSIP/NUMBER@trunk calls. */
  readonly carrierPort: number
  /** Process id of the running Asterisk. */
  pid(): number
  /** Runs a command of Asterisk's console and gives what it prints. */
  cli(command: string): Promise<string>
  /** One request to ARI: parsed JSON, or rejects with the status. */
  ari(path: string, method?: string): Promise<unknown>
  /** Names of the live channels. */
  channels(): Promise<string[]>
  /** Ids of the live bridges; those that followme keeps for legs to ring in count while one does. */
  bridges(): Promise<string[]>
  /** Warnings and errors logged so far. */
  complaints(): string[]
  /** Ends Asterisk at once (SIGKILL) and waits until it is gone; restart() brings it back. */
  kill(): Promise<void>
  /** Starts it again on the same ports with the same files, killing it first where it still runs. */
  restart(): Promise<void>
  /** Ends it and removes its run directory. */
  stop(): Promise<void>
}

const ARI_USER = 'followme'

async function startProcess(asterisk: Program, runDir: string): Promise<ChildProcess> {
  const conf = join(runDir, 'etc/asterisk.conf')
  const output = openSync(join(runDir, 'log/console'), 'a')
  const program = { ...asterisk, args: [...asterisk.args, '-f', '-C', conf] }
  // The machine's OpenSSL configuration belongs to the machine's OpenSSL.
  const env = { ...process.env, OPENSSL_CONF: '/dev/null', LC_ALL: 'C', TERM: 'dumb' }
  const child = spawnTied(program, { cwd: runDir, env, stdio: ['ignore', output, output] })
  closeSync(output)
  return child
}

/** A program that root's right to read and write any file is taken from. */
function heeding({ command, args }: Program): Program {
  return { command: 'setpriv', args: ['--bounding-set', '-dac_override,-dac_read_search', command, ...args] }
}

/** A program as another user. What it is run from may lie where only root can read: that right it keeps, no other. */
function asUser({ command, args }: Program, { uid, gid }: { readonly uid: number; readonly gid: number }): Program {
  const caps = ['inh-caps', 'ambient-caps'].map((set) => `--${set}=-all,+dac_read_search`)
  // A change of the user unties it from this process: it is tied again.
  const who = ['--reuid', String(uid), '--regid', String(gid), '--clear-groups', '--pdeathsig', 'KILL']
  return { command: 'setpriv', args: [...who, ...caps, command, ...args] }
}

function giveTo(path: string, uid: number, gid: number): void {
  lchownSync(path, uid, gid)
  if (!lstatSync(path).isDirectory()) return
  for (const name of readdirSync(path)) giveTo(join(path, name), uid, gid)
}

/** Starts an Asterisk, preparing it first where needed, and resolves once ARI answers and all is booted. */
export async function startAsterisk(options: SandboxOptions = {}): Promise<SandboxAsterisk> {
  const log = options.log ?? (() => undefined)
  const tree = await prepareTree(log)
  const ports = await takePorts()
  const isRoot = process.getuid?.() === 0
  const user = isRoot ? options.user : undefined
  const heeds = isRoot && options.heedsPermissions === true
  const program = user ? asUser(tree.asterisk, user) : heeds ? heeding(tree.asterisk) : tree.asterisk
  let child: ChildProcess | undefined
  const runDir = makeRunDir(() => child?.kill('SIGKILL'))
  const phones = new Map((options.phones ?? ['alice', 'bob', 'carol', 'dave']).map((name) => [name, ports.nextPhone()]))
  const carrierPort = ports.nextPhone()
  const { globals = {}, database, office = false } = options
  const site = { phones, carrierPort, globals, database, office }
  const ariPassword = await writeConfiguration(runDir.path, tree, ports, site)
  options.configure?.(join(runDir.path, 'etc'))
  if (user) giveTo(runDir.path, user.uid, user.gid)

  const ariUrl = `http://127.0.0.1:${ports.http}`
  const authorization = `Basic ${Buffer.from(`${ARI_USER}:${ariPassword}`).toString('base64')}`
  const logFile = join(runDir.path, 'log/messages')
  const conf = join(runDir.path, 'etc/asterisk.conf')

  const ari = async (path: string, method = 'GET'): Promise<unknown> => {
    const init = { method, headers: { authorization }, signal: AbortSignal.timeout(5000) }
    const response = await fetch(`${ariUrl}/ari/${path}`, init)
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return text === '' ? null : JSON.parse(text)
  }
  const cli = (command: string): Promise<string> =>
    run({ ...tree.asterisk, args: [...tree.asterisk.args, '-C', conf, '-rx', command] })
  const kill = async (): Promise<void> => {
    child?.kill('SIGKILL')
    if (child !== undefined) await gone(child)
  }
  const start = async (): Promise<void> => {
    await kill()
    child = await startProcess(program, runDir.path)
    const started = child
    await until(`Asterisk to start (see ${logFile})`, async () => {
      if (started.exitCode !== null || started.signalCode !== null) {
        throw new Error(
          `Asterisk did not start: ${readFileSync(join(runDir.path, 'log/console'), 'utf8').slice(-2000)}`
        )
      }
      return ari('asterisk/info').then(
        () => true,
        () => false
      )
    })
    await cli('core waitfullybooted')
  }
  const stop = async (): Promise<void> => {
    child?.kill('SIGTERM')
    const patience = setTimeout(() => child?.kill('SIGKILL'), 3000)
    if (child !== undefined) await gone(child)
    clearTimeout(patience)
    runDir.remove()
    ports.release()
  }

  log(`starting Asterisk ${tree.version}`)
  try {
    await start()
  } catch (error) {
    await stop()
    throw error
  }
  return {
    tree,
    ports,
    ariUrl,
    ariUser: ARI_USER,
    ariPassword,
    sipPort: ports.sip,
    httpPort: ports.http,
    runDir: runDir.path,
    spoolDir: join(runDir.path, 'spool'),
    logFile,
    phones,
    carrierPort,
    pid: () => child?.pid ?? 0,
    cli,
    ari,
    channels: async () => ((await ari('channels')) as { name: string }[]).map(({ name }) => name),
    bridges: async () => {
      const bridges = (await ari('bridges')) as { id: string; channels: string[] }[]
      return bridges.flatMap(({ id, channels }) => (id.includes('.ringing.') && channels.length === 0 ? [] : [id]))
    },
    complaints: () =>
      readFileSync(logFile, 'utf8')
        .split('\n')
        .filter((line) => /\] (WARNING|ERROR)\[/.test(line)),
    kill,
    restart: start,
    stop
  }
}
