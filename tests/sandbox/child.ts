// Child processes that cannot outlive us: the kernel kills them when this process dies, however it dies.
import { execFile, spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** A program and the arguments that come before one's own. */
export interface Program {
  readonly command: string
  readonly args: readonly string[]
}

export interface ChildOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  readonly stdio?: StdioOptions
}

// Between fork and setpriv the parent may already be gone, and the signal with it: hence the look at PPID.
const GUARD = '[ "$PPID" = "$0" ] || exit 1; exec "$@"'

function tied(program: Program): Program {
  return {
    command: 'setpriv',
    args: ['--pdeathsig', 'KILL', 'sh', '-c', GUARD, String(process.pid), program.command, ...program.args]
  }
}

/** Starts a program that dies with this process (setpriv of util-linux, Linux only). */
export function spawnTied(program: Program, options: ChildOptions = {}): ChildProcess {
  const { command, args } = tied(program)
  return spawn(command, args, { stdio: 'ignore', ...options })
}

/** Runs a program to its end and gives its standard output. Rejects with what it said on standard error. */
export function run(program: Program, options: ChildOptions = {}): Promise<string> {
  const { command, args } = tied(program)
  return new Promise((resolve, reject) => {
    execFile(command, args, { ...options, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(new Error(`${program.command} failed: ${`${stderr}${stdout}`.trim() || error.message}`))
    })
  })
}

/** Resolves with the exit status once the process is gone; -1 when a signal ended it. */
export function gone(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) resolve(child.exitCode)
    else if (child.signalCode !== null) resolve(-1)
    else {
      child.once('error', () => resolve(127))
      child.once('exit', (code) => resolve(code ?? -1))
    }
  })
}

/** True where a process of this number exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Ends at once whatever this process has started. */
export function killChildren(): void {
  const own = process.pid
  for (const pid of readdirSync('/proc').map(Number).filter(Number.isInteger)) {
    try {
      // The name, in brackets, may hold anything; behind it come the state and the parent.
      const [, parent] = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')
      if (Number(parent) === own) process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended by itself.
    }
  }
}

/**
 * How long to wait for what is to become true. A wait ends as soon as it is, so this says nothing about how fast it should be:
 * only that on the busiest machine it would have been by then.
 */
export const patienceMs = 90_000

/** Waits for a condition; rejects with `what` after the limit. */
export async function until(
  what: string,
  met: () => boolean | Promise<boolean>,
  limitMs: number = patienceMs
): Promise<void> {
  const startedAt = Date.now()
  while (!(await met())) {
    const waitedMs = Date.now() - startedAt
    if (waitedMs > limitMs) throw new Error(`waited ${limitMs} ms for ${what}`)
    // Most of what is waited for comes at once. What takes seconds is not asked for fifty times in each of them.
    await sleep(Math.min(20 + waitedMs / 20, 60))
  }
}

/** For what takes its time; where something is to become true, see {@link until}. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
