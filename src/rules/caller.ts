// Who calls: one reading of the caller's number, whichever way the carrier wrote it. PURE.
import type { Caller } from './number'
import { seenFrom } from './numbering/neighbour-plans'
import { type NumberingPlan, countryCodeOf, nationalForm, planOfNumber } from './numbering/numbering-plan'
import { type BareNumbers, numberOf, oldForms } from './numbering/read-number'
import { anonymous, textOfCaller } from './withheld'

/** A caller as lists are matched against. */
export interface KnownCaller {
  /** E.164 where it can be known, else what the carrier sent without its punctuation, or {@link anonymous}. */
  readonly number: string
  /** Every way in which a list may write this number, itself the first. */
  readonly spellings: () => readonly string[]
}

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
  const { number } = callerOf(caller.number, virtualNumber, bare)
  return number === caller.number ? caller : { ...caller, number }
}

function knownCaller(text: string, virtualNumber: string, bare: BareNumbers): KnownCaller {
  // No country code begins with 0: some carriers put a plus before national numbers, too.
  const sent = textOfCaller(text).replace(/^\+(?=0)/, '')
  const home = planOfNumber(virtualNumber)
  const number = numberOf(sent, home, bare) ?? sent
  let spellings: readonly string[] | undefined
  return { number, spellings: () => (spellings ??= spellingsOf(number, sent, home, bare)) }
}

function spellingsOf(number: string, sent: string, home: NumberingPlan | null, bare: BareNumbers): readonly string[] {
  if (!number.startsWith('+')) return [number]
  const own = sent.startsWith('+') ? [sent] : []
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
    entries.add(text)
    for (let length = 1; length <= text.length; length++) entries.add(`${text.slice(0, length)}*`)
  }
  return [...entries]
}

/** Whether an entry of a list means this caller, however either is written. A prefix never means an anonymous caller. */
export function matchesPattern(pattern: string, from: KnownCaller): boolean {
  if (from.number === anonymous) return pattern === anonymous
  const spellings = from.spellings()
  if (pattern.endsWith('*')) return spellings.some((each) => each.startsWith(pattern.slice(0, -1)))
  return spellings.includes(pattern.replace(/[\s().\-/]/g, ''))
}
