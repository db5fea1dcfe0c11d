// What `followme doctor` says of the failsafe: whether it is what the rules say now, and whether Asterisk reads this very file.
import { resolve } from 'node:path'
import type { ReadFunction } from '../ari/inspection'
import type { Config } from '../config'
import { failsafeSteps, sameSteps } from '../core/failsafe'
import { decide } from '../core/hunt-plan'
import { someCaller } from '../core/number'
import type { OpenDatabase } from '../store/database'
import type { SqliteDatabase } from '../store/driver'
import { SqliteFailsafeStore } from '../store/failsafe-store'
import { SqliteRuleStore } from '../store/rule-store'
import { type Check, fault, many, ok } from './doctor-check'

/** So many are held against the rules: enough to see whether somebody keeps it, at any size. */
const mostNumbers = 1000
/** followme needs about two seconds after an edit. */
const patienceMs = 5000

/** Whether what is kept for Asterisk is what the rules say now. */
export async function currentCheck(database: OpenDatabase, { trunk }: Config): Promise<Check> {
  const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore }
  const rules = new SqliteRuleStore(database, silent)
  const kept = new SqliteFailsafeStore(database)
  const isStale = async (number: string): Promise<boolean> => {
    const decision = decide(number, someCaller, Date.now(), await rules.rulesFor(number))
    return !sameSteps(failsafeSteps(decision, trunk), kept.stepsOf(number))
  }
  const all = kept.numbersAfter('', mostNumbers)
  const until = Date.now() + patienceMs
  let stale: readonly string[] = all
  for (;;) {
    const next: string[] = []
    for (const number of stale) if (await isStale(number)) next.push(number)
    stale = next
    if (stale.length === 0 || Date.now() >= until) break
    await new Promise((after) => setTimeout(after, 500))
  }
  const [first] = stale
  if (first === undefined) return ok('failsafe', `what the rules say now is kept for ${many(all.length, 'number')}`)
  return fault(
    'failsafe',
    `what is kept for Asterisk is not what the rules say now, for ${stale.length} of ${many(all.length, 'number')}, such as ${first}`,
    'start followme, which keeps it (systemctl start followme); where it runs, FOLLOWME_DATABASE and FOLLOWME_TRUNK must be the same here and there'
  )
}

/** Whether Asterisk reads the failsafe, and reads it from this file. */
export async function failsafeCheck(read: ReadFunction, sqlite: SqliteDatabase): Promise<Check> {
  const check = 'failsafe read by Asterisk'
  if ((await read('REALTIME_FIELD(followme_schema_migrations,version,1,name)')) === null) {
    return fault(
      check,
      'it cannot read the database: without followme, callers get the static failsafe',
      `the lines of extconfig.conf and res_config_sqlite3.conf must be there, with dbfile = ${resolve(sqlite.name)}, and Asterisk's user must be allowed to read and write it and its directory, with SQLite 3.37 or newer; then ${anew}`
    )
  }
  for (const sample of samples(sqlite)) {
    if (!(await isTheSame(read, sample))) {
      return fault(
        check,
        `it reads another file than ${resolve(sqlite.name)}, or one that was replaced: without followme, callers get an old plan`,
        `dbfile in res_config_sqlite3.conf must be ${resolve(sqlite.name)}; then ${anew}`
      )
    }
  }
  return ok(check, 'what it reads is what the database holds')
}

/** followme may write between one reading and the other. */
async function isTheSame(read: ReadFunction, { family, column, key, field, value }: Sample): Promise<boolean> {
  for (let tries = 1; ; tries++) {
    if ((await read(`REALTIME_FIELD(${family},${column},${key()},${field})`)) === value()) return true
    if (tries === 3) return false
  }
}

/** Not by unloading the module: a call that reads or writes just then would end Asterisk with it. */
const anew = "asterisk -rx 'core restart when convenient'"

interface Sample {
  readonly family: string
  readonly column: string
  readonly key: () => string
  readonly field: string
  /** Read when it is compared: followme may be writing. */
  readonly value: () => unknown
}

/** What differs between two databases, were they ever so alike: the instants of the last migration and the latest plans. */
function samples(sqlite: SqliteDatabase): Sample[] {
  const last = sqlite.prepare('SELECT max(applied_at) FROM schema_migrations').pluck()
  const computed = sqlite.prepare('SELECT computed_at FROM failsafe WHERE entry = ?').pluck()
  const latest = sqlite
    .prepare<[], string>('SELECT entry FROM failsafe WHERE step = 1 ORDER BY computed_at DESC LIMIT 3')
    .pluck()
    .all()
  return [
    {
      family: 'followme_schema_migrations',
      column: 'applied_at',
      key: () => String(last.get()),
      field: 'applied_at',
      value: () => last.get()
    },
    ...latest.map((entry) => ({
      family: 'followme_failsafe',
      column: 'entry',
      key: () => entry,
      field: 'computed_at',
      value: () => computed.get(entry)
    }))
  ]
}

function ignore(): void {
  // Faults of the rules are told by the check of the rules.
}
