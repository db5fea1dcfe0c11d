// A number as a carrier sends it, read by the numbering plan of the number called. PURE.
import { neighbourOf } from './neighbour-plans'
import { formerly, renumbered } from './renumbering'
import {
  type NumberingPlan,
  beginsWithZero,
  countryCodeOf,
  isAssigned,
  nationalForm,
  numberingPlanOf,
  weightOf,
  withoutTrunkPrefix
} from './numbering-plan'
import { anonymous, spellsNoNumber } from '../withheld'

/**
 * What digits are that begin with neither a plus, nor what is dialled to go abroad, nor the trunk prefix. `auto`: as the
 * numbering plan of the number dialled says; `international`, `national`: always so, where a number of that length can be.
 */
export type BareNumbers = (typeof bareNumbers)[number]
export const bareNumbers = ['auto', 'international', 'national'] as const

/** Reads a caller's text by the plan of the number called: E.164, {@link anonymous}, or undefined if it is not a number. */
export function numberOf(sent: string, home: NumberingPlan | null, bare: BareNumbers): string | undefined {
  if (!/^\+?[0-9]{1,32}$/.test(sent)) return undefined
  const digits = sent.replace('+', '')
  const number = digits === sent ? read(digits, home, bare) : withPlus(digits, home)
  const rest = number?.slice(1 + (countryCodeOf(number.slice(1)) ?? '').length) ?? ''
  const isNone = (spellsNoNumber(digits) || spellsNoNumber(rest)) && (number === undefined || !isAssigned(number))
  // Nobody has a number of zeros, though a few plans could have it.
  return isNone || /^0+$/.test(rest) ? anonymous : number
}

/** A plus precedes a country code. If no country has this one, a Russian carrier wrote the trunk prefix 8 behind the plus. */
function withPlus(digits: string, home: NumberingPlan | null): string | undefined {
  if (countryCodeOf(digits) !== undefined || home === null) return international(digits)
  return trunkPrefixIn(digits, home) === undefined ? undefined : inPlan(digits, home)
}

function read(digits: string, home: NumberingPlan | null, bare: BareNumbers): string | undefined {
  const abroad = goingAbroad(digits, home)
  if (abroad !== undefined) return abroad
  if (home === null) return isPossible(digits) ? international(digits) : undefined
  const prefix = trunkPrefixIn(digits, home)
  if (prefix !== undefined) {
    const national = inPlan(prefix === home.trunk ? digits : digits.slice(prefix.length), home)
    // Russia's trunk prefix is 8, which country codes begin with as well.
    const isAbroad = !prefix.startsWith('0') && weightOf(national ?? '') === 0 && weightOf(`+${digits}`) === 2
    return isAbroad ? international(digits) : national
  }
  // No country code begins with 0; and where there is no trunk prefix, some carriers write one all the same.
  if (digits.startsWith('0') && !home.pattern.test(digits)) return withZero(digits, home)
  return withoutPrefix(digits, home, bare)
}

function withZero(digits: string, home: NumberingPlan): string | undefined {
  const number = home.trunk === null && digits.length >= 7 ? inPlan(digits, home) : undefined
  const rest = number?.slice(1 + home.code.length) ?? ''
  return home.lengths.has(rest.length) && (!rest.startsWith('0') || beginsWithZero(home)) ? number : undefined
}

/**
 * Digits after what is dialled to go abroad: `00`, as carriers everywhere write it, or the country's own way. Where both fit
 * (`0093…` to Singapore, which has a `009`), the number that exists, and of two the one after `00`.
 */
function goingAbroad(digits: string, home: NumberingPlan | null): string | undefined {
  const prefixes = [/^00/.exec(digits)?.[0], home?.goingAbroad.exec(digits)?.[0]]
  const rests = [...new Set(prefixes)].flatMap((prefix) => (prefix === undefined ? [] : [digits.slice(prefix.length)]))
  const possible = rests.filter(isPossible)
  const assigned = possible.find((each) => isAssigned(`+${each}`))
  // Russia dials 810, and Japan's country code is 81.
  if (assigned === undefined && isAssigned(international(digits) ?? '')) return undefined
  const rest =
    assigned ??
    possible.at(home?.abroad != null && digits.startsWith(home.abroad) ? -1 : 0) ??
    rests.find((each) => each.length >= 7 && each.length <= 16 && countryCodeOf(each) !== undefined)
  return rest === undefined ? undefined : international(rest)
}

/** Before a number of a possible length: without it, the digits would be too many. */
function trunkPrefixIn(digits: string, { trunk, formerTrunks, lengths, subscriberLengths }: NumberingPlan) {
  if (trunk?.startsWith('0') === true && digits.startsWith('0')) {
    const prefix = digits.startsWith(trunk) ? trunk : '0'
    return lengths.has(digits.length - prefix.length) || digits.length >= 8 ? prefix : undefined
  }
  const prefixes = trunk === null ? formerTrunks : [trunk, ...formerTrunks]
  return prefixes.find((each) => digits.startsWith(each) && subscriberLengths.has(digits.length - each.length))
}

/**
 * Neither plus nor prefix. With a trunk prefix in the plan the digits are international, unless no number abroad has that
 * length or the plan writes such numbers without the prefix (Chinese mobiles). Without one, both readings are possible: the
 * one whose number exists is taken, a subscriber's before a voicemail box, and of two alike the national one, if the plan has
 * numbers that begin so. Ten digits of North America are always national: spoofed numbers have area codes that nobody has. Six
 * digits and fewer are an extension of the house before they are a number abroad.
 */
function withoutPrefix(digits: string, home: NumberingPlan, bare: BareNumbers): string | undefined {
  const fits = digits.length >= 7 && isPossible(digits)
  const national = inPlan(digits, home)
  const isHome = national !== undefined && isSubscriber(digits, national, home)
  if (bare === 'international') return fits ? international(digits) : undefined
  if (isHome && (bare === 'national' || (home.code === '1' && tenDigits.test(digits)))) return national
  if (isHome && (home.trunk === null || isWrittenSo(digits, national))) {
    // What has lost digits on the way, as the 1 of Mexico's mobiles, is rather a number of North America.
    const inFavour = national.endsWith(digits) ? 0 : 1
    const weight = home.pattern.test(national.slice(1 + home.code.length)) ? weightOf(national) : -1
    if (!fits || weight >= weightOf(international(digits) ?? '') + inFavour) return national
  }
  if (fits) return international(digits)
  // Numbers of the country itself keep their code, however long they are.
  const begins = digits.startsWith(home.code) && digits.length >= 8
  if (begins && !(isHome && isAssigned(national))) return international(digits)
  if (isHome && digits.length >= 8) return national
  return digits.length >= 10 ? international(digits) : undefined
}

/** Area code and exchange of North America begin with 2 to 9. */
const tenDigits = /^(?:[2-9][0-9]{2}){2}[0-9]{4}$/

/** Whether a subscriber of the plan can have these digits. Extensions do not count, although a few plans are as short. */
function isSubscriber(digits: string, national: string, home: NumberingPlan): boolean {
  const { length } = digits
  if (length >= 8) return home.subscriberLengths.has(length) || isAssigned(national)
  if (length === home.fixedLength) return true
  return length >= (home.fixedLength <= 7 ? 5 : 7) && isAssigned(national)
}

/** The country itself writes this number without a trunk prefix. */
function isWrittenSo(digits: string, national: string): boolean {
  return isAssigned(national) && nationalForm(national) === digits
}

/** A subscriber of the country whose code the digits begin with may have that number. */
function isPossible(digits: string): boolean {
  const number = international(digits)
  const plan = numberingPlanOf(countryCodeOf(number?.slice(1) ?? '') ?? '')
  if (number === undefined || plan === null) return false
  const lengths = plan.subscriberLengths.size === 0 ? plan.lengths : plan.subscriberLengths
  return lengths.has(number.length - 1 - plan.code.length) || isAssigned(number)
}

/** E.164 of digits that begin with a country code, as the plan has the number now; undefined where there is no such code. */
function international(digits: string): string | undefined {
  if (countryCodeOf(digits) === undefined) return undefined
  const number = inCurrentForm(`+${digits}`)
  return number.length <= 16 ? number : undefined
}

/** What an international number is read as: without a trunk prefix, and as its plan has it now; undefined for any other text. */
export function currentForm(number: string): string | undefined {
  return /^\+[1-9][0-9]{5,}$/.test(number) ? international(number.slice(1)) : undefined
}

/** How an international number was written before its plan was changed. */
export function oldForms(number: string): readonly string[] {
  return formerly(number, isAssigned)
}

function inCurrentForm(e164: string): string {
  const number = withoutTrunkPrefix(e164)
  return renumbered(e164, isAssigned) ?? renumbered(number, isAssigned) ?? number
}

/** E.164 of digits as somebody of the plan writes them. */
function inPlan(digits: string, home: NumberingPlan): string | undefined {
  const number = neighbourOf(digits, home.code) ?? home.national(digits)
  return number === undefined ? undefined : inCurrentForm(number)
}
