// The composition root: engine and adapters meet here (and for /readyz in readiness.ts). Used by `followme serve` and by the end-to-end
// tests alike.
import type winston from 'winston'
import { SelectedTransport } from './ari/client/select-transport'
import { AriLink } from './ari/link'
import { AriTelephony } from './ari/telephony'
import { callIds } from './call-id'
import type { CallListener } from './call/types'
import type { Config } from './config/config'
import { reasonOf } from './errors'
import type { Clock, Log, TelephonyEvent } from './ports'
import { DialGate } from './engine/dial-gate'
import { FailsafePlanSync } from './engine/jobs/failsafe-plan-sync'
import { RecordPruner } from './engine/jobs/record-pruner'
import { FailsafeCdrImport } from './engine/jobs/failsafe-cdr-import'
import { QueuedJournal } from './engine/queued-journal'
import { RecordQueue } from './engine/record-queue'
import { Switchboard } from './engine/switchboard'
import { TargetMonitor } from './engine/target-monitor'
import { TrunkMonitor } from './engine/trunk-monitor'
import { serveHealth } from './http/health'
import type { HealthServer } from './http/health'
import { createMetrics } from './http/metrics'
import { SqliteRecordStore } from './store/records/record-store'
import { Checkpointer } from './store/database/checkpointer'
import type { OpenDatabase } from './store/database/database'
import { SqliteDialRecords } from './store/records/dial-records'
import { SqliteFailsafeCalls } from './store/records/failsafe-calls'
import { SqliteFailsafeStore } from './store/records/failsafe-store'
import { LiveDatabase } from './store/database/live-database'
import { requireSchema } from './store/migrations/migrate'
import { SqliteOldRecords } from './store/records/old-records'
import { orphanTables } from './store/migrations/orphan-rows'
import { SqliteRuleStore } from './store/rules/rule-store'
import { zonesInUse } from './store/rules/zones-in-use'
import { SiteMigrationMonitor } from './site-migration-monitor'
import { systemClock } from './system/clock'
import { readiness } from './readiness'
import { followZoneUpdates } from './zone-updates'

export interface AppOptions {
  readonly config: Config
  readonly log: winston.Logger
  /** The clock. Default: the system's. */
  readonly clock?: Clock
  /** Called with every transition of a call. Default: none. */
  readonly listener?: CallListener
  /**
   * Whether to connect, which takes the events from another process, but to handle none until {@link App.takeCalls}. Default:
   * false.
   */
  readonly heldBack?: boolean
}

export interface App {
  /** The port of health and readiness; 0 before {@link App.takeCalls}. */
  readonly httpPort: number
  readonly liveCalls: number
  readonly connected: boolean
  /** Starts handling calls, beginning with the events received since it connected. */
  takeCalls(): Promise<void>
  /** Applies a new log level, user and password, and checks the rules and site migrations again. */
  reload(config: Pick<Config, 'ari' | 'logLevel'>): void
  /** Resolves when every record so far is in the database. */
  flush(): Promise<void>
  /**
   * Claims no more calls, lets ringing ones continue for at most `limitMs`, then stops. Bridged calls stay up in Asterisk.
   * Resolves with the number of calls that were still ringing.
   */
  drain(limitMs: number): Promise<number>
  /** Stops immediately. */
  stop(): Promise<void>
}

/** Starts everything. Asterisk may be unreachable. Rejects, with the cure, if the database is missing or not migrated. */
export async function startApp({
  config,
  log,
  clock = systemClock,
  heldBack = false,
  listener
}: AppOptions): Promise<App> {
  const database = new LiveDatabase({
    file: config.database,
    check: (sqlite) => requireSchema(sqlite, config.shippedMigrations),
    clock,
    log
  })
  const site = new SiteMigrationMonitor({
    directories: { shipped: config.shippedMigrations, site: config.siteMigrations },
    database: () => database.reading,
    log
  })
  warnOfOrphans(database.reading, log)
  const records = new SqliteRecordStore(database)
  const calls = new RecordQueue({ store: records, clock, log })
  const rules = new SqliteRuleStore(database.reading, log)
  const dialRecords = new SqliteDialRecords(database.reading, config.maxCallSeconds)
  const gate = new DialGate({
    policy: () => rules.policyNow(),
    records: dialRecords,
    legCounted: () => calls.retryNow(),
    clock,
    log
  })
  const trunks = new TrunkMonitor(clock, log)
  const targets = new TargetMonitor({ limits: () => gate.policyNow()?.targets, records: dialRecords, clock, log })
  const failsafeStore = new SqliteFailsafeStore(database.writing, config.maxCallSeconds)
  const failsafePlans = new FailsafePlanSync({
    rules,
    store: failsafeStore,
    trunk: config.trunk,
    usedUp: () => gate.usedUp(),
    clock,
    log
  })
  const zones = followZoneUpdates({
    log,
    zonesInUse: () => zonesInUse(database.reading.sqlite),
    replaced: () => failsafePlans.refresh()
  })
  const oldRecords = new SqliteOldRecords(database.writing)
  const pruner = new RecordPruner({
    records: oldRecords,
    days: config.retentionDays,
    clock,
    log
  })
  const checkpointer = new Checkpointer(database.writing, log)
  const newCallId = callIds()
  const failsafeCalls = new SqliteFailsafeCalls(database.writing, { ...config, newCallId })
  let connections = 0
  const metrics = createMetrics(() => ({
    connected: link.connected,
    connections,
    liveCalls: switchboard.liveCalls,
    failsafeAgeSeconds: failsafePlans.ageMs === null ? null : failsafePlans.ageMs / 1000,
    failsafeCalls: failsafeImport.total,
    declinedCalls: switchboard.declined,
    records: calls.state
  }))
  const failsafeImport = new FailsafeCdrImport({
    failsafeCalls,
    calls,
    imported: ({ call, attempts }) => {
      gate.addFailsafeAttempts(attempts, call.number)
      targets.addFailsafeAttempts(attempts)
    },
    clock,
    log
  })
  const transport = new SelectedTransport(config.ari, config.ari.transport)
  const link = new AriLink({ transport, app: config.ari.app, clock, log, random: Math.random })
  const telephony = new AriTelephony(link, config.ari.app, config.trunk)
  const switchboard = new Switchboard({
    telephony,
    gate,
    trunks,
    targets,
    rules,
    calls,
    listeners: [metrics.listener, ...(listener === undefined ? [] : [listener])],
    clock,
    log,
    callLog: (callId) => log.child({ callId }),
    newCallId: () => newCallId(clock.now()),
    maxCallSeconds: config.maxCallSeconds,
    server: config.server,
    bareNumbers: config.bareNumbers,
    journal: new QueuedJournal({
      store: records,
      queue: calls,
      clock,
      log,
      unseen: (call) => metrics.callEnded(call)
    })
  })
  const closeDatabase = async (): Promise<void> => {
    await Promise.all([calls.close(), checkpointer.stop()])
    database.close()
  }
  const ready = () => readiness({ link, switchboard, failsafe: failsafePlans, database, calls, site, trunks })
  let health: HealthServer | undefined
  const stop = async (): Promise<void> => {
    link.stop()
    switchboard.stop()
    failsafePlans.stop()
    pruner.stop()
    failsafeImport.stop()
    zones.stop()
    await health?.close()
    await closeDatabase()
  }
  // Null: events are handled as they arrive.
  let waiting: TelephonyEvent[] | null = []
  const takeCalls = async (): Promise<void> => {
    try {
      health = await serveHealth(config.http, ready, metrics)
    } catch (error) {
      await stop()
      throw error
    }
    database.start(({ reading, writing }) => {
      rules.use(reading)
      dialRecords.use(reading)
      failsafeStore.use(writing)
      records.use(database)
      calls.retryNow()
      oldRecords.use(writing)
      checkpointer.use(writing)
      failsafeCalls.use(writing)
    })
    // By now the process before has written its records.
    gate.loadRecords()
    targets.loadRecords()
    // Import the failsafe's calls before its plans are rewritten, because their records use the plans they followed.
    void failsafeImport.start().then(() => failsafePlans.start())
    pruner.start()
    for (const event of waiting ?? []) switchboard.handle(event)
    waiting = null
  }
  const listen = (): void =>
    link.start((event) => {
      if (event.type === 'connected') connections += 1
      telephony.onEvent(event)
      if (waiting === null) switchboard.handle(event)
      else waiting.push(event)
    })
  if (heldBack) listen()
  else {
    await takeCalls()
    listen()
  }
  return {
    get httpPort() {
      return health?.port ?? 0
    },
    takeCalls,
    reload: (next) => {
      log.level = next.logLevel
      if (transport.use({ ...config.ari, user: next.ari.user, password: next.ari.password })) {
        link.reconnect('the user or password was changed')
      }
      site.look()
      failsafePlans.refresh()
    },
    get liveCalls() {
      return switchboard.liveCalls
    },
    get connected() {
      return link.connected
    },
    flush: () => calls.flush(),
    drain: async (limitMs) => {
      const ringing = await switchboard.drain(limitMs)
      await telephony.close()
      await stop()
      return ringing
    },
    stop
  }
}

/** Rows that refer to missing rows have no effect, so callers may get less than the rules seem to say. */
function warnOfOrphans({ sqlite }: OpenDatabase, log: Log): void {
  try {
    const orphans = orphanTables(sqlite)
    if (orphans.length > 0)
      log.error(`rules refer to missing rows: run 'followme check', which names each row and the cure`, { orphans })
  } catch (error) {
    log.warn('cannot check the rules', { reason: reasonOf(error) })
  }
}
