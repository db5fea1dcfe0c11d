// One answer whichever way a caller's number is written: example numbers of every kind, of every country, to a virtual number
// there and in ten other countries. Google's own library writes and judges them.
import {
  type PhoneNumber,
  PhoneNumberFormat,
  PhoneNumberType,
  PhoneNumberUtil,
  type RegionCode
} from 'google-libphonenumber'
import { isValidPhoneNumber } from 'libphonenumber-js/max'
import { callerOf } from '../../src/rules/caller'
import { countriesOf } from './numbering/countries'
import { trunkOf } from './numbering/trunk-of'

const google = PhoneNumberUtil.getInstance()
const all = google.getSupportedRegions().sort()
const countries = countriesOf(all)
const kinds = Object.values(PhoneNumberType).filter(
  (kind) => typeof kind === 'number' && kind !== PhoneNumberType.UNKNOWN
)

/** `written` is how: with a plus or a prefix for calls abroad nothing is open, `bare` digits have neither. */
interface Spelling {
  readonly written: 'abroad' | 'national' | 'bare' | 'bare national'
  readonly text: string
}

interface Reading extends Spelling {
  readonly country: RegionCode
  readonly home: RegionCode
  readonly meant: string
  readonly answer: string
}

const { FIXED_LINE, MOBILE, FIXED_LINE_OR_MOBILE, VOIP, PERSONAL_NUMBER } = PhoneNumberType
const subscribers = [FIXED_LINE, MOBILE, FIXED_LINE_OR_MOBILE, VOIP, PERSONAL_NUMBER]

const digitsOf = (text: string) => text.replace(/[^0-9]/g, '')
const codeOf = (country: string) => google.getCountryCodeForRegion(country)
const e164 = (number: PhoneNumber) => google.format(number, PhoneNumberFormat.E164)
const virtualNumbers = new Map(all.map((country) => [country, e164(google.getExampleNumber(country))]))

/** One of each kind. What only one of the two libraries has heard of is left out. */
function examples(country: RegionCode): PhoneNumber[] {
  const found = new Map<string, PhoneNumber>()
  for (const kind of kinds) {
    const number = google.getExampleNumberForType(country, kind) as PhoneNumber | null
    if (number !== null && isValidPhoneNumber(e164(number))) found.set(e164(number), number)
  }
  return [...found.values()]
}

function spellings(number: PhoneNumber, country: RegionCode, home: RegionCode): Spelling[] {
  const code = String(number.getCountryCode())
  const rest = google.getNationalSignificantNumber(number)
  const national = google.format(number, PhoneNumberFormat.NATIONAL)
  const trunk = trunkOf(country)
  const abroad = [
    `+${code}${rest}`,
    `00${code}${rest}`,
    google.format(number, PhoneNumberFormat.INTERNATIONAL),
    google.format(number, PhoneNumberFormat.RFC3966),
    `+${code}-${rest.slice(0, 2)}.${rest.slice(2)}`,
    `+${code}/${rest}`
  ]
  // With the country's own prefix; Russia writes 8~10, to wait for a tone.
  const dialled = google.formatOutOfCountryCallingNumber(number, home).replace('~', '')
  const bare = [`${code}${rest}`]
  if (trunk !== '') {
    abroad.push(`+${code}${trunk}${rest}`, `+${code} (${trunk}) ${rest}`, `00${code}${trunk}${rest}`)
    bare.push(`${code}${trunk}${rest}`)
  }
  const texts: [Spelling['written'], string[]][] = [
    ['abroad', abroad],
    ['bare', bare]
  ]
  if (country === home) {
    const isPrefixed = trunk !== '' && digitsOf(national).startsWith(trunk)
    texts.push(['national', [national, digitsOf(national), dialled]])
    texts.push([trunk === '' ? 'national' : 'bare national', [rest]])
    if (isPrefixed) texts.push(['national', [trunk + rest]])
  } else texts.push([codeOf(home) === number.getCountryCode() ? 'national' : 'abroad', [dialled]])
  return texts.flatMap(([written, each]) => each.map((text) => ({ written, text })))
}

function* readings(country: RegionCode, homes: readonly RegionCode[]): Generator<Reading> {
  for (const number of examples(country)) {
    const meant = e164(number)
    for (const home of homes) {
      for (const spelling of spellings(number, country, home)) {
        const answer = callerOf(spelling.text, virtualNumbers.get(home) ?? '').number
        yield { ...spelling, country, home, meant, answer }
      }
    }
  }
}

/** What Google's library makes of a text; undefined where it is no number, or none that exists. */
function validIn(text: string, country?: RegionCode): string | undefined {
  try {
    const number = google.parse(text, country)
    return google.isValidNumber(number) ? e164(number) : undefined
  } catch {
    return undefined
  }
}

function isPossibleAbroad(digits: string): boolean {
  try {
    return google.isPossibleNumber(google.parse(`+${digits}`))
  } catch {
    return false
  }
}

/** What digits are after the code of the country called. */
function toCode(home: RegionCode, digits: string): string {
  return callerOf(`+${codeOf(home)}${digits}`, virtualNumbers.get(home) ?? '').number
}

/** Where the answer is another than the number meant, and docs/rules.md ("Who calls") says so. */
const exceptions: Readonly<Record<string, (reading: Reading) => boolean>> = {
  'Gabon: a 0 after the country code is of before 2019': ({ meant, answer }) =>
    meant.startsWith('+2410') && /^\+2411|^\+2416/.test(answer),

  'both 00 and the own prefix of the country called fit, and lead to numbers that exist': ({ text, answer }) =>
    text.startsWith('00') && answer === validIn(`+${digitsOf(text).slice(2)}`),

  'six digits and fewer are an extension': ({ text, answer }) =>
    digitsOf(text).length <= 6 && answer === digitsOf(text),

  'without plus and prefix: the same digits are a number of the country called': ({ written, text, home, answer }) =>
    written === 'bare' && answer === validIn(text, home),

  'without plus and prefix: the same digits are a number, before it was made longer, of the country called': ({
    written,
    text,
    home,
    answer
  }) => written === 'bare' && text.length <= 8 && answer === validIn(answer, home) && answer === toCode(home, text),

  'ten digits are national in North America': ({ written, text, home, answer }) =>
    written === 'bare' && codeOf(home) === 1 && /^([2-9][0-9]{2}){2}[0-9]{4}$/.test(text) && answer === `+1${text}`,

  'without its trunk prefix: the same digits may be a number abroad': ({ written, text, home, answer }) =>
    written === 'bare national' &&
    isPossibleAbroad(text) &&
    answer === callerOf(`+${text}`, virtualNumbers.get(home) ?? '').number,

  'without its trunk prefix: seven digits lack an area code': ({ written, text, answer }) =>
    written === 'bare national' && text.length === 7 && answer === text,

  'a service, where the same digits are a subscriber abroad': ({ written, text, meant, answer }) =>
    written === 'national' &&
    answer === validIn(`+${digitsOf(text)}`) &&
    !subscribers.includes(google.getNumberType(google.parse(meant)))
}

const met = new Map<string, number>()

test(`callers of ${countries.length} countries are one number however they are written, or a documented exception`, () => {
  const strays: string[] = []
  let read = 0
  countries.forEach((country) => {
    const index = all.indexOf(country)
    const others = Array.from({ length: 10 }, (_, nth) => all[(index + 1 + nth * 24) % all.length] ?? country)
    for (const reading of readings(country, [country, ...others])) {
      read++
      if (reading.answer === reading.meant) continue
      const exception = Object.entries(exceptions).find(([, applies]) => applies(reading))?.[0]
      if (exception !== undefined) met.set(exception, (met.get(exception) ?? 0) + 1)
      else strays.push(`${reading.text} of ${country}, to ${reading.home}: ${reading.answer}, not ${reading.meant}`)
    }
  })
  expect(read).toBeGreaterThan(countries.length * 200)
  expect(strays).toEqual([])
})

const isWhole = countries.length === all.length
;(isWhole ? test : test.skip)('each documented exception occurs', () => {
  expect(Object.keys(exceptions).filter((each) => !met.has(each))).toEqual([])
})
