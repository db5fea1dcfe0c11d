// Instants on the command line: all commands share one grammar (rules/schedule/instant.ts) and one error message.
import { AppError } from '../../errors'
import { type WrittenInstant, formatInstant, parseInstant, zoneOrUtc } from '../../rules/schedule/instant'

/** How an instant may be written, for the help of an option. */
export const instantForms = "2026-11-23T09:00Z, '2026-11-23 09:00', 9:30, yesterday, -2h or +2h"

/** The same for options that look back. */
export const sinceForms = "2h, 7d, today, yesterday, '2026-11-22 08:00' or 2026-11-22T08:00Z"

/**
 * Reads the value of an option, by the clock of the zone. Warns on standard error if the clocks skip or repeat that time.
 * Throws `usage` where it is no instant.
 */
export function readInstant(option: string, text: string, timeZone: string, now: number): WrittenInstant {
  const written = parseInstant(text, timeZone, now)
  if (written === undefined) {
    throw new AppError(
      'usage',
      `invalid ${option} "${text}": write an instant (2026-11-23T09:00Z), a date or a time of day or both on the clock of ` +
        `${timeZone} ('2026-11-23 09:00', 9:30, yesterday), or how long ago or from now (-2h, +3d)`
    )
  }
  if (written.remark !== undefined) console.error(`${option} "${text}": ${written.remark}`)
  return written
}

/** Whose clock a command of many calls goes by. */
export interface SiteClock {
  readonly timeZone: string
  /** The numbers are in several zones, and none of them was named: UTC it is. */
  readonly isMixed: boolean
}

/** The clock of the number, where one is named, or the one that all numbers share. `zones` are theirs. */
export function siteClock(zones: ReadonlyMap<string, string>, number?: string): SiteClock {
  if (number !== undefined) return { timeZone: zoneOrUtc(zones.get(number) ?? 'UTC'), isMixed: false }
  const [timeZone = 'UTC', ...others] = new Set(zones.values())
  return others.length > 0 ? { timeZone: 'UTC', isMixed: true } : { timeZone: zoneOrUtc(timeZone), isMixed: false }
}

/** {@link readInstant} by a site's clock, in milliseconds; told on standard error where that clock is nobody's own. */
export function readSiteInstant(option: string, text: string, { timeZone, isMixed }: SiteClock, now: number): number {
  const { at, isLocal } = readInstant(option, text, timeZone, now)
  if (isLocal && isMixed) {
    console.error(`${option} "${text}" is read in UTC: the numbers are in several time zones; --number names one`)
  }
  return at
}

/** {@link readSiteInstant} of an option that looks back. Throws `usage` where the instant is still to come. */
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
