// A soak's world: a real Asterisk that reads the database, SIPp as phones and carrier, and the built program as a process.
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '../../src/store/database/database'
import type { OpenDatabase } from '../../src/store/database/database'
import { migrate } from '../../src/store/migrations/migrate'
import { serve } from '../demo/program'
import type { Server } from '../demo/program'
import { startAsterisk } from '../sandbox/asterisk'
import type { SandboxAsterisk } from '../sandbox/asterisk'
import { until } from '../sandbox/child'
import { debuggerIn, Inspector } from '../sandbox/inspector'
import type { Held } from '../sandbox/inspector'
import { readiness } from '../sandbox/readiness'
import { uac, uas } from '../sandbox/sipp'
import type { SippHandle, SippResult } from '../sandbox/sipp'
import { callers, countOf, phones, siteScript } from './callers'

const shipped = join(__dirname, '../../migrations')

/** At one moment. */
export interface Sample {
  /** How many calls are over. */
  readonly calls: number
  readonly heap: number
  readonly rss: number
  readonly asterisk: number
  readonly database: number
  readonly log: number
}

export interface Site {
  readonly asterisk: SandboxAsterisk
  readonly database: OpenDatabase
  readonly server: Server
  /** Has so many calls placed, so many a second; resolves when all are over, their records too. */
  place(calls: number, ratePerSecond: number): Promise<readonly SippResult[]>
  sample(): Promise<Sample>
  /** Megabytes that followme has in use, after a garbage collection. */
  heap(): Promise<number>
  /** What followme holds now: calls, timers, sockets, listeners, threads, open files, and subscriptions. */
  held(): Promise<Held>
  /** How often Asterisk says that it has had to do without followme. */
  failsafes(): number
  close(): Promise<void>
}

export async function openSite(say: (line: string) => void): Promise<Site> {
  const asterisk = await startAsterisk({
    log: say,
    database: 'followme.db',
    phones: Object.keys(phones),
    configure: (etc) => {
      // Before Asterisk looks for it.
      migrate({ database: join(etc, '..', 'followme.db'), shipped, log: () => undefined })
    }
  })
  const file = join(asterisk.runDir, 'followme.db')
  const database = openDatabase(file)
  database.sqlite.exec(siteScript())
  const started: SippHandle[] = []
  let server: Followme | undefined
  let inspector: Inspector | undefined
  const close = async (): Promise<void> => {
    inspector?.close()
    await Promise.all([server?.stop(), ...started.map((sipp) => sipp.stop(300))])
    database.close()
    await asterisk.stop()
  }
  try {
    for (const [name, behaviour] of Object.entries(phones)) {
      started.push(await uas(asterisk, asterisk.phones.get(name) ?? 0, behaviour, { traced: false }))
    }
    server = await startFollowme(asterisk, file)
    inspector = await Inspector.open(debuggerOf(server))
    return { asterisk, database, server, ...watching(asterisk, database, server, inspector), place, close }
  } catch (error) {
    await close()
    throw error
  }

  async function place(calls: number, ratePerSecond: number): Promise<readonly SippResult[]> {
    const placed = callers.map((each) =>
      uac(asterisk, {
        number: each.number,
        ...each.call,
        count: countOf(each, calls),
        ratePerSecond: (ratePerSecond * each.share) / 100,
        timeoutMs: 1000 * (calls / ratePerSecond + 60),
        traced: false
      })
    )
    started.push(...placed)
    const results = await Promise.all(placed.map(({ finished }) => finished))
    started.splice(-placed.length)
    const open = database.sqlite.prepare('SELECT count(*) FROM calls WHERE ended_at IS NULL').pluck()
    await until('the last leg to go', async () => (await asterisk.channels()).length === 0)
    await until('the last record to be closed', () => open.get() === 0)
    return results
  }
}

interface Followme extends Server {
  readonly http: string
}

async function startFollowme(asterisk: SandboxAsterisk, database: string): Promise<Followme> {
  const http = `127.0.0.1:${asterisk.ports.next()}`
  const environment = {
    FOLLOWME_ARI_URL: asterisk.ariUrl,
    FOLLOWME_ARI_USER: asterisk.ariUser,
    FOLLOWME_ARI_PASSWORD: asterisk.ariPassword,
    FOLLOWME_DATABASE: database,
    NODE_OPTIONS: '--inspect=127.0.0.1:0'
  }
  return { ...(await serve(environment, http, join(asterisk.runDir, 'followme.log'))), http }
}

function debuggerOf({ logFile }: Server): string {
  const url = debuggerIn(readFileSync(logFile, 'utf8'))
  if (url === null) throw new Error(`followme does not say where its debugger listens: see ${logFile}`)
  return url
}

function watching(asterisk: SandboxAsterisk, { sqlite }: OpenDatabase, server: Followme, inspector: Inspector) {
  const { pid } = server
  const over = sqlite.prepare<[], number>('SELECT count(*) FROM calls WHERE ended_at IS NOT NULL').pluck()
  return {
    heap: async () => (await inspector.heapBytes()) / 1e6,
    sample: async (): Promise<Sample> => {
      const heap = await inspector.heapBytes()
      return {
        calls: over.get() ?? 0,
        heap,
        rss: residentBytes(pid),
        asterisk: residentBytes(asterisk.pid()),
        database: statSync(sqlite.name).size,
        log: statSync(`${sqlite.name}-wal`).size
      }
    },
    held: async (): Promise<Held> => ({
      ...(await inspector.held()),
      calls: (await readiness(server.http))?.calls ?? NaN,
      subscriptions: await subscriptionsIn(asterisk),
      threads: status(pid, 'Threads'),
      files: readdirSync(`/proc/${pid}/fd`).length
    }),
    failsafes: () => readFileSync(asterisk.logFile, 'utf8').split('followme: failsafe').length - 1
  }
}

/** What Asterisk believes that followme wants to hear of, without the bridges that it keeps for legs to ring in. */
async function subscriptionsIn(asterisk: SandboxAsterisk): Promise<number> {
  const app = (await asterisk.ari('applications/followme')) as Record<'channel_ids' | 'bridge_ids', readonly string[]>
  return app.channel_ids.length + app.bridge_ids.filter((id) => !id.includes('.ringing.')).length
}

function residentBytes(pid: number): number {
  return 1024 * status(pid, 'VmRSS')
}

function status(pid: number, name: string): number {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`${name}:`))
  return Number(line?.split(/\s+/)[1])
}
