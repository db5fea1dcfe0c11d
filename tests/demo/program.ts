// The real program, as it was built: its commands run one after another, or `serve` beside us. None outlives the demo.
import type { ChildProcess } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'

import { gone, run, spawnTied, until, type Program } from '../sandbox/child'

const PROJECT = resolve(__dirname, '../..')
const MAIN = join(PROJECT, 'dist/main.js')

export type Environment = Readonly<Record<string, string>>

export interface Server {
  readonly pid: number
  /** What it logs. */
  readonly logFile: string
  /** Resolves with how (`signal SIGKILL`, `exit status 3`) where it ended without having been asked to. */
  readonly died: Promise<string>
  stop(): Promise<void>
}

function program(args: readonly string[]): Program {
  return { command: process.execPath, args: [MAIN, ...args] }
}

/** The user's environment, but for the settings of a followme of their own. */
function withoutSettings(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('FOLLOWME_')))
}

/** Runs one command of followme and gives what it prints; rejects with what it says on standard error. */
export function followme(environment: Environment, ...args: string[]): Promise<string> {
  return run(program(args), { cwd: PROJECT, env: { ...withoutSettings(), ...environment } })
}

/** `followme serve` in the background; resolves once it is ready for calls. `http` is where it serves its health. */
export async function serve(environment: Environment, http: string, logFile: string): Promise<Server> {
  const output = openSync(logFile, 'a')
  const { command, args } = program(['serve'])
  // A session of its own: Ctrl-C is the demo's to hear, and a followme that ends by it would look like one that died.
  const child = spawnTied(
    { command: 'setsid', args: [command, ...args] },
    {
      cwd: PROJECT,
      env: { ...withoutSettings(), ...environment, FOLLOWME_HTTP: http },
      stdio: ['ignore', output, output]
    }
  )
  closeSync(output)
  let stopping = false
  const ended = gone(child)
  const died = ended.then(() => (stopping ? new Promise<never>(() => undefined) : howItEnded(child)))
  const stop = async (): Promise<void> => {
    stopping = true
    child.kill('SIGTERM')
    const patience = setTimeout(() => child.kill('SIGKILL'), 2000)
    await ended
    clearTimeout(patience)
  }
  try {
    const early = died.then((how) => {
      throw new Error(`followme serve ended at once (${how}):\n${readFileSync(logFile, 'utf8').slice(-2000)}`)
    })
    await Promise.race([early, until('followme to be ready', () => ready(http))])
    early.catch(() => undefined)
  } catch (error) {
    await stop()
    throw error
  }
  return { pid: child.pid ?? 0, logFile, died, stop }
}

function howItEnded({ exitCode, signalCode }: ChildProcess): string {
  return signalCode === null ? `exit status ${exitCode ?? '?'}` : `signal ${signalCode}`
}

async function ready(http: string): Promise<boolean> {
  const response = await fetch(`http://${http}/readyz`, { signal: AbortSignal.timeout(1000) }).catch(() => undefined)
  return response?.ok === true
}

/** The same command as a line for a shell, from wherever its reader is. */
export function commandLine(environment: Environment, ...args: string[]): string {
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${quoted(value)}`)
  const path = relative(process.cwd(), MAIN)
  return [...variables, 'node', quoted(path.startsWith('..') ? MAIN : path), ...args.map(quoted)].join(' ')
}

/** A word for a shell, in quotes where it needs them. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
