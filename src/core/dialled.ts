// The number dialled, in whatever form a carrier or a dialplan passes it on. PURE: imports only core/.
import { oldForms, presentForm, numberOf } from './caller'
import { countryCodes, planOfNumber } from './numbering-plan'
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
  if (digits.length < 4 || digits.length > 20) return []
  const found = new Set<string>()
  const without = (prefixes: readonly string[]) =>
    prefixes.filter((prefix) => digits.startsWith(prefix)).map((prefix) => digits.slice(prefix.length))
  for (const rest of without(abroad)) {
    const present = presentForm(`+${rest}`)
    if (present !== undefined) for (const each of [present, ...oldForms(present)]) found.add(each)
  }
  for (const rest of without(trunks)) {
    for (const code of countryCodes()) found.add(`+${code}${rest}`)
  }
  return [...found].filter((number) => parseE164(number) !== undefined)
}

/** Whether somebody with this virtual number, or a carrier of its country, writes it so. */
export function isDialledAs(text: string, virtualNumber: string): boolean {
  const digits = digitsOf(text)
  const home = planOfNumber(virtualNumber)
  const readings = [presentForm(`+${digits}`), numberOf(digits, home, 'auto'), numberOf(digits, home, 'national')]
  const meant = [virtualNumber, presentForm(virtualNumber)]
  return readings.some((number) => number !== undefined && meant.includes(number))
}

/** Why a call to a number that nobody has is refused, and what to do; `near` are virtual numbers that may be meant. */
export function refusalOf(number: string, near: readonly string[]): string {
  if (near.length > 1) {
    return `${number} may be ${near.join(' or ')}: have [from-trunk] in extensions.conf send it with its country code`
  }
  return `no virtual number is ${number}, in any way to write one: add it to virtual_numbers, or correct what [from-trunk] in extensions.conf sends to followme`
}

function digitsOf(text: string): string {
  return text.replace(/[^0-9]/g, '')
}
