// The world of an end-to-end case: a real Asterisk, SIPp around it, a migrated database, and followme in this process,
// put together by the same composition root as the program. Everything is taken down, and looked over for leaks.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import winston from 'winston'
import { startApp } from '../../src/app'
import type { App } from '../../src/app'
import { readConfig } from '../../src/config'
import type { Clock } from '../../src/core/ports'
import { listCalls, readCall } from '../../src/store/call-history'
import type { StoredCall } from '../../src/store/call-history'
import { openDatabase } from '../../src/store/database'
import { migrate } from '../../src/store/migrate'
import { startAsterisk } from '../sandbox/asterisk'
import type { SandboxAsterisk, SandboxOptions } from '../sandbox/asterisk'
import { until } from '../sandbox/child'
import { uac, uas } from '../sandbox/sipp'
import type { SippHandle, SippResult, UacOptions } from '../sandbox/sipp'
import type { Behaviour, Behaviours } from '../sandbox/scenario-uas'

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

export interface World {
  readonly asterisk: SandboxAsterisk
  readonly database: string
  /** What followme has logged: one line a message. */
  readonly logged: string[]
  /** followme, where it runs. */
  app(): App
  startApp(env?: Readonly<Record<string, string>>): Promise<App>
  stopApp(): Promise<void>
  sql(script: string): void
  /** One rule for {@link number}: each inner array is a step; `dial` or `dial@seconds`. Replaces what was there. */
  rule(steps: readonly (readonly string[])[], fallback?: string): void
  phone(name: string, behaviour: Behaviour): Promise<SippHandle>
  /** The other end of the trunk: behaviour by number. */
  carrier(behaviours: Behaviours): Promise<SippHandle>
  /** Places one call and resolves when SIPp is through with it. */
  call(options?: Partial<UacOptions>): Promise<SippResult>
  /** Places a call without waiting for its end. */
  dial(options?: Partial<UacOptions>): SippHandle
  /** Waits until nothing of any call is left, stops the phones, and gives the records, oldest first. */
  settle(): Promise<StoredCall[]>
  /** The records as they are now, oldest first. */
  records(): Promise<StoredCall[]>
  close(): Promise<void>
}

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const directory = mkdtempSync(join(tmpdir(), 'followme-e2e-'))
  const database = join(directory, 'followme.db')
  migrate({ database, shipped: join(__dirname, '..', '..', 'migrations'), log: () => undefined })
  const asterisk = await startAsterisk({ ...options, ...(options.readable === true && { database }) })
  const tool = openDatabase(database)
  const logged: string[] = []
  const log = collector(logged)
  let app: App | undefined
  let phones: SippHandle[] = []

  const world: World = {
    asterisk,
    database,
    logged,
    app: () => {
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
        ...options.env,
        ...env
      })
      app = await startApp({ config, log, ...(options.clock && { clock: options.clock }) })
      return app
    },
    stopApp: async () => {
      await app?.stop()
      app = undefined
    },
    sql: (script) => void tool.sqlite.exec(script),
    rule: (steps, fallback = 'busy') => tool.sqlite.exec(ruleScript(steps, fallback)),
    phone: (name, behaviour) => {
      const port = asterisk.phones.get(name)
      if (port === undefined) throw new Error(`the sandbox has no phone ${name}`)
      return started(uas(asterisk, port, behaviour))
    },
    carrier: (behaviours) => started(uas(asterisk, asterisk.carrierPort, behaviours)),
    dial: (call) => uac(asterisk, { number, ...call }),
    call: (call) => uac(asterisk, { number, ...call }).finished,
    settle: async () => {
      await until('the last call to end', 15_000, () => (app?.liveCalls ?? 0) === 0)
      await until('the last channel to go', 10_000, async () => (await asterisk.channels()).length === 0)
      await until('the last bridge to go', 5000, async () => (await asterisk.bridges()).length === 0)
      await Promise.all(phones.map((phone) => phone.stop()))
      phones = []
      await app?.flush()
      return world.records()
    },
    records: async () => {
      const calls = await listCalls(tool.db, { limit: 1000 })
      const stored = await Promise.all(calls.map((call) => readCall(tool.db, call.id)))
      return stored.sort((one, other) => one.call.startedAt - other.call.startedAt)
    },
    close: async () => {
      await Promise.all(phones.map((phone) => phone.stop()))
      await app?.stop()
      tool.close()
      await asterisk.stop()
      rmSync(directory, { recursive: true, force: true })
    }
  }
  async function started(phone: Promise<SippHandle>): Promise<SippHandle> {
    const handle = await phone
    phones.push(handle)
    return handle
  }
  try {
    if (options.withoutApp !== true) {
      await world.startApp()
      await until('followme to connect', 15_000, () => world.app().connected)
    }
  } catch (error) {
    await world.close()
    throw error
  }
  return world
}

function collector(lines: string[]): winston.Logger {
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk).trim())
      done()
    }
  })
  return winston.createLogger({
    level: 'debug',
    format: winston.format.json(),
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
    INSERT INTO virtual_numbers (number, label, time_zone, fallback) VALUES ('${number}', 'Test', 'UTC', '${fallback}');
    INSERT INTO rules (number, name, position) VALUES ('${number}', 'always', 10);
    ${targets.join('\n')}`
}
