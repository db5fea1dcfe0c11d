// Where an international number leads, and whether it costs more than a call to its country. PURE; may use libphonenumber-js.
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import metadata from 'libphonenumber-js/metadata.max.json'
import { countryCodeOf, numberingPlanOf } from './numbering-plan'

/** Kinds of numbers for which carriers charge more than for a call to a subscriber of the same country. */
export type CostlyKind = 'premium-rate' | 'shared-cost' | 'personal' | 'satellite' | 'international-network'

/** Where a call to a number goes, and what kind of charge it brings. */
export interface Destination {
  /** Its country code: `44`. */
  readonly code: string
  /** ISO 3166, `GB`: where several countries share the code and none has the number, the largest; null where the code belongs to none. */
  readonly country: string | null
  /** Whether its country code stands for another country first: `+1` does not tell Jamaica from the United States. */
  readonly isShared: boolean
  /** Null for an ordinary number. */
  readonly kind: CostlyKind | null
  /** The caller pays nothing, in any country that has the code. */
  readonly isFree: boolean
}

/** Codes that no country has, as the ITU's list of E.164 country codes assigns them. */
const withoutCountry: Readonly<Record<string, CostlyKind>> = {
  808: 'shared-cost',
  870: 'satellite',
  878: 'personal',
  881: 'satellite',
  882: 'international-network',
  883: 'international-network',
  888: 'international-network',
  979: 'premium-rate'
}

const costlyTypes: Readonly<Record<string, CostlyKind>> = {
  PREMIUM_RATE: 'premium-rate',
  SHARED_COST: 'shared-cost',
  PERSONAL_NUMBER: 'personal'
}

const countriesOf = metadata.country_calling_codes as unknown as Readonly<Record<string, readonly string[]>>

/** Where this E.164 number leads; undefined where no country and no network has its code. */
export function destinationOf(e164: string): Destination | undefined {
  const code = countryCodeOf(e164.slice(1))
  if (code === undefined) return undefined
  const parsed = parsePhoneNumberFromString(e164)
  const isFree = parsed?.getType() === 'TOLL_FREE'
  const countries = countriesOf[code]
  if (countries === undefined) {
    return { code, country: null, isShared: false, kind: withoutCountry[code] ?? null, isFree }
  }
  const country = parsed?.country ?? countries[0] ?? null
  return {
    code,
    country,
    isShared: code === '1' || country !== countries[0],
    kind: parsed?.isValid() === true ? kindIn(e164) : (beginningKind(e164, code) ?? kindOfRange(e164, code)),
    isFree
  }
}

/** The beginning of a number that tells in which country it is: its code, where no other country has that, or some digits more. */
export function placePrefix(e164: string): string {
  const code = countryCodeOf(e164.slice(1))
  if (code === undefined) return e164
  const isAlone = (countriesOf[code]?.length ?? 0) < 2
  // The area code in North America; elsewhere whatever sets the smallest country apart, such as +44 7911 1 Guernsey.
  return e164.slice(0, 1 + code.length + (isAlone ? 0 : code === '1' ? 3 : 5))
}

/** The kind of a number that the metadata know; null for an ordinary one, and for one that they do not know. */
export function kindIn(e164: string): CostlyKind | null {
  // Exchange 976 is premium-rate in every area code of North America; the metadata do not say so.
  if (/^\+1[2-9][0-9]{2}976[0-9]{4}$/.test(e164)) return 'premium-rate'
  const type = parsePhoneNumberFromString(e164)?.getType()
  return (type === undefined ? undefined : costlyTypes[type]) ?? null
}

/** An exchange connects as soon as it has heard enough: a premium-rate number with more digits behind it is still one. */
function beginningKind(e164: string, code: string): CostlyKind | null {
  for (let length = e164.length - 1; length > 1 + code.length + 4; length--) {
    const kind = kindIn(e164.slice(0, length))
    if (kind !== null) return kind
  }
  return null
}

const ranges = new Map<string, CostlyKind | null>()
const fills = ['0', '1', '2', '5', '8']

/** Numbers that nobody is known to have are what fraud calls: where every known number of a range is costly, so is each other. */
function kindOfRange(e164: string, code: string): CostlyKind | null {
  const range = e164.slice(0, 1 + code.length + 3)
  const known = ranges.get(range)
  if (known !== undefined) return known
  const kinds = new Set<CostlyKind | null>()
  for (const length of numberingPlanOf(code)?.lengths ?? []) {
    for (let next = 0; next < 10; next++) {
      for (const fill of fills) {
        const type = parsePhoneNumberFromString(`${range}${next}`.padEnd(1 + code.length + length, fill))?.getType()
        if (type !== undefined) kinds.add(costlyTypes[type] ?? null)
      }
    }
  }
  const kind = kinds.has(null) ? null : ([...kinds][0] ?? null)
  ranges.set(range, kind)
  return kind
}

let inEnglish: Intl.DisplayNames | undefined

/** A country in words: `Sierra Leone`. */
export function countryName(country: string): string {
  inEnglish ??= new Intl.DisplayNames(['en'], { type: 'region' })
  return inEnglish.of(country) ?? country
}
