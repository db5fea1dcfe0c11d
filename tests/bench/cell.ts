// One measurement: a burst through one way, what it took, and whether every call went as it must.
import type { Server } from '../demo/program'
import { until } from '../sandbox/child'
import { percentilesOf } from './figures'
import type { Percentiles } from './figures'
import { machineMs, workedAtRestMs, workedMs } from './processor'
import { isOurs } from './plan'
import { profileOf } from './profiles'
import type { ProfileId } from './profiles'
import { start } from './sipp-pair'
import type { Burst } from './sipp-pair'
import type { WayId } from './ways'
import type { World } from './world'

/** Milliseconds of processor time a second, while nobody calls. */
export interface Idle {
  readonly asterisk: number
  readonly followme: number
}

export interface Cell {
  readonly round: number
  readonly way: WayId
  readonly profile: ProfileId
  readonly rate: number
  readonly calls: number
  /** INVITE to final answer, less what the phones themselves and the profile's ring times take; milliseconds. */
  readonly setUp: Percentiles
  /** From what a phone has left to the INVITE at the next, milliseconds; null where there is no next. */
  readonly hop: Percentiles | null
  /** What the phones took of a call, at the median. */
  readonly phonesMs: number
  /** Processor time a call, in milliseconds, what is used without calls subtracted. */
  readonly cpu: Idle
  /** Of the calls and of the measuring itself, in words; empty: all is as it must be. */
  readonly faults: readonly string[]
  /** INVITEs a second that were really sent. */
  readonly offeredRate: number
  readonly retransmissions: number
  /** Of one processor: what both SIPps took. */
  readonly sippShare: number
  /** Of the whole machine: what programs took that are none of this bench. */
  readonly foreignShare: number
}

const shortOf = (texts: readonly string[]): string =>
  `${texts.slice(0, 3).join('; ')}${texts.length > 3 ? `; and ${String(texts.length - 3)} more` : ''}`

export async function idleOf({ asterisk }: World, server: Server | null, seconds: number): Promise<Idle> {
  const read = () => ({
    asterisk: workedAtRestMs(asterisk.pid()),
    followme: server === null ? 0 : workedAtRestMs(server.pid),
    at: performance.now()
  })
  const before = read()
  await new Promise((resolve) => setTimeout(resolve, 1000 * seconds))
  const after = read()
  const passed = (after.at - before.at) / 1000
  // A thread may have ended meanwhile.
  const perSecond = (worked: number) => Math.max(0, worked / passed)
  return {
    asterisk: perSecond(after.asterisk - before.asterisk),
    followme: perSecond(after.followme - before.followme)
  }
}

export async function measure(
  world: World,
  server: Server | null,
  burst: Burst & { readonly round: number },
  idle: Idle
): Promise<Cell> {
  const { asterisk } = world
  const profile = profileOf(burst.profile)
  const records = recordsIn(world)
  const failsafes = world.failsafes()
  const read = () => ({ ...processes(asterisk.pid(), server), ...machineMs(), ours: workedMs('self') })
  const before = read()
  const began = performance.now()
  const { seen } = await start(asterisk, burst)
  const saw = await seen
  world.requireAsterisk()
  const stuck: string[] = []
  const noteStuck = (error: unknown) => stuck.push(error instanceof Error ? error.message : String(error))
  await world.recorded().catch(noteStuck)
  await quiet(asterisk.pid())
  const after = read()
  const ms = performance.now() - began
  await world.empty().catch(noteStuck)
  const { round, way, rate, calls } = burst
  const own = {
    asterisk: after.asterisk - before.asterisk,
    followme: after.followme - before.followme,
    sipp: after.ours.children - before.ours.children,
    self: after.ours.own - before.ours.own
  }
  const worked = after.worked - before.worked
  const sippShare = own.sipp / Math.max(500, (1000 * calls) / rate)
  const faults = [
    ...stuck,
    ...(saw.failed === 0
      ? []
      : [`${String(saw.failed)} of ${String(calls)} calls failed: ${saw.errors.slice(0, 200)}`]),
    ...(saw.wrong.length === 0 ? [] : [shortOf(saw.wrong)]),
    ...(isOurs(way) ? wrongRecords(records, recordsIn(world), profile.records, calls) : []),
    ...(world.failsafes() === failsafes ? [] : ['the failsafe was needed']),
    ...(sippShare < 0.8 ? [] : [`SIPp took ${sippShare.toFixed(2)} of a processor: it may be what is slow`]),
    ...(calls < 50 || saw.offeredRate >= 0.95 * rate
      ? []
      : [`SIPp placed ${saw.offeredRate.toFixed(1)} calls a second instead of ${String(rate)}`])
  ]
  return {
    ...{ round, way, profile: burst.profile, rate, calls },
    setUp: percentilesOf(saw.setUpMs.map((each) => each - profile.ownMs)),
    hop: profile.targets.length > 1 && saw.hopMs.length >= calls / 2 ? percentilesOf(saw.hopMs) : null,
    phonesMs: percentilesOf(saw.phonesMs).p50,
    cpu: {
      asterisk: (own.asterisk - (idle.asterisk * ms) / 1000) / calls,
      followme: (own.followme - (idle.followme * ms) / 1000) / calls
    },
    faults,
    offeredRate: saw.offeredRate,
    retransmissions: saw.retransmissions,
    sippShare,
    foreignShare: Math.max(0, worked - own.asterisk - own.followme - own.sipp - own.self) / (after.total - before.total)
  }
}

function processes(asterisk: number, server: Server | null): Idle {
  const { own, children } = workedMs(asterisk)
  return { asterisk: own + children, followme: server === null ? 0 : workedMs(server.pid).own }
}

/** Asterisk has done with the last call. Asking it would be work for it. */
async function quiet(pid: number): Promise<void> {
  let last = workedMs(pid).own
  let at = performance.now()
  await until('Asterisk to have done', () => {
    if (performance.now() - at < 60) return false
    const now = workedMs(pid).own
    const isQuiet = now === last
    ;[last, at] = [now, performance.now()]
    return isQuiet
  }).catch(() => undefined)
}

/** How many records of followme's say what. */
function recordsIn({ database }: World): ReadonlyMap<string, number> {
  const rows = database.sqlite
    .prepare<[], { record: string; calls: number }>(
      `SELECT record, count(*) AS calls FROM (SELECT ifnull(outcome, 'open') || ' ' || ifnull(
         (SELECT group_concat(ifnull(outcome, 'open')) FROM (SELECT outcome FROM attempts WHERE call = calls.id ORDER BY step, target, try)),
         'nobody') AS record FROM calls) GROUP BY record`
    )
    .all()
  return new Map(rows.map(({ record, calls }) => [record, calls]))
}

function wrongRecords(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
  expected: readonly string[],
  calls: number
): string[] {
  const more = [...after].map(([record, count]) => ({ record, count: count - (before.get(record) ?? 0) }))
  const isExpected = ({ record }: { readonly record: string }) => expected.includes(record)
  const right = more.filter(isExpected).reduce((sum, { count }) => sum + count, 0)
  const others = more.filter((each) => !isExpected(each) && each.count > 0)
  if (right === calls && others.length === 0) return []
  const told = others.map(({ record, count }) => `${String(count)} × ${record}`)
  return [`${String(right)} of ${String(calls)} records say '${expected.join("' or '")}'${['', ...told].join(', ')}`]
}
