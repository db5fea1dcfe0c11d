// A migrated database in a directory of its own, gone after the test; and what tests put into it.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { AttemptRecord, CallRecord, ReplacementRecord } from '../../src/call/record'
import type { Log } from '../../src/ports'
import { RecordQueue, type RecordQueueOptions } from '../../src/engine/record-queue'
import { SqliteRecordStore } from '../../src/store/records/record-store'
import { systemClock } from '../../src/system/clock'
import { openDatabase, type OpenDatabase, type OpenOptions } from '../../src/store/database/database'
import { migrate } from '../../src/store/migrations/migrate'
import { Store } from '../../src/store/store'
import { fakeLog } from '../fake-log'

export const shipped = resolve(__dirname, '../../migrations')

/** followme's own migrations by name, in order. */
export const ownMigrations = readdirSync(shipped)
  .map((file) => file.replace('.sql', ''))
  .sort()

const cleanups: (() => void)[] = []

afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup()
})

/** A directory for this test alone. */
export function givenDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'followme-test-'))
  cleanups.push(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** A directory of files by name. */
export function givenFiles(files: Readonly<Record<string, string>>): string {
  const directory = givenDirectory()
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text)
  return directory
}

/** followme's own migrations with one more, as a later version has them; and its name. */
export function givenNewer(what: string, sql: string): { readonly directory: string; readonly name: string } {
  const own = ownMigrations.map((each) => [`${each}.sql`, readFileSync(join(shipped, `${each}.sql`), 'utf8')] as const)
  const name = `${String(own.length + 1).padStart(4, '0')}_${what}`
  return { directory: givenFiles({ ...Object.fromEntries(own), [`${name}.sql`]: sql }), name }
}

let migrated: Buffer | undefined

/** The path of a migrated database: a copy, since migrating anew for every test takes its time. */
export function givenDatabaseFile(): string {
  const database = join(givenDirectory(), 'followme.db')
  if (migrated === undefined) {
    migrate({ database, shipped, log: () => undefined })
    migrated = readFileSync(database)
  } else {
    writeFileSync(database, migrated)
  }
  return database
}

/** A connection, closed after the test. */
export function opened(file: string, options?: OpenOptions): OpenDatabase {
  const database = openDatabase(file, options)
  cleanups.push(database.close)
  return database
}

/** A store as the commands use it, closed after the test. */
export function givenStore(file: string): Store {
  const store = Store.open(file)
  cleanups.push(() => store.close())
  return store
}

/** A connection to a migrated database. */
export function givenDatabase(): OpenDatabase {
  return opened(givenDatabaseFile())
}

export const noon = Date.UTC(2026, 10, 22, 12)

/** A call to +14155550100 that is ringing. */
export function aCall(id: string, changes: Partial<CallRecord> = {}): CallRecord {
  return {
    id,
    number: '+14155550100',
    callerNumber: '+14155550199',
    callerName: 'Ann',
    aLeg: `leg-${id}`,
    startedAt: noon,
    answeredAt: null,
    endedAt: null,
    outcome: null,
    endedBy: null,
    cause: null,
    decision: 'rule',
    rule: 'day',
    plan: {
      steps: [
        { targets: [{ dial: 'PJSIP/alice', ringSeconds: 20 }] },
        { targets: [{ dial: 'PJSIP/carol', ringSeconds: 15 }] }
      ],
      fallback: 'busy'
    },
    fallback: null,
    answeredBy: null,
    ringMs: null,
    talkMs: null,
    recovered: false,
    failsafeAt: null,
    server: 'sales-1',
    reason: null,
    cameFrom: null,
    ...changes
  }
}

/** An attempt of a call that is ringing PJSIP/alice. */
export function anAttempt(call: string, changes: Partial<AttemptRecord> = {}): AttemptRecord {
  return {
    call,
    step: 1,
    target: 1,
    tryNumber: 1,
    leg: `${call}.1.1`,
    dial: 'PJSIP/alice',
    contact: null,
    startedAt: noon + 12,
    dialledAt: null,
    ringingAt: null,
    answeredAt: null,
    endedAt: null,
    outcome: null,
    cause: null,
    sipCode: null,
    reason: null,
    trunk: null,
    ...changes
  }
}

/** PJSIP/dave takes the caller's place. */
export function aReplacement(changes: Partial<ReplacementRecord> = {}): ReplacementRecord {
  return { place: null, at: noon + 12_000, leg: '1795867212.7', who: 'PJSIP/dave', ...changes }
}

/** Records on their way into a database, as in app.ts. */
export function givenRecords(
  database: OpenDatabase,
  options: Omit<RecordQueueOptions, 'store' | 'clock' | 'log'> & { readonly log?: Log } = {}
): RecordQueue {
  const store = new SqliteRecordStore({ reading: database, writing: database })
  return new RecordQueue({ log: fakeLog(), ...options, store, clock: systemClock })
}
