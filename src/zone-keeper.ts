// Has a running followme decide by the newest time zone data of the machine, and go on with newer ones without a restart.
import { dataOf } from './rules/check/zones'
import { reasonOf } from './errors'
import type { Log } from './ports'
import { useZoneData, wallClockOf, zoneData } from './rules/schedule/time-zones'
import { newerUnread, readZoneData } from './system/zone-data'
import { type ZoneWatch, watchZoneData } from './system/zone-watch'

export interface ZoneKeeperOptions {
  readonly log: Log
  /** The zones of the rules: they are read at once, so that no call has to wait for it. */
  readonly zonesInUse: () => readonly string[]
  /** Others are in use from now on: what was worked out before may be wrong. */
  readonly replaced: () => void
  /** Default: the process's environment, and a look every twenty seconds. */
  readonly watch?: Parameters<typeof watchZoneData>[1]
}

export function keepZoneData({ log, zonesInUse, replaced, watch }: ZoneKeeperOptions): ZoneWatch {
  const use = (message: string): void => {
    const read = readZoneData(watch?.env)
    useZoneData(() => read)
    for (const zone of zonesInUse()) {
      try {
        wallClockOf(zone)
      } catch (error) {
        // The rules that name it say so themselves.
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
    use('the time zone data of the system were replaced; decisions go by the newest from now on')
    replaced()
  }, watch)
}

/** What /readyz says of them. */
export function zoneReadiness(): { readonly version: string | null; readonly source: string; readonly since: string } {
  const { sources, since } = zoneData()
  return { version: sources[0].version, source: sources[0].name, since: new Date(since).toISOString() }
}
