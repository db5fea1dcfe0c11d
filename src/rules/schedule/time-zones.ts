// The clock of each time zone: the one place where everything else gets offsets from. PURE: the zone data are given by the
// program's start (see system/zone-data.ts); without, they are those of the JavaScript engine. May use luxon.
import { IANAZone } from 'luxon'
import { AppError } from '../../errors'
import { WallClock, minuteMs } from './wall-clock'
import { zoneMeant } from './zone-names'

/** A zone's offset from UTC at an instant, both in milliseconds. */
export type OffsetAt = (instant: number) => number

/** One copy of the time zone database on this machine. */
export interface ZoneSource {
  /** Whose it is, for people: `Node.js`, `the system (/usr/share/zoneinfo)`. */
  readonly name: string
  /** The release of the database, such as `2026f`; null where nothing says so. */
  readonly version: string | null
  /** Undefined where these data have no such zone. Names match in any case. */
  offsetsOf(timeZone: string): OffsetAt | undefined
}

/** Zone data that are there but cannot be read. */
export interface UnreadZones extends Pick<ZoneSource, 'name' | 'version'> {
  readonly reason: string
  readonly cure: string
}

/** All copies of the time zone database on this machine. */
export interface ZoneData {
  /** Newest first. The first decides; where it has no such zone, the next is asked. */
  readonly sources: readonly [ZoneSource, ...ZoneSource[]]
  readonly unread: readonly UnreadZones[]
  /** The zone that another name is read as: `America/Los_Angeles` for `US/Pacific`; undefined where there is no such name. */
  aliasOf(timeZone: string): string | undefined
  /** Since when they are used, in milliseconds since the epoch. */
  readonly since: number
}

/** What the JavaScript engine itself has. */
export const engineZones: Omit<ZoneSource, 'version'> = {
  name: 'Node.js',
  offsetsOf: (timeZone) => {
    if (!IANAZone.isValidZone(timeZone)) return undefined
    const zone = IANAZone.create(timeZone)
    return (instant) => Math.round(zone.offset(instant) * minuteMs)
  }
}

let read: () => ZoneData = () => ({
  sources: [{ ...engineZones, version: null }],
  unread: [],
  aliasOf: () => undefined,
  since: 0
})
let data: ZoneData | undefined
// There are some 600 zones; reading one's offsets is the slow part, and every schedule of a zone shares it.
const clocks = new Map<string, WallClock>()

/** From now on zones are those that `reader` gives; it is called when a zone is first asked about. */
export function useZoneData(reader: () => ZoneData): void {
  read = reader
  data = undefined
  clocks.clear()
}

/** The zone data in use. The same object until others are used. */
export function zoneData(): ZoneData {
  return (data ??= read())
}

/** The clock of an IANA zone. Throws `invalid` where there is no such zone. */
export function wallClockOf(timeZone: string): WallClock {
  const known = clocks.get(timeZone)
  if (known !== undefined) return known
  for (const source of zoneData().sources) {
    const clock = clockIn(source, timeZone)
    if (clock === undefined) continue
    clocks.set(timeZone, clock)
    return clock
  }
  const example = zoneMeant(timeZone) ?? 'Europe/London'
  throw new AppError('invalid', `time zone "${timeZone}" is unknown: write an IANA zone such as ${example}`)
}

/** The clock of a zone by one copy of the data. */
export function clockIn(source: ZoneSource, timeZone: string): WallClock | undefined {
  const offsetAt = source.offsetsOf(timeZone)
  return offsetAt && new WallClock(offsetAt)
}
