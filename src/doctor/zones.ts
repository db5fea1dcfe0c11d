// The checks of time zone data: which are in use, how old they are, and where other data on the machine disagree.
import { dataOf, disagreements } from '../rules/check/zones'
import { isError } from '../errors'
import { wallClockOf, zoneData } from '../rules/schedule/time-zones'
import type { Store } from '../store/store'
import { newerUnread } from '../system/zone-data'
import { type Check, fault, many, ok, warning } from './check'

const name = 'time zones'
/** There are several releases a year. A machine without any from the last eighteen months is not kept up to date. */
const oldAfterYears = 1.5

export function zoneChecks(store: Store | undefined, now = Date.now()): Check[] {
  const { sources, since } = zoneData()
  const [used, ...others] = sources
  const zones = store?.zonesInUse() ?? []
  const known = zones.filter(isKnown)
  const unknown = zones.filter((zone) => !isKnown(zone))
  const checks: Check[] = []
  if (unknown.length > 0)
    checks.push(fault(name, `unknown here: ${unknown.join(', ')}`, 'update tzdata, or correct time_zone'))
  checks.push(
    ok(
      name,
      `decisions use ${dataOf(used)}, read ${new Date(since).toISOString()} (also here: ${others.map(dataOf).join(', ')}); ${many(known.length, 'zone')} in use`
    )
  )
  if (isOld(used.version, now)) {
    checks.push(
      warning(
        name,
        `the newest data on this machine are ${dataOf(used)}: some countries have changed their clocks since`,
        'update tzdata (apt install --only-upgrade tzdata), or Node.js'
      )
    )
  }
  for (const unread of newerUnread(zoneData())) {
    checks.push(warning(name, `${dataOf(unread)} cannot be used: ${unread.reason}`, unread.cure))
  }
  for (const { timeZone, message, cure } of disagreements(known, now)) {
    checks.push(warning(name, `${timeZone}: ${message}`, cure))
  }
  return checks
}

function isKnown(timeZone: string): boolean {
  try {
    wallClockOf(timeZone)
    return true
  } catch (error) {
    if (!isError(error)) throw error
    return false
  }
}

/** A release is dated at the end of its year; an unknown release counts as old. */
function isOld(version: string | null, now: number): boolean {
  const year = Number(version?.slice(0, 4) ?? NaN)
  const today = new Date(now)
  return !(today.getUTCFullYear() + today.getUTCMonth() / 12 < year + 1 + oldAfterYears)
}
