// Faults of time zones: names that are not what people think, and zone data that disagree. PURE.
import { type Fault, type Finding, warning, faultsOf } from '../finding'
import { zoneFault } from '../rule-faults'
import type { RuleIndex } from '../rule-tables'
import { type ZoneSource, clockIn, zoneData } from '../schedule/time-zones'
import { type WallClock, dayMs } from '../schedule/wall-clock'
import { fixedZone, isAbbreviation, utcOffset, zoneMeant } from '../schedule/zone-names'

/** What is wrong with the zone that a row names. */
export function zoneFinding(timeZone: string): Finding | undefined {
  return zoneFault(timeZone) ?? abbreviation(timeZone) ?? unchanging(timeZone)
}

function abbreviation(timeZone: string): Finding | undefined {
  if (!isAbbreviation(timeZone)) return undefined
  const readAs = zoneData().aliasOf(timeZone) ?? 'UTC'
  const zones = [...new Set([readAs, zoneMeant(timeZone) ?? readAs])].join(' or ')
  return warning(
    `time zone "${timeZone}" is an abbreviation that means other zones elsewhere; it is read as ${readAs}`,
    `write the zone of a place: ${zones}`
  )
}

function unchanging(timeZone: string): Finding | undefined {
  const zone = fixedZone(timeZone)
  if (zone === undefined) return undefined
  const { hours, reversed, instead } = zone
  const sign = reversed ? '; the sign in its name is reversed' : ''
  return warning(
    `time zone "${timeZone}" is ${utcOffset(hours * 3_600_000)} all year, without summer time${sign}`,
    `write ${instead}`
  )
}

/** Where the copies of the zone data on this machine disagree about zones in use, within a year from `now`. */
export function zoneFaults({ set }: RuleIndex, now: number): Fault[] {
  const zones = new Set([...set.schedules, ...set.numbers].map(({ timeZone }) => timeZone))
  return disagreements([...zones].sort(), now).flatMap(({ timeZone, message, cure }) =>
    faultsOf('time zones', timeZone, [warning(message, cure)])
  )
}

export interface Disagreement {
  readonly timeZone: string
  readonly message: string
  readonly cure: string
}

const aheadMs = 366 * dayMs

/** Where another copy of the zone data has another clock than the one in use, at some instant within a year from `now`. */
export function disagreements(timeZones: readonly string[], now: number): Disagreement[] {
  const [used, ...others] = zoneData().sources
  return timeZones.flatMap((timeZone) => {
    const clock = clockIn(used, timeZone)
    if (clock === undefined) return []
    const found = others.flatMap((source) => differenceFrom(source, timeZone, clock, now))
    if (found.length === 0) return []
    return [
      {
        timeZone,
        message: `${found.join('; ')}; followme goes by ${dataOf(used)}`,
        cure: 'update tzdata, Node.js or followme, whichever is older, so that all programs of this machine agree'
      }
    ]
  })
}

function differenceFrom(source: ZoneSource, timeZone: string, clock: WallClock, now: number): string[] {
  const other = clockIn(source, timeZone)
  if (other === undefined) return []
  const at = firstDifference(clock, other, now)
  if (at === undefined) return []
  const offset = (of: WallClock) => utcOffset(of.wallAt(at) - at)
  const since = new Date(at).toISOString().slice(0, 16).replace('T', ' ')
  return [`${at <= now ? 'since' : 'from'} ${since} UTC ${dataOf(source)} has ${offset(other)}, not ${offset(clock)}`]
}

/** The first instant of a difference that lasts at `now` or begins within a year; one that lasts begins a year ago at most. */
function firstDifference(clock: WallClock, other: WallClock, now: number): number | undefined {
  const [from, to] = [now - aheadMs, now + aheadMs]
  const changes = [clock, other].flatMap((each) => each.changesBetween(from + 1, to).map(({ at }) => at))
  const differ = (at: number): boolean => clock.wallAt(at) !== other.wallAt(at)
  let since: number | undefined
  for (const at of [from, ...changes.filter((at) => at <= now).sort((a, b) => a - b)]) {
    since = differ(at) ? (since ?? at) : undefined
  }
  return since ?? changes.filter((at) => at > now && differ(at)).sort((a, b) => a - b)[0]
}

/** `2026f of Node.js`, for people. */
export function dataOf({ name, version }: Pick<ZoneSource, 'name' | 'version'>): string {
  return `${version ?? 'data of an unknown release'} of ${name}`
}
