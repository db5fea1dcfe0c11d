// What people write for a time zone although it is not one, or is another than they think. PURE: imports nothing.

/** Abbreviations of everyday use, and the place that is probably meant; several are in use elsewhere, too. */
const places: Readonly<Record<string, string>> = {
  AST: 'America/Halifax',
  ADT: 'America/Halifax',
  EST: 'America/New_York',
  EDT: 'America/New_York',
  CST: 'America/Chicago',
  CDT: 'America/Chicago',
  MST: 'America/Denver',
  MDT: 'America/Denver',
  PST: 'America/Los_Angeles',
  PDT: 'America/Los_Angeles',
  AKST: 'America/Anchorage',
  AKDT: 'America/Anchorage',
  HST: 'Pacific/Honolulu',
  NST: 'America/St_Johns',
  NDT: 'America/St_Johns',
  BRT: 'America/Sao_Paulo',
  GMT: 'Europe/London',
  BST: 'Europe/London',
  CEST: 'Europe/Berlin',
  EEST: 'Europe/Athens',
  WEST: 'Europe/Lisbon',
  MSK: 'Europe/Moscow',
  SAST: 'Africa/Johannesburg',
  IST: 'Asia/Kolkata',
  SGT: 'Asia/Singapore',
  HKT: 'Asia/Hong_Kong',
  JST: 'Asia/Tokyo',
  KST: 'Asia/Seoul',
  AEST: 'Australia/Sydney',
  AEDT: 'Australia/Sydney',
  ACST: 'Australia/Adelaide',
  AWST: 'Australia/Perth',
  NZST: 'Pacific/Auckland',
  NZDT: 'Pacific/Auckland'
}

/** By whole hours ahead of UTC: a large place with that clock in winter. */
const placesAhead: Readonly<Record<number, string>> = {
  [-10]: 'Pacific/Honolulu',
  [-9]: 'America/Anchorage',
  [-8]: 'America/Los_Angeles',
  [-7]: 'America/Denver',
  [-6]: 'America/Chicago',
  [-5]: 'America/New_York',
  [-4]: 'America/Halifax',
  [-3]: 'America/Sao_Paulo',
  0: 'Europe/London',
  1: 'Europe/Paris',
  2: 'Europe/Athens',
  3: 'Europe/Istanbul',
  4: 'Asia/Dubai',
  5: 'Asia/Karachi',
  6: 'Asia/Dhaka',
  7: 'Asia/Bangkok',
  8: 'Asia/Singapore',
  9: 'Asia/Tokyo',
  10: 'Australia/Sydney',
  11: 'Pacific/Noumea',
  12: 'Pacific/Auckland'
}

/** The place that an abbreviation (`PST`) or an offset (`UTC+2`) probably means; undefined where there is none. */
export function zoneMeant(text: string): string | undefined {
  const [, hours] = /^(?:UTC|GMT)([+-]\d{1,2})(?::?00)?$/i.exec(text) ?? []
  return hours === undefined ? places[text.toUpperCase()] : placesAhead[Number(hours)]
}

/** A name of the zone database whose clock never changes, whatever the law of a place says. */
export interface FixedZone {
  /** Whole hours ahead of UTC. */
  readonly hours: number
  /** What to write instead. */
  readonly instead: string
  /** By POSIX, `Etc/GMT+8` is eight hours behind. */
  readonly reversed: boolean
}

const fixed: Readonly<Record<string, Omit<FixedZone, 'reversed'>>> = {
  EST: { hours: -5, instead: 'America/New_York, or America/Panama if no summer time is meant' },
  MST: { hours: -7, instead: 'America/Denver, or America/Phoenix if no summer time is meant' },
  HST: { hours: -10, instead: 'Pacific/Honolulu, whose law it would follow' }
}

/** Undefined for the zone of a place, and for UTC, with which nobody means a place. */
export function fixedZone(timeZone: string): FixedZone | undefined {
  const name = timeZone.toUpperCase()
  const known = fixed[name]
  if (known !== undefined) return { ...known, reversed: false }
  if (/^(ETC\/)?(GMT([+-]?0)?|GREENWICH)$/.test(name)) {
    return { hours: 0, instead: 'Europe/London, or UTC if no summer time is meant', reversed: false }
  }
  const [, sign] = /^ETC\/GMT([+-]\d{1,2})$/.exec(name) ?? []
  if (sign === undefined) return undefined
  const hours = -Number(sign)
  const meant = placesAhead[hours]
  const opposite = placesAhead[-hours]
  const instead = [meant, opposite && `${opposite} if ${utcOffset(-hours * 3_600_000)} is meant`].filter(Boolean)
  return { hours, instead: instead.length === 0 ? 'the zone of a place' : instead.join(', or '), reversed: true }
}

// The names of three letters that the zone database has.
const threeLetters = /^(CET|EET|EST|GMT|HST|MET|MST|PRC|ROC|ROK|UCT|UTC|WET)$/i

/** The name is an abbreviation that some programs take for a zone, but the zone database does not have. */
export function isAbbreviation(timeZone: string): boolean {
  return /^[A-Z]{3}$/i.test(timeZone) && !threeLetters.test(timeZone)
}

/** `UTC+05:30`; `UTC` where it is none. */
export function utcOffset(ms: number): string {
  if (ms === 0) return 'UTC'
  const minutes = Math.round(Math.abs(ms) / 60_000)
  const two = (value: number) => String(value).padStart(2, '0')
  return `UTC${ms < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}
