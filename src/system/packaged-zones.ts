// The time zone data that come with followme: those of moment-timezone, which follows each release of the database. So no
// installation uses data older than its followme.
import moment from 'moment-timezone'
import { links } from 'moment-timezone/data/packed/latest.json'
import type { ZoneSource } from '../rules/schedule/time-zones'

const minuteMs = 60_000

export function packagedZones(): ZoneSource {
  return {
    name: 'moment-timezone',
    version: moment.tz.dataVersion,
    offsetsOf: (timeZone) => {
      const zone = moment.tz.zone(timeZone) ?? moment.tz.zone(aliasOf(timeZone) ?? '')
      // The sign is that of JavaScript's getTimezoneOffset: minutes to add to get UTC.
      return zone === null ? undefined : (instant) => -Math.round(zone.utcOffset(instant) * minuteMs)
    }
  }
}

/**
 * The zone that an alias means: `America/Los_Angeles` for `US/Pacific`, and for `PST`, which only the JavaScript engine knows.
 * Undefined for an unknown name.
 */
export function aliasOf(timeZone: string): string | undefined {
  const inEngine = engineNameOf(timeZone)
  // The engine may use a place's former name.
  return linkedTo(timeZone) ?? linkedTo(inEngine) ?? inEngine
}

function linkedTo(timeZone = ''): string | undefined {
  const wanted = timeZone.toLowerCase()
  return links.map((link) => link.split('|')).find(([, alias]) => alias?.toLowerCase() === wanted)?.[0]
}

function engineNameOf(timeZone: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone
  } catch {
    return undefined
  }
}
