// Who calls: one reading of the caller's number, whichever way the carrier wrote it. PURE.
import { type Caller, unlistedCaller } from './number'
import { neighbourOf, seenFrom } from './numbering/neighbour-plans'
import { formerly, renumbered } from './numbering/renumbering'
import {
  type NumberingPlan,
  beginsWithZero,
  countryCodeOf,
  isAssigned,
  nationalForm,
  planOf,
  planOfNumber,
  weightOf,
  withoutTrunkPrefix
} from './numbering/numbering-plan'
import { anonymous, spellsNoNumber, textOfCaller } from './withheld'

/** A caller as lists are matched against. */
export interface KnownCaller {
  /** E.164 where it can be known, else what the carrier sent without its punctuation, or {@link anonymous}. */
  readonly number: string
  /** Every way in which a list may write this number, itself the first. */
  readonly spellings: () => readonly string[]
}

/**
 * What digits are that begin with neither a plus, nor what is dialled to go abroad, nor the trunk prefix. `auto`: as the
 * numbering plan of the number dialled says; `international`, `national`: always so, where a number of that length can be.
 */
export type BareNumbers = (typeof bareNumbers)[number]
export const bareNumbers = ['auto', 'international', 'national'] as const

/**
 * The caller of a call to a virtual number, whose numbering plan says what a national form means: to a British number,
 * `020 7183 8750`, `00442071838750` and `442071838750` are `+442071838750`, whether that number is assigned or not. What
 * cannot be a number of the world stays as it was sent: `100` is an extension. Never throws.
 */
export function callerOf(text: string, virtualNumber: string, bare: BareNumbers = 'auto'): KnownCaller {
  if (last?.text === text && last.virtualNumber === virtualNumber && last.bare === bare) return last.known
  const known = knownCaller(text, virtualNumber, bare)
  last = { text, virtualNumber, bare, known }
  return known
}

// A call asks twice, for the entries of its lists and for their match, and reading a number is the slow part.
let last: { text: string; virtualNumber: string; bare: BareNumbers; known: KnownCaller } | undefined

/** The caller of a call to a virtual number, as lists, logs and records have them. The same object where nothing changes. */
export function readCaller(caller: Caller, virtualNumber: string, bare: BareNumbers): Caller {
  if (caller === unlistedCaller) return caller
  const { number } = callerOf(caller.number, virtualNumber, bare)
  return number === caller.number ? caller : { ...caller, number }
}

function knownCaller(text: string, virtualNumber: string, bare: BareNumbers): KnownCaller {
  // No country code begins with 0: some carriers put a plus before national numbers, too.
  const sent = textOfCaller(text).replace(/^\+(?=0)/, '')
  const home = sent === anonymous ? null : planOfNumber(virtualNumber)
  const number = sent === anonymous ? anonymous : (numberOf(sent, home, bare) ?? sent)
  let spellings: readonly string[] | undefined
  return { number, spellings: () => (spellings ??= spellingsOf(number, sent, home, bare)) }
}

/** Reads a caller's text by the plan of the number called: E.164, {@link anonymous}, or undefined if it is not a number. */
export function numberOf(sent: string, home: NumberingPlan | null, bare: BareNumbers): string | undefined {
  const [, plus = '', digits = ''] = /^(\+?)([0-9]{1,32})$/.exec(sent) ?? []
  if (digits === '') return undefined
  // No country code begins with 0: some carriers put a plus before national numbers, too.
  const number = plus !== '' && !digits.startsWith('0') ? withPlus(digits, home) : read(digits, home, bare)
  const rest = number?.slice(1 + (countryCodeOf(number.slice(1)) ?? '').length) ?? ''
  const isNone = (spellsNoNumber(digits) || spellsNoNumber(rest)) && (number === undefined || !isAssigned(number))
  return isNone || /^\+[1-9][0-9]{0,2}0{6,}$/.test(number ?? '') ? anonymous : number
}

/** Behind a plus there is a country code; where there is none, a Russian carrier wrote the trunk prefix 8. */
function withPlus(digits: string, home: NumberingPlan | null): string | undefined {
  if (countryCodeOf(digits) !== undefined || home === null) return international(digits)
  return trunkPrefixIn(digits, home) === undefined ? undefined : inPlan(digits, home)
}

function read(digits: string, home: NumberingPlan | null, bare: BareNumbers): string | undefined {
  const abroad = goingAbroad(digits, home)
  if (abroad !== undefined) return abroad
  if (home === null) return digits.startsWith('0') || !isPossible(digits) ? undefined : international(digits)
  const prefix = trunkPrefixIn(digits, home)
  if (prefix !== undefined) {
    const national = inPlan(home.formerTrunks.includes(prefix) ? digits.slice(prefix.length) : digits, home)
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
  const begins = digits.startsWith(home.code) && digits.length >= 8 && digits.length <= 15
  if (begins && !(isHome && isAssigned(national))) return international(digits)
  if (isHome && digits.length >= 8) return national
  return digits.length >= 10 ? international(digits) : undefined
}

/** Area code and exchange of North America begin with 2 to 9. */
const tenDigits = /^(?:[2-9][0-9]{2}){2}[0-9]{4}$/

/** Digits that a subscriber of the plan has; an extension of the house is none, though a few plans are as short. */
function isSubscriber(digits: string, national: string, home: NumberingPlan): boolean {
  const { length } = digits
  const isLength = home.subscriberLengths.has(length)
  if (length >= 8) return isLength || isAssigned(national)
  if (home.fixedLength <= 7 && length === home.fixedLength) return isLength
  return length >= (home.fixedLength <= 7 ? 5 : 7) && isAssigned(national)
}

/** The country itself writes this number without a trunk prefix. */
function isWrittenSo(digits: string, national: string): boolean {
  return isAssigned(national) && nationalForm(national) === digits
}

/** A subscriber of the country whose code the digits begin with may have that number. */
function isPossible(digits: string): boolean {
  const number = international(digits)
  const plan = planOf(countryCodeOf(number?.slice(1) ?? '') ?? '')
  if (number === undefined || plan === null) return false
  const lengths = plan.subscriberLengths.size === 0 ? plan.lengths : plan.subscriberLengths
  return lengths.has(number.length - 1 - plan.code.length) || isAssigned(number)
}

/** E.164 of digits that begin with a country code, as the plan has the number now; undefined where there is no such code. */
function international(digits: string): string | undefined {
  if (countryCodeOf(digits) === undefined || digits.length < 5 || digits.length > 17) return undefined
  const number = present(`+${digits}`)
  return number.length <= 16 ? number : undefined
}

/** What an international number is read as: without a trunk prefix, and as its plan has it now; undefined for any other text. */
export function presentForm(number: string): string | undefined {
  return /^\+[1-9][0-9]{5,}$/.test(number) ? international(number.slice(1)) : undefined
}

/** How an international number was written before its plan was changed. */
export function oldForms(number: string): readonly string[] {
  return formerly(number, isAssigned)
}

function present(e164: string): string {
  const number = withoutTrunkPrefix(e164)
  return renumbered(e164, isAssigned) ?? renumbered(number, isAssigned) ?? number
}

/** E.164 of digits as somebody of the plan writes them. */
function inPlan(digits: string, home: NumberingPlan): string | undefined {
  const number = neighbourOf(digits, home.code) ?? home.national(digits)
  return number === undefined ? undefined : present(number)
}

function spellingsOf(number: string, sent: string, home: NumberingPlan | null, bare: BareNumbers): readonly string[] {
  if (!number.startsWith('+')) return [number]
  const own = sent.startsWith('+') && sent !== number ? [sent] : []
  const forms = [number, ...oldForms(number), ...twinOf(number), ...own]
  return [...new Set(forms.flatMap((each) => waysToWrite(each, home, bare)).concat(sent))]
}

function waysToWrite(number: string, home: NumberingPlan | null, bare: BareNumbers): string[] {
  const digits = number.slice(1)
  const ways = [number, digits, `00${digits}`]
  if (home === null) return ways
  if (home.abroad !== null) ways.push(home.abroad + digits)
  ways.push(...seenFrom(number, home.code))
  if (countryCodeOf(digits) !== home.code) return ways
  const rest = digits.slice(home.code.length)
  ways.push(`${home.trunk ?? ''}${rest}`, nationalForm(number) ?? rest)
  if (bare === 'national') ways.push(rest)
  return ways
}

/** Argentine mobile numbers have a 9 after the country code, which networks within the country leave out. */
function twinOf(number: string): string[] {
  if (/^\+549[1-3][0-9]{9}$/.test(number)) return [number.replace('+549', '+54')]
  return /^\+54[1-3][0-9]{9}$/.test(number) ? [number.replace('+54', '+549')] : []
}

/** Every entry of a list that can mean this caller: the number in every spelling, and each beginning of one as a prefix. */
export function entriesFor({ number, spellings }: KnownCaller): readonly string[] {
  if (number === anonymous) return [anonymous]
  const entries = new Set<string>()
  for (const text of spellings()) {
    if (entries.has(text)) continue
    entries.add(text)
    for (let length = 1; length <= text.length; length++) entries.add(`${text.slice(0, length)}*`)
  }
  return [...entries]
}

/** Whether an entry of a list means this caller, however either is written. A prefix never means an anonymous caller. */
export function matchesPattern(pattern: string, from: KnownCaller): boolean {
  if (pattern === anonymous || from.number === anonymous) return pattern === from.number
  const spellings = from.spellings()
  if (pattern.endsWith('*')) return spellings.some((each) => each.startsWith(pattern.slice(0, -1)))
  return spellings.includes(pattern.replace(/[\s().\-/]/g, ''))
}
