// What `followme doctor` says of the failsafe: whether it is what the rules say now, and whether Asterisk reads and writes this
// very file.
import { randomBytes, randomInt } from 'node:crypto'
import type { Inspection } from '../ari/inspection'
import type { Config } from '../config/config'
import { failsafeSteps, sameSteps } from '../failsafe/plan-rows'
import { decide } from '../rules/decide'
import { unlistedCaller } from '../rules/number'
import { type DoctorMarks, isMark, markEntry, storedFault } from '../store/database/doctor-marks'
import { Store } from '../store/store'
import type { AsteriskUser } from '../system/asterisk-user'
import { type Check, fault, many, ok } from './check'
import { asteriskPermissionCheck, share } from './database'

/** So many are held against the rules: enough to see whether somebody keeps it, at any size. */
const maxNumbers = 1000
/** followme needs about two seconds after an edit. */
const patienceMs = 5000

/** Whether what is kept for Asterisk is what the rules say now. */
export async function currentCheck(store: Store, { trunk, maxCallSeconds }: Config): Promise<Check> {
  const { rules } = store
  const kept = store.failsafe(maxCallSeconds)
  const isStale = async (number: string): Promise<boolean> => {
    const decision = decide(number, unlistedCaller, Date.now(), await rules.rulesFor(number))
    return !sameSteps(failsafeSteps(decision, trunk), await kept.stepsOf(number))
  }
  const all = (await kept.numbersAfter('', maxNumbers)).filter((number) => !isMark(number))
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
  if (first === undefined) return ok('failsafe', `the current plan is stored for ${many(all.length, 'number')}`)
  return fault(
    'failsafe',
    `what is kept for Asterisk is not what the rules say now, for ${stale.length} of ${many(all.length, 'number')}, such as ${first}`,
    'FOLLOWME_DATABASE and FOLLOWME_TRUNK must be the same here and in the followme that runs; its log says what keeps it from writing'
  )
}

const readCheck = 'failsafe read by Asterisk'
const writeCheck = 'failsafe written by Asterisk'
/** Not by unloading the module: a call that reads or writes just then would end Asterisk with it. */
const anew = "asterisk -rx 'core restart when convenient'"
const tries = 3

/** Whether Asterisk reads the failsafe from this file and writes its records into it: a row is left on either side, and removed. */
export async function sharedChecks(asterisk: Inspection, store: Store): Promise<Check[]> {
  const { file } = store
  if ((await field(asterisk, 'followme_schema_migrations', 'version', '1', 'name')) === null) {
    return [await unreadable(asterisk, file)]
  }
  // Read by Asterisk before anything is written: one whose reading begins a transaction that never ends sees nothing afterwards.
  if (!(await readsSamples(asterisk, store.marks))) return [anotherFile(file)]
  const mark = randomBytes(8).toString('hex')
  const step = randomInt(1, 2 ** 30)
  let writing: Store | undefined
  try {
    writing = Store.open(file)
    writing.marks.leave(step, mark, Date.now())
  } catch {
    // What this user may not write is another check's to tell.
    writing?.close()
    return [ok(readCheck, 'what it reads is what the database holds')]
  }
  try {
    if (!(await readsMark(asterisk, writing.marks, step, mark))) return [anotherFile(file)]
    return [ok(readCheck, 'it sees what followme writes'), await writtenCheck(asterisk, writing, mark)]
  } finally {
    writing.marks.remove(step)
    writing.close()
  }
}

/** Until its next start Asterisk writes what it has open, whatever the modes are now. Nothing where it was seen not to write. */
export function nextStartChecks(seen: readonly Check[], database: string, user: AsteriskUser | undefined): Check[] {
  if (seen.some(({ check, level }) => check === writeCheck && level === 'fault')) return []
  return asteriskPermissionCheck(database, user)
}

async function field(
  asterisk: Inspection,
  family: string,
  column: string,
  key: string,
  name: string
): Promise<string | null> {
  return asterisk.read(`REALTIME_FIELD(${family},${column},${key},${name})`)
}

async function unreadable(asterisk: Inspection, file: string): Promise<Check> {
  const message = 'it cannot read the database: without followme, callers get the static failsafe'
  // The name before it was found to be one of app_followme's.
  if ((await field(asterisk, 'followme_migrations', 'version', '1', 'name')) !== null) {
    return fault(
      readCheck,
      `${message}: extconfig.conf has the names of an earlier version`,
      `replace the lines of followme in extconfig.conf and res_config_sqlite3.conf by those of asterisk-conf/; then ${anew}`
    )
  }
  return fault(
    readCheck,
    message,
    `the lines of extconfig.conf (under its one [settings]) and res_config_sqlite3.conf must be there, with dbfile = ${file}, and Asterisk's user must be allowed to read and write it and its directory, with SQLite 3.37 or newer; then ${anew}`
  )
}

function anotherFile(file: string): Check {
  return fault(
    readCheck,
    `it reads another file than ${file}, one that was replaced, or an old state of it: without followme, callers get an old plan`,
    `in res_config_sqlite3.conf write dbfile = ${file} and batch = 0 in [followme_db] and [followme_db_calls]; then ${anew}`
  )
}

/** What differs between two databases, were they ever so alike. followme may write between one reading and the other. */
async function readsSamples(asterisk: Inspection, marks: DoctorMarks): Promise<boolean> {
  for (let count = 1; count <= tries; count++) {
    const applied = marks.lastApplied()
    let isSame = (await field(asterisk, 'followme_schema_migrations', 'applied_at', applied, 'applied_at')) === applied
    for (const { entry, at } of marks.latestPlans()) {
      isSame &&= (await field(asterisk, 'followme_failsafe', 'entry', entry, 'computed_at')) === at
    }
    if (isSame) return true
  }
  return false
}

/** A running followme removes the mark when it next looks: then it is left again. */
async function readsMark(asterisk: Inspection, marks: DoctorMarks, step: number, mark: string): Promise<boolean> {
  for (let count = 1; count <= tries; count++) {
    marks.leave(step, mark, Date.now())
    if ((await field(asterisk, 'followme_failsafe', 'entry', markEntry(step), 'rule')) === mark) return true
  }
  return false
}

/** Has Asterisk write as it does for a call that it has carried. */
async function writtenCheck(asterisk: Inspection, { file, marks }: Store, mark: string): Promise<Check> {
  let id = ''
  try {
    // Another program may be writing at that moment; what has been written is not written again.
    for (let count = 1; count <= tries && !/^[1-9]/.test(id); count++) {
      await asterisk.write('RTSTOREID', '')
      await asterisk.write('REALTIME_STORE(followme_failsafe_calls,a_leg,fault)', `${mark},${storedFault}`)
      id = (await asterisk.read('RTSTOREID')) ?? ''
    }
    const until = Date.now() + 1000
    while (id !== '' && Date.now() < until) {
      if (marks.isStored(mark)) return ok(writeCheck, 'what it writes arrives here')
      await new Promise((after) => setTimeout(after, 20))
    }
  } finally {
    marks.removeStored()
  }
  const isElsewhere = /^[1-9]/.test(id)
  return fault(
    writeCheck,
    isElsewhere
      ? `it writes into another file than ${file}: calls that the failsafe carries would be in no record`
      : 'it cannot write the database: calls that the failsafe carries would be in no record, and after an end of followme it may not read it',
    isElsewhere
      ? `in res_config_sqlite3.conf, section [followme_db_calls], write dbfile = ${file} and batch = 0; then ${anew}`
      : `${share}; then ${anew}`
  )
}
