// The checks of the failsafe: whether its plans match the rules, and whether Asterisk reads and writes the same database file.
import { randomBytes, randomInt } from 'node:crypto'
import type { Inspection } from '../ari/inspection'
import type { Config } from '../config/config'
import { DialGate } from '../engine/dial-gate'
import { failsafeSteps, sameSteps } from '../failsafe/plan-rows'
import { decide } from '../rules/decide'
import type { DialPolicy } from '../rules/dial-policy'
import { unlistedCaller } from '../rules/number'
import { type DoctorMarks, isMark, markEntry, storedFault } from '../store/database/doctor-marks'
import { Store } from '../store/store'
import { systemClock } from '../system/clock'
import type { AsteriskUser } from '../system/asterisk-user'
import { type Check, fault, many, ok } from './check'
import { asteriskPermissionCheck, share } from './database'

/** How many numbers to compare with the rules: enough to see whether a followme updates the plans, on a site of any size. */
const maxNumbers = 1000
/** After an edit, followme needs about two seconds to update the plans. */
const patienceMs = 5000

/** Whether the plans stored for Asterisk match the rules. */
export async function currentCheck(store: Store, { trunk, maxCallSeconds }: Config): Promise<Check> {
  const { rules } = store
  const kept = store.failsafe(maxCallSeconds)
  const known = new WeakMap<DialPolicy, ReadonlySet<string>>()
  const usedUp = (policy: DialPolicy): ReadonlySet<string> => {
    const used = known.get(policy) ?? usedUpOf(policy, store, maxCallSeconds)
    known.set(policy, used)
    return used
  }
  const isStale = async (number: string): Promise<boolean> => {
    const book = await rules.rulesFor(number)
    const decision = decide(number, unlistedCaller, Date.now(), book)
    const policy = book.get(number)?.policy
    const steps = await kept.stepsOf(number)
    // What is used up followme itself looks at once a minute: either plan is right.
    return [new Set<string>(), policy === undefined ? undefined : usedUp(policy)].every((used) => {
      const limits = policy === undefined || used === undefined ? undefined : { policy, usedUp: used }
      return !sameSteps(failsafeSteps(decision, trunk, limits), steps)
    })
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
    `the plan stored for Asterisk does not match the rules for ${stale.length} of ${many(all.length, 'number')}, such as ${first}`,
    'check that FOLLOWME_DATABASE and FOLLOWME_TRUNK are the same here and in the running followme; its log says why it cannot write'
  )
}

/** The prefixes whose limit per hour or per day is used up, according to the records. */
function usedUpOf(policy: DialPolicy, store: Store, maxCallSeconds: number): ReadonlySet<string> {
  const quiet = (): void => undefined
  return new DialGate({
    policy: () => policy,
    records: store.dialRecords(maxCallSeconds),
    legCounted: quiet,
    clock: systemClock,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet }
  }).usedUp()
}

const readCheck = 'failsafe read by Asterisk'
const writeCheck = 'failsafe written by Asterisk'
/** A restart, because unloading the module while a call reads or writes would crash Asterisk. */
const anew = "asterisk -rx 'core restart when convenient'"
const tries = 3

/**
 * Whether Asterisk reads the failsafe from this file and writes its records to it: each side writes a test row, which is then
 * removed.
 */
export async function sharedChecks(asterisk: Inspection, store: Store): Promise<Check[]> {
  const { file } = store
  if ((await field(asterisk, 'followme_schema_migrations', 'version', '1', 'name')) === null) {
    return [await unreadable(asterisk, file)]
  }
  // Asterisk reads before anything is written: if its first read starts a transaction that never ends, it does not see later
  // rows.
  if (!(await readsSamples(asterisk, store.marks))) return [anotherFile(file)]
  const mark = randomBytes(8).toString('hex')
  const step = randomInt(1, 2 ** 30)
  let writing: Store | undefined
  try {
    writing = Store.open(file)
    writing.marks.leave(step, mark, Date.now())
  } catch {
    // Another check reports what this user may not write.
    writing?.close()
    return [ok(readCheck, 'it reads the contents of this database')]
  }
  try {
    if (!(await readsMark(asterisk, writing.marks, step, mark))) return [anotherFile(file)]
    return [ok(readCheck, 'it sees what followme writes'), await writtenCheck(asterisk, writing, mark)]
  } finally {
    writing.marks.remove(step)
    writing.close()
  }
}

/** Until its next start Asterisk can write the files it has open, whatever their modes are now. */
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
  const message = 'Asterisk cannot read the database: without followme, callers get the static failsafe'
  // The former name, which app_followme also uses.
  if ((await field(asterisk, 'followme_migrations', 'version', '1', 'name')) !== null) {
    return fault(
      readCheck,
      `${message}: extconfig.conf has the names of an earlier version`,
      `replace followme's lines in extconfig.conf and res_config_sqlite3.conf with those of asterisk-conf/; then ${anew}`
    )
  }
  return fault(
    readCheck,
    message,
    `add followme's lines to extconfig.conf (in its only [settings]) and res_config_sqlite3.conf, with dbfile = ${file}; let Asterisk's user read and write that file and its directory; Asterisk needs SQLite 3.37 or later; then ${anew}`
  )
}

function anotherFile(file: string): Check {
  return fault(
    readCheck,
    `Asterisk does not read the current ${file}; it reads a different file, the file that was replaced, or an old snapshot: without followme, callers get an old plan`,
    `in res_config_sqlite3.conf write dbfile = ${file} and batch = 0 in [followme_db] and [followme_db_calls]; then ${anew}`
  )
}

/** Values that differ between any two databases. followme may write between the two reads. */
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

/** A running followme removes the test row when it next checks the plans: then it is written again. */
async function readsMark(asterisk: Inspection, marks: DoctorMarks, step: number, mark: string): Promise<boolean> {
  for (let count = 1; count <= tries; count++) {
    marks.leave(step, mark, Date.now())
    if ((await field(asterisk, 'followme_failsafe', 'entry', markEntry(step), 'rule')) === mark) return true
  }
  return false
}

/** Makes Asterisk write a row as it does for a call that the failsafe handled. */
async function writtenCheck(asterisk: Inspection, { file, marks }: Store, mark: string): Promise<Check> {
  let id = ''
  try {
    // Another program may be writing at that moment. A row that has arrived is not written again.
    for (let count = 1; count <= tries && !/^[1-9]/.test(id); count++) {
      await asterisk.write('RTSTOREID', '')
      await asterisk.write('REALTIME_STORE(followme_failsafe_calls,a_leg,fault)', `${mark},${storedFault}`)
      id = (await asterisk.read('RTSTOREID')) ?? ''
    }
    const until = Date.now() + 1000
    while (id !== '' && Date.now() < until) {
      if (marks.isStored(mark)) return ok(writeCheck, 'it writes to this database')
      await new Promise((after) => setTimeout(after, 20))
    }
  } finally {
    marks.removeStored()
  }
  const isElsewhere = /^[1-9]/.test(id)
  return fault(
    writeCheck,
    isElsewhere
      ? `Asterisk does not write to ${file} but to another file: calls that the failsafe handles would have no record`
      : 'Asterisk cannot write the database: calls that the failsafe handles would have no record, and once followme has stopped, Asterisk may be unable to read it',
    isElsewhere
      ? `in res_config_sqlite3.conf, section [followme_db_calls], write dbfile = ${file} and batch = 0; then ${anew}`
      : `${share}; then ${anew}`
  )
}
