// Makes a running followme use the newest time zone data of the machine, and switch to newer data without a restart.
import { dataOf } from './rules/check/zones'
import { reasonOf } from './errors'
import type { Log } from './ports'
import { useZoneData, wallClockOf, zoneData } from './rules/schedule/time-zones'
import { newerUnread, readZoneData } from './system/zone-data'
import { type ZoneWatch, watchZoneData } from './system/zone-watch'

export interface ZoneUpdateOptions {
  readonly log: Log
  /** The zones of the rules. They are read immediately, so that no call has to wait. */
  readonly zonesInUse: () => readonly string[]
  /** Called when other data are in use: results computed before may be wrong. */
  readonly replaced: () => void
  /** Default: the process's environment, and a check every twenty seconds. */
  readonly watch?: Parameters<typeof watchZoneData>[1]
}

export function followZoneUpdates({ log, zonesInUse, replaced, watch }: ZoneUpdateOptions): ZoneWatch {
  const use = (message: string): void => {
    const read = readZoneData(watch?.env)
    useZoneData(() => read)
    for (const zone of zonesInUse()) {
      try {
        wallClockOf(zone)
      } catch (error) {
        // `check` and the rules that use the zone report this.
        log.debug('a time zone cannot be read', { zone, reason: reasonOf(error) })
      }
    }
    const [used, ...others] = read.sources
    log.info(message, { version: used.version, source: used.name, others: others.map(dataOf) })
    for (const unread of newerUnread(read)) {
      log.warn('newer time zone data cannot be read', {
        data: dataOf(unread),
        reason: unread.reason,
        cure: unread.cure
      })
    }
  }
  use('time zone data')
  return watchZoneData(() => {
    use("the system's time zone data were replaced; decisions use the newest data from now on")
    replaced()
  }, watch)
}

/** What /readyz reports about them. */
export function zoneReadiness(): { readonly version: string | null; readonly source: string; readonly since: string } {
  const { sources, since } = zoneData()
  return { version: sources[0].version, source: sources[0].name, since: new Date(since).toISOString() }
}
