// The copies of the time zone database on this machine, newest first.
import { type UnreadZones, type ZoneData, type ZoneSource, engineZones } from '../rules/schedule/time-zones'
import { aliasOf, packagedZones } from './packaged-zones'
import { systemZones, zoneDirectory } from './system-zones'

/**
 * Reads them now. If two have the same release, the system's comes first, because an upgrade can replace it while followme
 * runs.
 */
export function readZoneData(env: NodeJS.ProcessEnv = process.env): ZoneData {
  const directory = zoneDirectory(env)
  const system = directory === undefined ? [] : [systemZones(directory, aliasOf)]
  const read = system.filter((each): each is ZoneSource => 'offsetsOf' in each)
  const packaged = packagedZones()
  const engine = { ...engineZones, version: process.versions['tz'] ?? null }
  const [first = packaged, ...others] = [...read, packaged, engine].sort((a, b) =>
    compareVersions(b.version, a.version)
  )
  return {
    sources: [first, ...others],
    unread: system.filter((each): each is UnreadZones => 'reason' in each),
    aliasOf,
    since: Date.now()
  }
}

/** Data that are newer than those in use, or of an unknown release, and cannot be read. */
export function newerUnread({ sources, unread }: ZoneData): readonly UnreadZones[] {
  return unread.filter(({ version }) => version === null || compareVersions(version, sources[0].version) > 0)
}

/** Negative if `a` is older. An unknown release counts as older than any other. */
export function compareVersions(a: string | null, b: string | null): number {
  const [left, right] = [a, b].map(sortable)
  return left === right ? 0 : (left ?? '') < (right ?? '') ? -1 : 1
}

/** A sort key for releases such as `2026f`. `2026za` follows `2026z`: more letters mean newer. */
function sortable(version: string | null): string {
  const [, year, letters = ''] = /^(\d{4})([a-z]*)/.exec(version ?? '') ?? []
  return year === undefined ? '' : `${year}${letters.length}${letters}`
}
