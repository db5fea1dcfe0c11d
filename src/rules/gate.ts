// What must not be dialled, whatever a rule says: emergency numbers, service numbers, what is too short to be a number, and
// what the site's policy refuses. The one gate for rules, live calls and the failsafe. PURE.
import type { DialPolicy, PolicyRefusal } from './dial-policy'
import { kindIn } from './numbering/destinations'
import { planOfNumber } from './numbering/numbering-plan'
import { numberOf, currentForm } from './numbering/read-number'
import {
  type NumberPlan,
  codeOf,
  emergencies,
  emergenciesBehind,
  shortNumberPlanOf,
  worldwide
} from './numbering/short-number-plans'

/** Why a target is not dialled: what kind of number it is, and a sentence that ends with the cure. */
export interface DialRefusal {
  readonly kind: 'emergency' | 'service' | 'too-short' | 'no-country' | PolicyRefusal['kind']
  readonly reason: string
}

/** What a number is, and which of its digits say so. */
type Verdict = readonly [Exclude<DialRefusal['kind'], PolicyRefusal['kind']>, string]

/**
 * Why this target must not be dialled, or undefined where it may be. It is judged by the number that the far end sees: a
 * number (`+442071838750`, `number:…`) as it stands, a device by the digits at its address (`PJSIP/x@trunk`, `SIP/trunk/x`,
 * `DAHDI/g1/x`). A device without an address (`PJSIP/101`) is a phone that Asterisk knows by that name, and what begins with a
 * letter (`PJSIP/alice2@branch`) is a name: both may be dialled. The country of `from`, the virtual number, says which service
 * numbers a trunk would reach, and how digits without a plus are read. Without a policy, as before a leg whose plan was judged by
 * it, only what is refused everywhere is. At a PBX of the site (`isPrivate`) short extensions may be dialled, and no emergency
 * number of the world or of the virtual number's country.
 */
export function dialRefusal(
  dial: string,
  from = '',
  policy?: DialPolicy,
  isPrivate = policy?.trunks.isPrivate(dial) === true
): DialRefusal | undefined {
  const home = shortNumberPlanOf(from.slice(1))
  const numbers = numbersIn(dial)
  const verdict = numbers
    .map(({ digits, isLine }) => verdictOn(digits, home, isLine))
    .find((each) => each !== undefined && !(isPrivate && isExtension(each, home)))
  if (verdict !== undefined) return { kind: verdict[0], reason: wordsFor(dial, verdict) }
  // Another virtual number is gone on with inside.
  if (policy === undefined || dial.startsWith('number:')) return undefined
  const refusal = numbers
    .flatMap(({ digits }) => digits.split(/[*#]/))
    .map((digits) => refusalByPolicy(digits, from, policy))
    .find((each) => each !== undefined)
  if (refusal === undefined) return undefined
  const { kind, number, reason, cure } = refusal
  const called = dial === number ? '' : ` calls ${number}, which`
  return { kind, reason: `target ${quoted(dial)}${called} ${reason}: ${cure}` }
}

/** Refused at a carrier, and an extension at a PBX. */
function isExtension([kind, number]: Verdict, home: NumberPlan | undefined): boolean {
  if (kind === 'emergency') return !worldwide.has(number) && home?.emergency.has(number) !== true
  return kind === 'too-short' || kind === 'service'
}

function refusalByPolicy(digits: string, from: string, policy: DialPolicy) {
  for (const number of numbersOf(digits, from)) {
    const refusal = policy.refusalOf(number)
    if (refusal !== undefined) return { number, ...refusal }
  }
  return undefined
}

/** The international numbers that the far end may connect a target of the virtual number `from` to; none for a phone or an extension. */
export function numbersCalled(dial: string, from: string): readonly string[] {
  const parts = numbersIn(dial).flatMap(({ digits }) => digits.split(/[*#]/))
  return [...new Set(parts.flatMap((digits) => numbersOf(digits, from)))]
}

/** The number that the digits are, as the country of `from` reads them, first: those of an extension are none. */
function numbersOf(digits: string, from: string): readonly string[] {
  const plus = digits.lastIndexOf('+')
  if (plus >= 0) return [currentForm(digits.slice(plus)) ?? digits.slice(plus)]
  if (digits.length < 7) return []
  const home = planOfNumber(from)
  // A carrier may read them otherwise, and connect what nobody can have meant.
  const others = [numberOf(digits, home, 'national'), currentForm(`+${digits}`)]
  const costly = others.filter((each) => each !== undefined && kindIn(each) !== null)
  return [numberOf(digits, home, 'auto'), ...costly].filter((each) => each !== undefined)
}

/** Whether it depends on the country of the virtual number which number its digits are. */
export function hasNationalDigits(dial: string): boolean {
  return !dial.startsWith('+') && numbersIn(dial).some(({ digits }) => !digits.startsWith('+'))
}

/** The words for a phone whose name is an emergency number, which was perhaps meant to be called; else undefined. */
export function emergencyName(dial: string): string | undefined {
  const [, name = ''] = /^[A-Z0-9]+\/([0-9]+)$/.exec(dial) ?? []
  return worldwide.has(name) ? name : undefined
}

/** Why a trunk template must not be used, filled with any number: an emergency number, or a code that does more than call. */
export function trunkRefusal(template: string): string | undefined {
  const filled = examples.map((number) => template.replace('{number}', number))
  const refusal = filled.map((each) => dialRefusal(each)).find((each) => each !== undefined)
  const quoted = JSON.stringify(template)
  if (refusal !== undefined) {
    const call = refusal.kind === 'emergency' ? 'an emergency call' : `a call that is refused (${refusal.kind})`
    return `trunk ${quoted} makes ${call} of a number: write PJSIP/{number}@trunk`
  }
  const name = template.split(/[/@]/).find((part) => worldwide.has(part))
  if (name !== undefined) {
    return `trunk ${quoted} is named as the emergency number ${name}: give the trunk another name, like PJSIP/{number}@trunk`
  }
  const code = /([*#][0-9*#]*)\{number\}|\{number\}[0-9]*[*#]/.exec(template)
  if (code === null || /^(?:[*]67|[*]82|[*#]31#)$/.test(code[1] ?? '')) return undefined
  return `trunk ${quoted} would dial a feature code with every number: write PJSIP/{number}@trunk`
}

/** Behind a digit or two, one of them is an emergency number on a line if any number is. */
const examples = ['+14155550100', '+27110000000', '+919876543210']

/** Every number that dialling this would send, as digits with `+`, `*` and `#`. */
export function numbersIn(dial: string): { readonly digits: string; readonly isLine: boolean }[] {
  const text = dial.replace(/^number:/, '')
  if (/^[+0-9]/.test(text)) return [{ digits: text.replace(/[^0-9+*#]/g, ''), isLine: false }]
  const [technology = '', ...places] = text.split('/')
  const isLine = technology === 'DAHDI'
  return places.flatMap((place, index) => {
    if (index === 0 && !place.includes('@')) return []
    const digits = digitsOf(place.replace(/@.*$/, ''), isLine)
    return digits === '' ? [] : [{ digits, isLine }]
  })
}

/** Empty for a name. A line sends the digits alone, and skips what is no digit; so do many trunks, after a first digit. */
function digitsOf(user: string, isLine: boolean): string {
  const plain = user.replace(/[-._]/g, '')
  // The user of emergency calls in early drafts of RFC 5031.
  if (/^emergency$|^sos$|^sos[^a-z0-9]/i.test(user)) return '112'
  // w and p: a line's and a modem's signs for a pause.
  return isLine || /^[wp]*[0-9+*#]/i.test(plain) ? plain.replace(/[^0-9+*#]/g, '') : ''
}

function verdictOn(digits: string, home: NumberPlan | undefined, isLine: boolean): Verdict | undefined {
  if (/[*#]/.test(digits)) return verdictOnFeature(digits, home)
  const plus = digits.lastIndexOf('+')
  if (plus < 0) return verdictOnNational(digits, home, isLine)
  const before = digits.slice(0, plus).replace(/[+]/g, '')
  const plain = digits.replace(/[+]/g, '')
  const emergency = emergencyIn(before, home) ?? (isLine ? begunEmergency(plain, home) : undefined)
  return emergency === undefined ? verdictOnInternational(digits.slice(plus + 1)) : ['emergency', emergency]
}

/** Before the number may stand what the network is to do with the call: `*67911` and `#31#112` withhold the caller's own. */
function verdictOnFeature(text: string, home: NumberPlan | undefined): Verdict | undefined {
  const parts = text.split(/[*#]/).filter((part) => part.length >= 3)
  for (const part of parts) {
    for (const digits of [part, part.slice(2), part.slice(3)]) {
      const emergency = emergencyIn(digits.replace(/^.*\+/, ''), home)
      if (emergency !== undefined) return ['emergency', emergency]
    }
  }
  return undefined
}

/** `digits`: what follows the plus. */
function verdictOnInternational(digits: string): Verdict | undefined {
  if (emergencies.has(digits)) return ['emergency', digits]
  const plan = shortNumberPlanOf(digits)
  if (plan === undefined) return ['no-country', digits]
  const national = digits.slice(codeOf(digits).length)
  for (const number of withoutTrunk(national, plan)) {
    const isShort = number.length < plan.shortest
    if (plan.emergency.has(number) || (isShort && emergencies.has(number))) return ['emergency', number]
    if (isService(number, plan)) return ['service', number]
  }
  return national.length < plan.shortest ? ['too-short', digits] : undefined
}

/** What a trunk makes of digits without a plus nobody knows: whatever they can mean they must not call an emergency number. */
function verdictOnNational(digits: string, home: NumberPlan | undefined, isLine: boolean): Verdict | undefined {
  const emergency = emergencyIn(digits, home) ?? (isLine ? begunEmergency(digits, home) : undefined)
  if (emergency !== undefined) return ['emergency', emergency]
  // Extensions of more digits than three are no service numbers but where the virtual number's own country has them.
  if (digits.length <= 3) return ['too-short', digits]
  const behind = afterInternationalPrefix(digits, home)
  const international = behind === undefined ? undefined : verdictOnInternational(behind)
  if (international?.[0] === 'service' || (behind !== undefined && behind.length <= 6 && international !== undefined)) {
    return international
  }
  const service = serviceIn(digits, home)
  return service === undefined ? undefined : ['service', service]
}

/** What follows `00`, and `011` where that is what a call abroad begins with: elsewhere it is an area code. */
function afterInternationalPrefix(digits: string, home: NumberPlan | undefined): string | undefined {
  const prefix = home?.code === '1' ? /^(?:00|011)(?=[1-9])/ : /^00(?=[1-9])/
  return prefix.test(digits) ? digits.replace(prefix, '') : undefined
}

/** The service number of this country that the digits call: alone, behind its trunk prefix, or behind its own code. */
function serviceIn(digits: string, home: NumberPlan | undefined): string | undefined {
  if (home === undefined) return [digits, digits.slice(1)].find((number) => harmonised.test(number))
  const national = digits.startsWith(home.code) ? [digits.slice(home.code.length)] : []
  return [...withoutTrunk(digits, home), ...national].find((number) => isService(number, home))
}

const internationalPrefixes: readonly string[] = ['00', '011', '0011', '001', '009', '010', '810']

/** The emergency number that these digits would call: alone, or behind what a trunk may take away. */
function emergencyIn(digits: string, home: NumberPlan | undefined): string | undefined {
  if (emergencies.has(digits)) return digits
  for (const prefix of internationalPrefixes.filter((each) => digits.startsWith(each))) {
    const rest = digits.slice(prefix.length)
    const behind = emergencies.has(rest) ? rest : emergencyBehindCode(rest)
    if (behind !== undefined) return behind
  }
  for (const [prefix, numbers] of emergenciesBehind) {
    const rest = digits.slice(prefix.length)
    if (digits.startsWith(prefix) && (numbers.has(rest) || home?.emergency.has(rest) === true)) return rest
  }
  return emergencyBehindCallerId(digits, home) ?? emergencyBehindCode(digits)
}

/**
 * Behind what withholds or shows the caller's own number without `*` and `#`: 141 and 1470 in Britain, 1167 and 1182 in North
 * America, 1831 and 1832 in Australia; and behind the code of a carrier (10XX, 10XXX, 101XXXX) in North America.
 */
function emergencyBehindCallerId(digits: string, home: NumberPlan | undefined): string | undefined {
  const number = /^9?(?:141|1470|1167|1182|1831|1832)([0-9]+)$/.exec(digits)?.[1]
  if (number !== undefined && emergencies.has(number)) return number
  const isAmerican = home === undefined || home.code === '1'
  return isAmerican ? /^9?(?:101[0-9]{4}|10[0-9]{2,3})(911|112|999)$/.exec(digits)?.[1] : undefined
}

function emergencyBehindCode(digits: string): string | undefined {
  const plan = shortNumberPlanOf(digits)
  if (plan === undefined) return undefined
  const numbers = withoutTrunk(digits.slice(plan.code.length), plan)
  return numbers.find((number) => plan.emergency.has(number) || worldwide.has(number))
}

/** On a line the exchange connects as soon as it has heard enough, whatever digits follow; an unknown country may be any. */
function begunEmergency(digits: string, home: NumberPlan | undefined): string | undefined {
  return [...worldwide].find((number) => home?.emergency.has(number) !== false && digits.startsWith(number))
}

/** The national number, and that without the prefix that people leave in: a `0` or several nearly everywhere. */
function withoutTrunk(national: string, plan: NumberPlan): string[] {
  const zeros = /^0*/.exec(national)?.[0].length ?? 0
  const prefixes = plan.trunk.filter((prefix) => national.startsWith(prefix))
  return [
    // One by one: Australia's 000 begins with them itself.
    ...Array.from({ length: zeros + 1 }, (_, count) => national.slice(count)),
    ...prefixes.map((each) => national.slice(each.length))
  ]
}

/** Helplines that have the same number in all of Europe, and beyond (decision 2007/116/EC). */
const harmonised = /^116[0-9]{3}$/

function isService(number: string, plan: NumberPlan): boolean {
  return harmonised.test(number) || (number.length <= 6 && plan.service.test(number))
}

function wordsFor(dial: string, [kind, number]: Verdict): string {
  const target = `target ${quoted(dial)}`
  const inFull = 'write the number in full, like +442071838750'
  const cure = /^(number:)?\+/.test(dial)
    ? inFull
    : `${inFull}; for a phone of another PBX, give it an endpoint of its own, like PJSIP/branch-101`
  switch (kind) {
    case 'emergency':
      return `${target} would call the emergency number ${number}: ${cure}`
    case 'service':
      return `${target} would call the service number ${number}: ${cure}`
    case 'too-short':
      return `${target} is too short to be a telephone number: ${cure}`
    case 'no-country':
      return `${target} has a country code that no country has: ${cure}`
  }
}

function quoted(dial: string): string {
  return JSON.stringify(dial.length > 80 ? `${dial.slice(0, 80)}…` : dial)
}
