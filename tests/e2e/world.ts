// The world of an end-to-end case: a real Asterisk, SIPp around it, a migrated database, and followme in this process,
// put together by the same composition root as the program. Everything is taken down, and looked over for leaks.
import { dirname, join } from 'node:path'
import { Writable } from 'node:stream'
import winston from 'winston'
import { startApp } from '../../src/app'
import type { App } from '../../src/app'
import type { CallListener } from '../../src/call/types'
import { readConfig } from '../../src/config/config'
import type { Clock } from '../../src/ports'
import { listCalls, readCall } from '../../src/store/records/call-history'
import type { RecordedCall } from '../../src/ports'
import { openDatabase } from '../../src/store/database/database'
import { migrate } from '../../src/store/migrations/migrate'
import { startAsterisk } from '../sandbox/asterisk'
import type { SandboxAsterisk, SandboxOptions } from '../sandbox/asterisk'
import { until } from '../sandbox/child'
import { uac, uas } from '../sandbox/sipp'
import type { SippHandle, SippResult, UacOptions } from '../sandbox/sipp'
import type { Behaviour } from '../sandbox/scenario-uas'
import { lastWords } from './last-words'

/** The virtual number of the cases. */
export const number = '+14155550100'

export interface WorldOptions extends SandboxOptions {
  readonly clock?: Clock
  /** Changes the environment followme is configured from. */
  readonly env?: Readonly<Record<string, string>>
  /** Asterisk reads the database, as it is installed. Default: it does not, and the failsafe is the static one. */
  readonly readable?: boolean
  /** Starts Asterisk only; followme is started by the case. */
  readonly withoutApp?: boolean
}

/** As soon as the two are joined, this one hangs up: how long that takes is not for a case to guess. */
export interface OnceJoined {
  readonly hangsUp?: 'once-joined'
}

/** What a phone does that answers at once and hangs up as soon as the two are joined. */
export const answers = { kind: 'answer', hangsUp: 'once-joined' } as const

export interface World {
  readonly asterisk: SandboxAsterisk
  readonly database: string
  /** What followme has logged in this case: one line a message. */
  readonly logged: string[]
  /** The ids of the calls of this case whose parties were joined, once for each time. */
  readonly bridged: readonly string[]
  /** followme, where it runs: the one started last. */
  app(): App
  startApp(env?: Readonly<Record<string, string>>): Promise<App>
  /** Stops every followme there is. */
  stopApp(): Promise<void>
  sql(script: string): void
  /** Opens the database anew, for a case that has put another file in its place. */
  reopen(): void
  /** One rule for {@link number}: each inner array is a step; `dial` or `dial@seconds`. Replaces what was there. */
  rule(steps: readonly (readonly string[])[], fallback?: string): void
  phone(name: string, behaviour: Behaviour & OnceJoined): Promise<SippHandle>
  /** The other end of the trunk: behaviour by number. */
  carrier(behaviours: Readonly<Record<string, Behaviour & OnceJoined>>): Promise<SippHandle>
  /** Places one call and resolves when SIPp is through with it. */
  call(options?: Partial<UacOptions> & OnceJoined): Promise<SippResult>
  /** Places a call without waiting for its end. */
  dial(options?: Partial<UacOptions> & OnceJoined): SippHandle
  /** Waits until nothing of any call is left, stops the phones, and gives the records, oldest first. */
  settle(): Promise<RecordedCall[]>
  /** The records as they are now, oldest first. */
  records(): Promise<RecordedCall[]>
}

interface OpenWorld extends World {
  /** Ends whatever calls a case has left, so that the next one begins with none. */
  clear(): Promise<void>
  close(): Promise<void>
}

/** A world for the cases of a file. It is empty until the file's first hook or case. */
export function useWorld(options: WorldOptions = {}): World {
  const world = {} as World
  let opened: OpenWorld | undefined
  beforeAll(async () => {
    opened = await openWorld(options)
    Object.assign(world, opened)
    // The very first one on a machine unpacks Asterisk.
  }, 300_000)
  afterEach(() => opened?.clear())
  afterAll(() => opened?.close())
  return world
}

async function openWorld(options: WorldOptions): Promise<OpenWorld> {
  const file = 'followme.db'
  const asterisk = await startAsterisk({
    ...options,
    ...(options.readable === true && { database: file }),
    configure: (etc) => {
      // Before Asterisk looks for it.
      const shipped = join(__dirname, '../../migrations')
      migrate({ database: join(dirname(etc), file), shipped, log: () => undefined })
      options.configure?.(etc)
    }
  })
  const database = join(asterisk.runDir, file)
  let tool = openDatabase(database)
  const logged: string[] = []
  const log = collector((line) => void logged.push(line))
  const bridged: string[] = []
  const listener: CallListener = ({ id }, transitions) => {
    if (!transitions.some((each) => each.type === 'phase' && each.to === 'bridged')) return
    bridged.push(id)
    for (const each of onceJoined) each.hangUp()
  }
  const apps: App[] = []
  const sipps: SippHandle[] = []
  const phones: SippHandle[] = []
  const onceJoined: SippHandle[] = []

  const world: OpenWorld = {
    asterisk,
    database,
    logged,
    bridged,
    app: () => {
      const app = apps.at(-1)
      if (app === undefined) throw new Error('followme is not running')
      return app
    },
    startApp: async (env) => {
      const config = readConfig({
        FOLLOWME_ARI_URL: asterisk.ariUrl,
        FOLLOWME_ARI_USER: asterisk.ariUser,
        FOLLOWME_ARI_PASSWORD: asterisk.ariPassword,
        FOLLOWME_DATABASE: database,
        FOLLOWME_HTTP: '127.0.0.1:0',
        FOLLOWME_ARI_TRANSPORT: process.env['FOLLOWME_ARI_TRANSPORT'],
        ...options.env,
        ...env
      })
      const app = await startApp({ config, log, listener, ...(options.clock && { clock: options.clock }) })
      apps.push(app)
      return app
    },
    stopApp: async () => {
      await Promise.all(apps.splice(0).map((app) => app.stop()))
    },
    sql: (script) => void tool.sqlite.exec(script),
    reopen: () => {
      tool.close()
      tool = openDatabase(database)
    },
    rule: (steps, fallback = 'busy') => tool.sqlite.exec(ruleScript(steps, fallback)),
    phone: async (name, behaviour) => {
      const port = asterisk.phones.get(name)
      if (port === undefined) throw new Error(`the sandbox has no phone ${name}`)
      return phoneStarted(await uas(asterisk, port, behaviour), [behaviour])
    },
    carrier: async (behaviours) =>
      phoneStarted(await uas(asterisk, asterisk.carrierPort, behaviours), Object.values(behaviours)),
    dial: (call = {}) => started(uac(asterisk, { number, ...call }), [call]),
    call: (call) => world.dial(call).finished,
    settle: async () => {
      await until('the last call to end', () => apps.every((app) => app.liveCalls === 0))
      await until('the last channel to go', async () => (await asterisk.channels()).length === 0)
      await until('the last bridge to go', async () => (await asterisk.bridges()).length === 0)
      await Promise.all(phones.splice(0).map((phone) => phone.stop()))
      await Promise.all(apps.map((app) => app.flush()))
      return world.records()
    },
    records: async () => {
      const calls = await listCalls(tool.db, { limit: 1000 })
      const stored = await Promise.all(calls.map((call) => readCall(tool.db, call.id)))
      return stored.sort((one, other) => one.call.startedAt - other.call.startedAt)
    },
    clear: async () => {
      // A case that has failed may have left anything, Asterisk's own end included.
      const left = await asterisk.channels().catch(() => [])
      if (left.length > 0) await asterisk.cli('channel request hangup all')
      await Promise.all(sipps.map((sipp) => sipp.stop(300)))
      for (const left of [sipps, phones, onceJoined, logged, bridged]) left.splice(0)
    },
    close: async () => {
      await Promise.all(sipps.map((sipp) => sipp.stop(300)))
      await world.stopApp()
      tool.close()
      await asterisk.stop()
    }
  }
  function started(sipp: SippHandle, its: readonly OnceJoined[]): SippHandle {
    sipps.push(sipp)
    if (its.some(({ hangsUp }) => hangsUp === 'once-joined')) onceJoined.push(sipp)
    return sipp
  }
  function phoneStarted(phone: SippHandle, its: readonly OnceJoined[]): SippHandle {
    phones.push(phone)
    return started(phone, its)
  }
  Object.assign(globalThis, { lastWords: () => lastWords(logged, asterisk, sipps) })
  try {
    if (options.withoutApp !== true) {
      await world.startApp()
      await until('followme to connect', () => world.app().connected)
    }
  } catch (error) {
    await world.close()
    throw error
  }
  return world
}

function collector(take: (line: string) => void): winston.Logger {
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      take(String(chunk).trim())
      done()
    }
  })
  return winston.createLogger({
    level: 'debug',
    format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
    transports: [new winston.transports.Stream({ stream })]
  })
}

function ruleScript(steps: readonly (readonly string[])[], fallback: string): string {
  const targets = steps.flatMap((dials, index) =>
    dials.map((each) => {
      const [dial = '', seconds = '20'] = each.split('@')
      return `INSERT INTO targets (number, rule, step, dial, ring_seconds)
              VALUES ('${number}', 'always', ${String(index + 1)}, '${dial}', ${seconds});`
    })
  )
  return `DELETE FROM virtual_numbers WHERE number = '${number}';
    INSERT OR IGNORE INTO dial_policy (prefix, verdict) VALUES ('+44', 'allow');
    INSERT INTO virtual_numbers (number, label, time_zone, fallback) VALUES ('${number}', 'Test', 'UTC', '${fallback}');
    INSERT INTO rules (number, name, position) VALUES ('${number}', 'always', 10);
    ${targets.join('\n')}`
}
