// Who calls: the caller's number in international form, whichever way the carrier wrote it. PURE; may use
// libphonenumber-js beside core/.
import { type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { anonymous, callerNumber, callerText } from './number'

/** A caller as lists are matched against. */
export interface KnownCaller {
  /** E.164 where it can be known, else what the carrier sent without its punctuation, or {@link anonymous}. */
  readonly number: string
  /** Every other way in which a list may write this number: national, without the plus, with 00. */
  readonly spellings: () => readonly string[]
}

/**
 * The caller of a call to a virtual number, whose country says what a national form means: to a British number,
 * `020 7183 8750`, `00442071838750` and `442071838750` are `+442071838750`. A number that is none in that country, nor with
 * its country code, stays as it was sent. Never throws, whatever the carrier sent.
 */
export function callerOf(text: string, virtualNumber: string): KnownCaller {
  if (last?.text === text && last.virtualNumber === virtualNumber) return last.known
  const known = knownCaller(text, virtualNumber)
  last = { text, virtualNumber, known }
  return known
}

// A call asks twice, for the entries of its lists and for their match, and reading a number is the slow part.
let last: { readonly text: string; readonly virtualNumber: string; readonly known: KnownCaller } | undefined

function knownCaller(text: string, virtualNumber: string): KnownCaller {
  // No country code begins with 0: some carriers put a plus before national numbers, too.
  const sent = callerText(text).replace(/^\+0/, '0')
  const number = sent === anonymous ? anonymous : (internationalOf(sent, virtualNumber) ?? callerNumber(sent))
  let spellings: readonly string[] | undefined
  return { number, spellings: () => (spellings ??= spellingsOf(number, sent, virtualNumber)) }
}

/** Every entry of a list that can mean this caller: the number in every spelling, and each beginning of one as a prefix. */
export function entriesFor({ number, spellings }: KnownCaller): readonly string[] {
  if (number === anonymous) return [anonymous]
  const entries = new Set<string>()
  for (const text of [number, ...spellings()]) {
    if (entries.has(text)) continue
    entries.add(text)
    for (let length = 1; length <= text.length; length++) entries.add(`${text.slice(0, length)}*`)
  }
  return [...entries]
}

// A short number is an extension of the house more often than it is a number of the town.
const mayBeNumber = /^(0[0-9]{3,19}|[0-9]{8,20})$/

function internationalOf(sent: string, virtualNumber: string): string | undefined {
  if (!mayBeNumber.test(sent)) return undefined
  const country = parsed(virtualNumber)?.country
  const national = country === undefined ? undefined : parsed(sent, country)
  if (national?.isValid() === true) return national.number
  const withCode = sent.startsWith('0') ? undefined : parsed(`+${sent}`)
  return withCode?.isValid() === true ? withCode.number : undefined
}

function spellingsOf(number: string, sent: string, virtualNumber: string): readonly string[] {
  if (!number.startsWith('+')) return [sent]
  const caller = parsed(number)
  const isNational = caller !== undefined && caller.countryCallingCode === parsed(virtualNumber)?.countryCallingCode
  const national = isNational ? [caller.formatNational().replace(/[^0-9]/g, '')] : []
  return [sent, number.slice(1), `00${number.slice(1)}`, ...national]
}

function parsed(text: string, country?: PhoneNumber['country']): PhoneNumber | undefined {
  return country === undefined ? parsePhoneNumberFromString(text) : parsePhoneNumberFromString(text, country)
}

/** Whether an entry of a list means this caller, however either is written. A prefix never means an anonymous caller. */
export function matchesPattern(pattern: string, from: KnownCaller): boolean {
  if (pattern === anonymous || from.number === anonymous) return pattern === from.number
  const matches = pattern.endsWith('*')
    ? (number: string) => number.startsWith(pattern.slice(0, -1))
    : (number: string) => number === callerNumber(pattern)
  // An entry with its plus is international, and so is the caller's number wherever it is known.
  return matches(from.number) || (!pattern.startsWith('+') && from.spellings().some(matches))
}
