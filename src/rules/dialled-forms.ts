// The number dialled, in whatever form a carrier or a dialplan passes it on. PURE.
import { oldForms, currentForm, numberOf } from './numbering/read-number'
import { countryCodeOf, countryCodes, planOfNumber } from './numbering/numbering-plan'
import { parseE164 } from './number'

/** What is written before a national number, somewhere in the world; before an international one. */
const trunks = ['', '0', '06', '8', '1', '01', '044', '045']
const abroad = ['', '00', '011', '0011', '010', '001', '810', '009', '000', '119']

/**
 * The virtual numbers that a text may mean which is none as it stands: `+4155550100`, ten digits of North America that were
 * given a plus; `02071838750`, national; `01144…`; a trunk prefix left in; the old form of a number. Strings to look up, most of
 * which nobody has; {@link isDialledAs} tells of one that somebody has whether it is meant.
 */
export function mayBeDialledAs(text: string): readonly string[] {
  const digits = digitsOf(text)
  if (!isLongEnough(digits)) return []
  const found = new Set<string>()
  const without = (prefixes: readonly string[]) =>
    prefixes.filter((prefix) => digits.startsWith(prefix)).map((prefix) => digits.slice(prefix.length))
  for (const rest of without(abroad)) {
    for (const each of everyFormOf(`+${rest}`)) found.add(each)
  }
  for (const rest of without(trunks)) {
    for (const code of countryCodes()) for (const each of everyFormOf(`+${code}${rest}`)) found.add(each)
  }
  return [...found].filter((number) => parseE164(number) !== undefined)
}

/** Whether somebody with this virtual number, a carrier of its country, or one of North America (`01144…`) writes it so. */
export function isDialledAs(text: string, virtualNumber: string): boolean {
  const read = readFrom(text, virtualNumber)
  return read.includes(virtualNumber) || read.includes(currentForm(virtualNumber) ?? virtualNumber)
}

/** The international numbers that somebody in the country of `from` may mean by digits. */
export function readFrom(text: string, from: string): readonly string[] {
  const digits = digitsOf(text)
  const home = planOfNumber(from)
  const abroad = currentForm(`+${digits.replace(/^011(?=[1-9])/, '')}`)
  const read = [abroad, numberOf(digits, home, 'auto'), numberOf(digits, home, 'national')]
  return read.filter((number) => number !== undefined)
}

/**
 * The reverse: every text but the number itself, as a plus and digits, that {@link mayBeDialledAs} and {@link isDialledAs} take for
 * this virtual number. For the failsafe, which can only look them up.
 */
export function formsOf(virtualNumber: string): readonly string[] {
  const current = currentForm(virtualNumber) ?? virtualNumber
  const own = digitsOf(virtualNumber)
  const code = countryCodeOf(own) ?? ''
  const plan = planOfNumber(virtualNumber)
  const whole = [virtualNumber, current, ...oldForms(current)].map(digitsOf)
  const rests = whole.flatMap((each) => (each.startsWith(code) ? [each.slice(code.length)] : []))
  const before = ['', '0', ...(code === '1' ? ['1'] : []), plan?.trunk ?? '', ...(plan?.formerTrunks ?? [])]
  const national = before.flatMap((trunk) => rests.map((rest) => trunk + rest))
  const goingAbroad = abroad.filter((prefix) => isDialledAs(prefix + own, virtualNumber))
  const all = [
    ...[...whole, ...national.map((each) => code + each)].flatMap((each) => goingAbroad.map((prefix) => prefix + each)),
    ...national,
    ...rests.map((rest) => `01${rest}`)
  ]
  const forms = [...new Set(all)].filter(
    (text) => text !== own && isLongEnough(text) && isDialledAs(text, virtualNumber)
  )
  return forms.map((text) => `+${text}`)
}

/** Why a call to a number that nobody has is refused, and what to do; `near` are virtual numbers that may be meant. */
export function unknownNumberReason(number: string, near: readonly string[]): string {
  if (near.length > 1) {
    return `${number} may be ${near.join(' or ')}: have [from-trunk] in extensions.conf send it with its country code`
  }
  return `no virtual number is ${number}, in any way to write one: add it to virtual_numbers, or correct what [from-trunk] in extensions.conf sends to followme`
}

/** The number, as its plan has it now, and as plans had it before. */
function everyFormOf(number: string): readonly string[] {
  const current = currentForm(number)
  return current === undefined ? [number] : [number, current, ...oldForms(current)]
}

function isLongEnough(digits: string): boolean {
  return digits.length >= 4 && digits.length <= 20
}

function digitsOf(text: string): string {
  return text.replace(/[^0-9]/g, '')
}
