// The program that hunts by hand, as a process beside Asterisk.
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { Server } from '../demo/program'
import type { SandboxAsterisk } from '../sandbox/asterisk'
import { gone, spawnTied, until } from '../sandbox/child'

/** The name of its application. */
export const byHandApp = 'bench-by-hand'

/** Starts it; resolves once Asterisk knows its application. */
export async function startByHand(asterisk: SandboxAsterisk): Promise<Server> {
  const { ariUrl, ariUser, ariPassword, runDir } = asterisk
  const logFile = join(runDir, 'by-hand.log')
  const output = openSync(logFile, 'a')
  const args = [join(__dirname, 'hunt-by-hand.mjs'), ariUrl, ariUser, ariPassword, byHandApp]
  const child = spawnTied({ command: process.execPath, args }, { stdio: ['ignore', output, output] })
  closeSync(output)
  const ended = gone(child)
  const stop = async (): Promise<void> => {
    child.kill()
    await ended
  }
  try {
    await until('the application to be registered', async () => {
      if (child.exitCode !== null) throw new Error(`hunt-by-hand.mjs ended with status ${String(child.exitCode)}`)
      return asterisk.ari(`applications/${byHandApp}`).then(
        () => true,
        () => false
      )
    })
  } catch (error) {
    await stop()
    throw error
  }
  return { pid: child.pid ?? 0, logFile, died: ended.then((status) => `exit status ${String(status)}`), stop }
}
