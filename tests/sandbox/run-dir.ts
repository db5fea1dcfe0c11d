// Directories of running sandboxes: named after their process, removed with it, and swept by the next one if it could not.
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'

import { isAlive } from './child'

const PREFIX = 'followme-sandbox-'
const live = new Set<() => void>()
let hooked = false

// Runs when the process ends in an orderly way; on a signal, then lets the signal do what it does.
function cleanAll(): void {
  for (const clean of live) {
    try {
      clean()
    } catch {
      // Something still writes there; the next sandbox sweeps it. The process has to end.
    }
  }
  live.clear()
}

function hook(): void {
  if (hooked) return
  hooked = true
  process.once('exit', cleanAll)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    const handler = (): void => {
      // A program with a handler of its own decides when to end; the exit hook serves it.
      if (process.listenerCount(signal) > 1) return
      cleanAll()
      process.off(signal, handler)
      process.kill(process.pid, signal)
    }
    process.on(signal, handler)
  }
}

/** Removes what processes that were killed left behind. */
function sweep(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length).split('-')[0]) : NaN
    if (Number.isInteger(pid) && !isAlive(pid)) rmSync(join(tmpdir(), name), { recursive: true, force: true })
  }
}

export interface RunDir {
  readonly path: string
  /** Removes the directory now. `stopNow`, given to makeRunDir, is not called any more. */
  remove(): void
}

/** Makes a run directory. `stopNow` must end, at once and synchronously, whatever runs in it. */
export function makeRunDir(stopNow: () => void): RunDir {
  sweep()
  const path = join(tmpdir(), `${PREFIX}${process.pid}-${randomBytes(3).toString('hex')}`)
  // Asterisk's control socket lives in there, and the kernel allows such a path 107 characters.
  if (path.length > 80) throw new Error(`TMPDIR is too long for a sandbox: ${path}`)
  mkdirSync(path, { mode: 0o700 })
  const clean = (): void => {
    stopNow()
    rmSync(path, { recursive: true, force: true, maxRetries: 5 })
  }
  live.add(clean)
  hook()
  return {
    path,
    remove: () => {
      live.delete(clean)
      rmSync(path, { recursive: true, force: true, maxRetries: 5 })
    }
  }
}
