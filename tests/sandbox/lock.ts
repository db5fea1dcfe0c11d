// Locks between processes that need no cleaning up: an abstract socket (Linux) vanishes with its owner.
import { createServer, type Server } from 'node:net'

export interface Lock {
  release(): void
}

/** Takes the lock of this name, or says null when someone has it. Held until released or the process ends. */
export function tryLock(name: string): Promise<Lock | null> {
  return new Promise((resolve, reject) => {
    const server: Server = createServer((socket) => socket.destroy())
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null)
      else reject(error)
    })
    server.listen(`\0followme-${name}`, () => {
      server.unref()
      resolve({ release: () => server.close() })
    })
  })
}

/** Waits for the lock; calls `waiting` once if it is not free at once. */
export async function lock(name: string, waiting: () => void): Promise<Lock> {
  for (let turn = 0; ; turn++) {
    const held = await tryLock(name)
    if (held !== null) return held
    if (turn === 0) waiting()
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
