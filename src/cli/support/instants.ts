// Instants on the command line: all commands share one grammar (rules/schedule/instant.ts) and one error message.
import { AppError } from '../../errors'
import { type WrittenInstant, formatInstant, parseInstant, zoneOrUtc } from '../../rules/schedule/instant'

/** How an instant may be written, for the help of an option. */
export const instantForms = "2026-11-23T09:00Z, '2026-11-23 09:00', 9:30, yesterday, -2h or +2h"

/** The same for options about the past. */
export const sinceForms = "2h, 7d, today, yesterday, '2026-11-22 08:00' or 2026-11-22T08:00Z"

/**
 * Reads the value of an option in a time zone. Warns on standard error if the clocks skip or repeat that time. Throws `usage`
 * if it is not an instant.
 */
export function readInstant(option: string, text: string, timeZone: string, now: number): WrittenInstant {
  const written = parseInstant(text, timeZone, now)
  if (written === undefined) {
    throw new AppError(
      'usage',
      `invalid ${option} "${text}": write an instant (2026-11-23T09:00Z), a date or a time of day or both in the time zone ` +
        `${timeZone} ('2026-11-23 09:00', 9:30, yesterday), or how long ago or from now (-2h, +3d)`
    )
  }
  if (written.remark !== undefined) console.error(`${option} "${text}": ${written.remark}`)
  return written
}

/** The time zone in which a command about many calls reads instants. */
export interface SiteClock {
  readonly timeZone: string
  /** UTC, because the numbers are in several zones and no number was given. */
  readonly isMixed: boolean
}

/** The zone of the number if one is given, or the one zone that all numbers share. `zones` has the zone of every number. */
export function siteClock(zones: ReadonlyMap<string, string>, number?: string): SiteClock {
  if (number !== undefined) return { timeZone: zoneOrUtc(zones.get(number) ?? 'UTC'), isMixed: false }
  const [timeZone = 'UTC', ...others] = new Set(zones.values())
  return others.length > 0 ? { timeZone: 'UTC', isMixed: true } : { timeZone: zoneOrUtc(timeZone), isMixed: false }
}

/** {@link readInstant} in a site's zone, in milliseconds. Says so on standard error if UTC had to be used. */
export function readSiteInstant(option: string, text: string, { timeZone, isMixed }: SiteClock, now: number): number {
  const { at, isLocal } = readInstant(option, text, timeZone, now)
  if (isLocal && isMixed) {
    console.error(
      `${option} "${text}" was read as UTC, because the numbers are in several time zones; use --number to choose one`
    )
  }
  return at
}

/** {@link readSiteInstant} for an option about the past. Throws `usage` if the instant is in the future. */
export function readSince(option: string, text: string, clock: SiteClock, now: number): number {
  const at = readSiteInstant(option, text, clock, now)
  if (at <= now) return at
  const ago = text.trim().replace(/^\+/, '')
  const cure = ago === text.trim() ? 'write an earlier instant' : `write ${ago} for that long ago`
  throw new AppError(
    'usage',
    `${option} "${text}" is in the future: it is ${formatInstant(now, clock.timeZone)} now, ${cure}`
  )
}
