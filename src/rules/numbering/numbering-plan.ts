// The numbering plans of the world, from libphonenumber's metadata: country codes, trunk prefixes, lengths. PURE; may use
// libphonenumber-js.
import { type MetadataJson, Metadata } from 'libphonenumber-js/core'
import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import metadata from 'libphonenumber-js/metadata.max.json'

/** How the numbers of one country are written. */
export interface NumberingPlan {
  /** The country code: `44`. */
  readonly code: string
  /** What is written before a national number, and never after the country code: `0`; null where there is none. */
  readonly trunk: string | null
  /** What was written before them until the plan was changed, and some carriers still write. */
  readonly formerTrunks: readonly string[]
  /** What is dialled before an international number, at the beginning of a text. */
  readonly goingAbroad: RegExp
  /** The same where there is one way to write it: `011`; null: several. */
  readonly abroad: string | null
  /** Lengths of national numbers, without the trunk prefix: of all there are, and of those that subscribers have. */
  readonly lengths: ReadonlySet<number>
  readonly subscriberLengths: ReadonlySet<number>
  /** The longest fixed-line number. */
  readonly fixedLength: number
  /** What all national numbers look like. */
  readonly pattern: RegExp
  /** What libphonenumber takes off the beginning of a number, or transforms, as it parses one; null: nothing. */
  readonly stripped: RegExp | null
  /** E.164 of a number as the country itself writes it; undefined where it makes none. */
  readonly national: (digits: string) => string | undefined
}

/**
 * Countries whose trunk prefix the metadata still name, though callers are shown without it: Liechtenstein, one network of
 * seven digits, and Colombia, which abolished it on 1 September 2021.
 */
const withoutTrunk: ReadonlySet<string> = new Set(['LI', '423', 'CO', '57'])

/**
 * By country code: Mexico until 3 August 2019, Lithuania until 1 January 2025; Latvia, Tajikistan, Georgia and Uzbekistan wrote
 * the 8 of the Soviet Union until 2008, 2021, 2011 and 2024, Ukraine 8 and 0 until 2009.
 */
const former: Readonly<Record<string, readonly string[]>> = {
  52: ['01', '044', '045'],
  370: ['8'],
  380: ['80'],
  371: ['8'],
  992: ['8'],
  995: ['8'],
  998: ['8']
}

/** What a plan has beyond its declared type. */
interface Untyped {
  callingCode(): string
  IDDPrefix(): string
  defaultIDDPrefix(): string | 0 | undefined
  possibleLengths(): number[]
  nationalNumberPattern(): string
  nationalPrefixForParsing(): string | 0 | undefined
  /** The number 0 where there is none. */
  nationalPrefix(): string | 0 | undefined
  type(kind: string): { possibleLengths(): number[] } | undefined
}

const world = metadata as unknown as MetadataJson
const codes: ReadonlySet<string> = new Set(
  [metadata.country_calling_codes, metadata.nonGeographic].flatMap((each) => Object.keys(each))
)
const plans = new Map<string, NumberingPlan | null>()

/** The plan of a country (`GB`) or of a country code (`44`: that of its largest country); null where there is none. */
export function numberingPlanOf(country: string): NumberingPlan | null {
  let plan = plans.get(country)
  if (plan === undefined) plans.set(country, (plan = readPlan(country)))
  return plan
}

/** The plan that an E.164 number belongs to; null where no country has its code. */
export function planOfNumber(e164: string): NumberingPlan | null {
  let plan = ofNumbers.get(e164)
  if (plan === undefined) {
    plan = numberingPlanOf(parsePhoneNumberFromString(e164)?.country ?? countryCodeOf(e164.slice(1)) ?? '')
    if (ofNumbers.size >= maxNumbers) ofNumbers.clear()
    ofNumbers.set(e164, plan)
  }
  return plan
}

// Virtual numbers are asked about again with each call.
const ofNumbers = new Map<string, NumberingPlan | null>()
const maxNumbers = 1000

/** The country code that digits begin with; undefined where no country has it. No code is the beginning of another. */
export function countryCodeOf(digits: string): string | undefined {
  return [1, 2, 3].map((length) => digits.slice(0, length)).find((code) => codes.has(code))
}

/** All country codes. */
export function countryCodes(): readonly string[] {
  return [...codes]
}

/** Whether the metadata know the number: to weigh two readings of one text, never to refuse one. */
export function isAssigned(e164: string): boolean {
  return parsePhoneNumberFromString(e164)?.isValid() === true
}

const subscribers: ReadonlySet<string | undefined> = new Set([
  'FIXED_LINE',
  'MOBILE',
  'FIXED_LINE_OR_MOBILE',
  'VOIP',
  'PERSONAL_NUMBER'
])

/** To weigh two readings of one text: 2 for a subscriber's number, 1 for another, such as a voicemail box, 0 for none known. */
export function weightOf(e164: string): 0 | 1 | 2 {
  const type = parsePhoneNumberFromString(e164)?.getType()
  return subscribers.has(type) ? 2 : type === undefined ? 0 : 1
}

/** The digits of a number as its own country writes it: `02071838750`; undefined where it makes none. */
export function nationalForm(e164: string): string | undefined {
  return parsePhoneNumberFromString(e164)
    ?.formatNational()
    .replace(/[^0-9]/g, '')
}

/** The digits with which somebody in the country of `home` calls an E.164 number: `02071838750`, or `00493012345678` abroad. */
export function dialledFrom(e164: string, home: string): string {
  const code = countryCodeOf(e164.slice(1))
  const national = code === countryCodeOf(home.slice(1)) ? nationalForm(e164) : undefined
  return national ?? `${planOfNumber(home)?.abroad ?? '00'}${e164.slice(1)}`
}

/** An international number without what has no place after its country code, such as the 0 of `+44 (0)20 7183 8750`. */
export function withoutTrunkPrefix(e164: string): string {
  const code = countryCodeOf(e164.slice(1)) ?? ''
  const plan = numberingPlanOf(code)
  if (plan === null) return e164
  const national = e164.slice(1 + code.length)
  // Parsing is the slow part, and it changes few numbers.
  if (plan.stripped?.test(national) !== true) return `+${code}${significant(national, plan)}`
  const number = parsePhoneNumberFromString(e164)?.number ?? e164
  return `+${code}${significant(number.slice(1 + code.length), plan)}`
}

/** The same of the beginning of a number: `+440` is `+44`, where no number of the plan can begin so. */
export function withoutTrunkInPrefix(prefix: string): string {
  const code = countryCodeOf(prefix.slice(1)) ?? ''
  const plan = numberingPlanOf(code)
  if (plan?.trunk !== '0' || beginsWithZero(plan)) return prefix
  return `+${code}${prefix.slice(1 + code.length).replace(/^0+/, '')}`
}

const zeros = new Map<NumberingPlan, boolean>()

/** Whether any number of a plan begins with 0. */
export function beginsWithZero(plan: NumberingPlan): boolean {
  const known = zeros.get(plan)
  if (known !== undefined) return known
  const found = Array.from({ length: 1000 }, (_, index) => `0${String(index).padStart(3, '0')}`).some((start) =>
    [...plan.lengths].some((length) => plan.pattern.test(start.padEnd(length, '0')))
  )
  zeros.set(plan, found)
  return found
}

/**
 * A 0 stays where numbers of the plan begin with one (Italy, San Marino, Ivory Coast, Gabon, Congo, Benin and others), and where
 * it is no trunk prefix (North America, Spain), unless the number without it is assigned.
 */
function significant(national: string, { code, trunk, lengths, pattern }: NumberingPlan): string {
  if (pattern.test(national)) return national
  if (trunk !== null && national.startsWith(trunk)) {
    const rest = national.slice(trunk.length)
    if (rest.length >= 4 && (trunk === '0' || lengths.has(rest.length))) return rest
  }
  const rest = national.slice(1)
  return national.startsWith('0') && isAssigned(`+${code}${rest}`) ? rest : national
}

function readPlan(country: string): NumberingPlan | null {
  const plan = selected(country)
  if (plan === undefined) return null
  const code = plan.callingCode()
  const prefix = plan.nationalPrefix()
  // The trunk prefix of North America is its country code.
  const trunk = !prefix || prefix === code || withoutTrunk.has(country) ? null : prefix
  const [fixed = [], mobile = []] = ['FIXED_LINE', 'MOBILE'].map((kind) => plan.type(kind)?.possibleLengths())
  const stripped = plan.nationalPrefixForParsing()
  const abroad = plan.IDDPrefix()
  const usual = plan.defaultIDDPrefix()
  return {
    code,
    trunk,
    formerTrunks: former[code] ?? [],
    goingAbroad: new RegExp(`^(?:${abroad})`),
    abroad: /^[0-9]+$/.exec(typeof usual === 'string' ? usual : abroad)?.[0] ?? null,
    lengths: new Set(plan.possibleLengths()),
    subscriberLengths: new Set([...fixed, ...mobile]),
    fixedLength: Math.max(0, ...fixed),
    pattern: new RegExp(`^(?:${plan.nationalNumberPattern()})$`),
    stripped: stripped ? new RegExp(`^(?:${stripped})`) : null,
    national: (digits) => {
      const parsed = parsePhoneNumberFromString(digits, country as CountryCode)
      const rest = trunk !== null && digits.startsWith(trunk) ? digits.slice(trunk.length) : digits
      const number = parsed?.countryCallingCode === code ? parsed.number : `+${code}${rest}`
      return /^\+[0-9]{4,15}$/.test(number) ? withoutTrunkPrefix(number) : undefined
    }
  }
}

function selected(country: string): Untyped | undefined {
  const all = new Metadata(world)
  try {
    // Beyond its declared type it takes a country code as well.
    all.selectNumberingPlan(country as CountryCode)
  } catch {
    return undefined
  }
  return all.numberingPlan as unknown as Untyped | undefined
}
