// One run of a plan: everything is started, calls flow while faults strike, and each side's count is collected.
import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { grouped } from '../../src/rules/rule-tables'
import { listCalls, readCall } from '../../src/store/records/call-history'
import type { RecordedCall } from '../../src/ports'
import { openDatabase } from '../../src/store/database/database'
import type { OpenDatabase } from '../../src/store/database/database'
import { migrate } from '../../src/store/migrations/migrate'
import { startAriProxy } from '../sandbox/ari-proxy'
import { startAsterisk } from '../sandbox/asterisk'
import type { SandboxAsterisk } from '../sandbox/asterisk'
import { sleep, until } from '../sandbox/child'
import type { SipCall } from '../sandbox/sip-log'
import type { Behaviours } from '../sandbox/scenario-uas'
import { uac, uas } from '../sandbox/sipp'
import type { SippHandle } from '../sandbox/sipp'
import { callerOf, callerOfLeg } from './account'
import type { Account, Struck } from './account'
import { startAudit } from './audit'
import { strikes } from './faults'
import type { Stage } from './faults'
import { leftovers, timersAtRest } from './leftovers'
import { offsetMs } from './plan'
import type { Plan, PlannedFault } from './plan'
import { callers, carriers, isWithheld, people, phones, secretsOf, withheldName } from './profiles'
import type { CallerKind, Profile } from './profiles'
import { startService } from './service'
import type { Service } from './service'
import { siteScript } from './site'

export interface Collected {
  readonly accounts: readonly Account[]
  readonly faults: readonly Struck[]
  /** What is wrong with the run as a whole. */
  readonly violations: readonly string[]
  /** followme's log, and Asterisk's. */
  readonly logged: readonly string[]
  readonly asteriskLog: readonly string[]
}

/** Every final answer that a call may get: a SIPp that gets another gives the call up. */
const finalCodes = [200, 403, 404, 408, 480, 484, 486, 487, 488, 500, 503, 603]
/** The longest a call may take after the last has begun: every step, the failsafe's once more, and the talk. */
const longestCallMs = 90_000

/** Runs it; nothing of it is left when this returns, or rejects. */
export async function runPlan(plan: Plan, say: (line: string) => void): Promise<Collected> {
  const asterisk = await startAsterisk({ database: 'followme.db', configure: (etc) => prepare(etc, plan) })
  const database = join(asterisk.runDir, 'followme.db')
  const tool = openDatabase(database)
  const site = siteOf(asterisk.runDir)
  const proxy = await startAriProxy(asterisk.httpPort)
  const service = startService({ asterisk, ariUrl: proxy.url, database, site })
  const started: SippHandle[] = []
  try {
    startAudit(tool)
    await until('followme to be ready, and its failsafe to be written', async () => {
      return (await service.isWell()) && (await service.readiness())?.failsafeAgeSeconds !== null
    })
    const timersBefore = await timersAtRest(service)
    const [first, others] = behaviours()
    const rung = [
      await uas(asterisk, asterisk.carrierPort, first),
      await uas(asterisk, asterisk.phones.get('dave') ?? 0, others)
    ]
    started.push(...rung)
    const beganAt = Date.now()
    say(`calls begin: ${String(plan.calls.length)} in ${(plan.lengthMs / 1000).toFixed(0)} s`)
    const kinds = (Object.keys(callers) as CallerKind[]).filter((kind) =>
      plan.calls.some(({ profile }) => profile.caller === kind)
    )
    const callings = kinds.map(async (kind) => {
      await sleep(offsetMs(kind))
      const calling = startCallers(asterisk, plan, kind)
      started.push(calling)
      return calling.finished
    })
    const faults = await strikeAll(plan, { asterisk, proxy, service, database, site }, beganAt, say)
    const results = await Promise.all(callings)
    say('the last call has ended')
    const violations = [
      ...results.flatMap(({ successful, failed, errors }, index) =>
        countFaults(plan, kinds[index] ?? 'waits', { successful, failed, errors })
      ),
      ...(await leftovers(asterisk, service, tool, timersBefore))
    ]
    await Promise.all(rung.map((sipp) => sipp.stop(1000)))
    const status = await service.stop()
    if (status !== 0) violations.push(`followme ended with status ${String(status)} when it was asked to`)
    const records = await recordsOf(tool)
    const placed = new Map(results.flatMap(({ calls }) => calls).map((call) => [callerOf(call), call]))
    const recorded = grouped(records, ({ call }) => call.number)
    const seen = plan.calls.map((planned) => {
      const { caller, number } = planned
      return { planned, seen: placed.get(caller), records: recorded.get(number) ?? [] }
    })
    const legs = grouped(
      rung.flatMap((sipp) => sipp.calls()),
      (leg) => callerOfLeg(leg, seen)
    )
    violations.push(...strays(plan, records, legs), ...leaks(plan, asterisk, service))
    return {
      accounts: accountsOf(seen, legs, readFileSync(asterisk.logFile, 'utf8')),
      faults,
      violations,
      logged: [...service.logged],
      asteriskLog: readFileSync(asterisk.logFile, 'utf8').split('\n')
    }
  } finally {
    await Promise.all(started.map((sipp) => sipp.stop(300)))
    await service.stop()
    await proxy.close()
    tool.close()
    await asterisk.stop()
  }
}

function siteOf(runDir: string): string {
  return join(runDir, 'site')
}

/** The database as it is installed, before Asterisk looks for it. */
function prepare(etc: string, plan: Plan): void {
  const runDir = dirname(etc)
  const site = siteOf(runDir)
  appendFileSync(join(etc, 'pjsip.conf'), endpointsFor(readFileSync(join(etc, 'pjsip.conf'), 'utf8')))
  mkdirSync(site)
  writeFileSync(join(site, '0001_chaos.sql'), siteScript(plan.calls))
  const shipped = join(__dirname, '../../migrations')
  migrate({ database: join(runDir, 'followme.db'), shipped, site, log: () => undefined })
}

/** Two more trunks and the phones, as additions to pjsip.conf. The second carrier, and all devices, are at dave's address. */
function endpointsFor(pjsipConf: string): string {
  const other = /^contact = sip:dave@(\S+)$/m.exec(pjsipConf)?.[1] ?? ''
  const asterisk = /^bind = (\S+)$/m.exec(pjsipConf)?.[1] ?? ''
  const trunk = (name: string, contact: string): string =>
    `\n[${name}](endpoint-base)\naors = ${name}\nidentify_by = ip\n\n[${name}]\ntype = aor\n${contact}\n`
  const phone = ([dial, devices]: [string, object]): string => {
    const name = dial.slice('PJSIP/'.length)
    const contacts = Object.keys(devices).map((user) => `contact = sip:${user}@${other}`)
    const aor = ['qualify_frequency = 0', 'max_contacts = 0', ...contacts].join('\n')
    return `\n[${name}](phone)\naors = ${name}\nrewrite_contact = no\n\n[${name}](phone-aor)\n${aor}\n`
  }
  return [
    trunk('second', `contact = sip:${other}`),
    trunk('dead', ''),
    trunk('loop', `contact = sip:${asterisk}`),
    ...Object.entries(phones).map(phone)
  ].join('')
}

/** Those of `trunk`, and those of `second` and of the phones. */
function behaviours(): readonly [Behaviours, Behaviours] {
  const plain = Object.fromEntries(Object.values(people).map(({ number, does }) => [number, does]))
  return [{ ...plain, ...carriers.trunk }, Object.assign({}, carriers.second, ...Object.values(phones)) as Behaviours]
}

function startCallers(asterisk: SandboxAsterisk, plan: Plan, kind: CallerKind): SippHandle {
  const calls = plan.calls.filter(({ profile }) => profile.caller === kind)
  return uac(asterisk, {
    ...callers[kind],
    number: '[field0]',
    from: `${kind === 'withheld' ? `"${withheldName}" ` : ''}<sip:[field1]@[local_ip]:[local_port]>`,
    fields: calls.map(({ number, caller }) => `${number};${caller}`),
    count: calls.length,
    ratePerSecond: calls.length / (plan.lengthMs / 1000),
    expect: finalCodes,
    timeoutMs: plan.lengthMs + longestCallMs
  })
}

/** The faults in turn, each at its instant: later only where the one before, which it does not strike during, is not over. */
async function strikeAll(
  plan: Plan,
  stage: Omit<Stage, 'arriving'>,
  beganAt: number,
  say: (line: string) => void
): Promise<Struck[]> {
  const struck: Struck[] = []
  for (const [index, first] of plan.faults.entries()) {
    if (first.during) continue
    const next = plan.faults[index + 1]
    const together = next?.during === true ? [first, next] : [first]
    await sleep(Math.max(0, beganAt + first.atMs - Date.now()))
    const fromAt = Date.now()
    const both = together.map(async (fault) => {
      await sleep(fault.atMs - first.atMs)
      const done = await strikeOne(fault, plan, stage)
      const at = ((done.fromAt - beganAt) / 1000).toFixed(1).padStart(6)
      const into = fault.during ? `${String(done.fromAt - fromAt)} ms into the one before: ` : ''
      say(`${at} s  ${into}${done.what}; well again after ${String(done.wellAt - done.undoneAt)} ms`)
      return done
    })
    struck.push(...(await Promise.all(both)).map((each) => ({ ...each, sinceAt: fromAt })))
  }
  return struck
}

async function strikeOne(
  fault: PlannedFault,
  plan: Plan,
  stage: Omit<Stage, 'arriving'>
): Promise<Omit<Struck, 'sinceAt'>> {
  const arriving = fault.kind === 'overridden' ? comingDuring(plan, fault) : []
  const fromAt = Date.now()
  const what = await strikes[fault.kind]({ ...stage, arriving }, fault)
  const undoneAt = Date.now()
  await until(`followme to be well again after: ${what}`, () => stage.service.isWell())
  return { ...fault, what, fromAt, undoneAt, wellAt: Date.now(), numbers: arriving.map(({ number }) => number) }
}

/** Callers who come to somebody while the override holds, and will hang up whoever it is: setting it takes a moment. */
function comingDuring(plan: Plan, { atMs, lastsMs }: PlannedFault): Plan['calls'] {
  const isIn = (at: number): boolean => at > atMs + 2000 && at < atMs + lastsMs
  const fits = (each: Profile): boolean => each.result.kind === 'person' && each.caller !== 'waits' && !isWithheld(each)
  return plan.calls.filter(({ atMs: at, profile }) => isIn(at) && fits(profile)).slice(0, 2)
}

/** SIPp's own count. */
function countFaults(
  plan: Plan,
  kind: CallerKind,
  { successful, failed, errors }: { successful: number; failed: number; errors: string }
): string[] {
  const count = plan.calls.filter(({ profile }) => profile.caller === kind).length
  if (successful === count && failed === 0) return []
  return [
    `SIPp (${kind}) counts ${String(successful)} calls that went as they may and ${String(failed)} that did not, of ${String(count)}: ${errors.slice(0, 2000)}`
  ]
}

async function recordsOf({ db }: OpenDatabase): Promise<readonly RecordedCall[]> {
  const stored: RecordedCall[] = []
  for (const { id } of await listCalls(db, { limit: 1_000_000 })) stored.push(await readCall(db, id))
  return stored.sort((one, other) => one.call.startedAt - other.call.startedAt)
}

/** Ringing, by the caller it is of. */
type Legs = ReadonlyMap<string, readonly SipCall[]>

/** Records and rung phones of callers who are not in the plan. */
function strays({ calls }: Plan, stored: readonly RecordedCall[], legs: Legs): string[] {
  const callers = new Set(calls.map(({ caller }) => caller))
  const numbers = new Set(calls.map(({ number }) => number))
  return [
    ...stored
      .filter(({ call }) => !numbers.has(call.number))
      .map(({ call }) => `record ${call.id} is of ${call.number}, which nobody has called`),
    ...[...legs]
      .filter(([caller]) => !callers.has(caller))
      .flatMap(([caller, rung]) => rung.map(({ callId }) => `ringing ${callId} is of "${caller}", who has not called`))
  ]
}

/** Where a number that is withheld can be read, beside the records and what the people were shown: in a log, or in a mailbox. */
function leaks({ calls }: Plan, { logFile, spoolDir }: SandboxAsterisk, { logged }: Service): string[] {
  const mailboxes = join(spoolDir, 'voicemail')
  const messages = readdirSync(mailboxes, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.txt'))
  const texts: readonly (readonly [where: string, text: string])[] = [
    ["followme's log", logged.join('\n')],
    ["Asterisk's log", readFileSync(logFile, 'utf8')],
    ...messages.map((file) => [`the voicemail ${file}`, readFileSync(join(mailboxes, file), 'utf8')] as const)
  ]
  return calls
    .filter(({ profile }) => isWithheld(profile))
    .flatMap(({ caller }) =>
      texts
        .filter(([, text]) => secretsOf({ caller }).some((secret) => text.includes(secret)))
        .map(([where]) => `${caller}, who withholds the number, is in ${where}`)
    )
}

function accountsOf(
  calls: readonly Pick<Account, 'planned' | 'seen' | 'records'>[],
  legs: Legs,
  log: string
): Account[] {
  const said = (words: RegExp): ReadonlyMap<string, readonly unknown[]> =>
    grouped([...log.matchAll(words)], ([, number = '']) => number)
  const failsafes = said(/failsafe for a call to (\+\d+)/g)
  const unwritten = said(/the failsafe's call \S+ to (\+\d+) is in no record/g)
  return calls.map(({ planned, ...call }) => ({
    planned,
    ...call,
    legs: legs.get(planned.caller) ?? [],
    failsafes: failsafes.get(planned.number)?.length ?? 0,
    unwritten: unwritten.get(planned.number)?.length ?? 0
  }))
}
