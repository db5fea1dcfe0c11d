// The bench's world: one Asterisk with all the ways, one database, and followme where it is needed.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { openDatabase } from '../../src/store/database/database'
import type { OpenDatabase } from '../../src/store/database/database'
import { migrate } from '../../src/store/migrations/migrate'
import { serve } from '../demo/program'
import type { Server } from '../demo/program'
import { startAsterisk } from '../sandbox/asterisk'
import type { SandboxAsterisk } from '../sandbox/asterisk'
import { isAlive, until } from '../sandbox/child'
import { startByHand } from './by-hand'
import { benchRules, configureBench } from './dialplan'
import { phones } from './profiles'
import type { Way } from './ways'

const project = resolve(__dirname, '../..')

export interface World {
  readonly asterisk: SandboxAsterisk
  readonly database: OpenDatabase
  /** Starts the program that has the calls of a way; resolves once it is ready for calls, with null for ways of the dialplan alone. */
  program(way: Way, more?: Readonly<Record<string, string>>): Promise<Server | null>
  /** Every record is closed. Rejects where that takes more than 40 s. */
  recorded(): Promise<void>
  /** Nobody is in Asterisk. Rejects where that takes more than 40 s. */
  empty(): Promise<void>
  /** Throws, with the last that it has logged, where Asterisk is not there any more: nothing can be measured then. */
  requireAsterisk(): void
  /** How often Asterisk has had to do without followme. */
  failsafes(): number
  close(): Promise<void>
}

/** `claimSeconds`: how long followme has to take a call before the failsafe does. */
export async function openWorld(log: (line: string) => void, claimSeconds = 5): Promise<World> {
  let running: Server | null = null
  const asterisk = await startAsterisk({
    log,
    database: 'followme.db',
    phones,
    globals: { FOLLOWME_CLAIM_SECONDS: String(claimSeconds) },
    configure: (etc) => {
      const file = join(etc, '..', 'followme.db')
      migrate({ database: file, shipped: join(project, 'migrations'), log: () => undefined })
      const { sqlite, close } = openDatabase(file)
      sqlite.exec(benchRules())
      close()
      configureBench(etc, file)
    }
  })
  const asteriskPid = asterisk.pid()
  const file = join(asterisk.runDir, 'followme.db')
  const database = openDatabase(file)
  const open = database.sqlite.prepare('SELECT count(*) FROM calls WHERE ended_at IS NULL').pluck()
  return {
    asterisk,
    database,
    program: async ({ id, transport, isByHand }, more = {}) => {
      const own = (server: Server): Server => {
        running = server
        return {
          ...server,
          stop: async () => {
            running = null
            await server.stop()
          }
        }
      }
      if (isByHand === true) return own(await startByHand(asterisk))
      if (transport === null) return null
      const environment = {
        FOLLOWME_ARI_URL: asterisk.ariUrl,
        FOLLOWME_ARI_USER: asterisk.ariUser,
        FOLLOWME_ARI_PASSWORD: asterisk.ariPassword,
        FOLLOWME_ARI_TRANSPORT: transport,
        FOLLOWME_DATABASE: file,
        ...more
      }
      const http = `127.0.0.1:${String(asterisk.ports.next())}`
      return own(await serve(environment, http, join(asterisk.runDir, `followme-${id}.log`)))
    },
    recorded: () => until('the last record to be closed', () => open.get() === 0),
    empty: () => until('the last leg to go', async () => (await asterisk.channels()).length === 0),
    requireAsterisk: () => {
      if (isAlive(asteriskPid)) return
      const log = readFileSync(asterisk.logFile, 'utf8').trimEnd().split('\n').slice(-5)
      throw new Error(['Asterisk has ended. The last that it said:', ...log].join('\n'))
    },
    failsafes: () => asterisk.complaints().filter((line) => line.includes('followme: failsafe')).length,
    close: async () => {
      await running?.stop()
      database.close()
      await asterisk.stop()
    }
  }
}

/** Why followme cannot go this way here; null where it can. Nothing is started: one setting is always wrong. */
export function refusal({ transport }: Way): string | null {
  if (transport === null) return null
  const said = (value: string) => {
    const environment = { PATH: process.env['PATH'], FOLLOWME_ARI_TRANSPORT: value, FOLLOWME_HTTP: 'nowhere' }
    try {
      execFileSync(process.execPath, [join(project, 'dist/main.js'), 'serve'], {
        env: environment,
        stdio: 'pipe',
        encoding: 'utf8'
      })
    } catch (error) {
      return (error as { stderr: string }).stderr.split('\n').find((line) => line.includes('FOLLOWME_ARI_TRANSPORT'))
    }
    return undefined
  }
  // One that has but a single way takes no notice of the setting, whatever it says.
  if (transport !== 'http' && said('none such') === undefined) return 'this followme has no FOLLOWME_ARI_TRANSPORT'
  return said(transport)?.trim() ?? null
}
