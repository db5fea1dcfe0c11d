import {
  type PhoneNumber,
  PhoneNumberFormat,
  PhoneNumberType,
  PhoneNumberUtil,
  ShortNumberInfo,
  shortnumbermetadata
} from 'google-libphonenumber'
import { dialRefusal, emergencyName } from '../../src/rules/gate'
import { shortNumbers } from '../../src/rules/numbering/short-numbers'
import { countriesOf } from './numbering/countries'
import { shortNumbersTable } from './numbering/short-numbers-source'

// Google's own code judges here what is an emergency number, and which numbers exist.
const util = PhoneNumberUtil.getInstance()
const regions = countriesOf(util.getSupportedRegions())
const codeOf = (region: string) => String(util.getCountryCodeForRegion(region))

/** How somebody, or a trunk, may write digits at the address of a device. */
function devices(digits: string): string[] {
  const apart = digits.split('')
  const users = [digits, apart.join('-'), apart.join('.'), `${digits}x`, `w${digits}`]
  return [
    ...users.map((user) => `PJSIP/${user}@trunk`),
    `SIP/${digits}@trunk`,
    `SIP/trunk/${digits}`,
    `IAX2/user@host/${digits}`,
    `DAHDI/g1/${digits}`,
    `DAHDI/g1/ww${digits}`
  ]
}

describe('an emergency number is refused in every spelling', () => {
  test.each(regions)('of %s', (region) => {
    const info = ShortNumberInfo.getInstance()
    const code = codeOf(region)
    const passed = new Set<string>()
    for (const length of [2, 3, 4]) {
      for (let number = 0; number < 10 ** length; number++) {
        const digits = String(number).padStart(length, '0')
        if (!info.isEmergencyNumber(digits, region)) continue
        const international = [digits, code + digits, `${code}0${digits}`, `${code}00${digits}`]
        const user = [
          digits,
          ...['0', '00', '011', '+'].map((prefix) => prefix + digits),
          ...['', '00', '011', '0011', '+'].flatMap((prefix) => [
            `${prefix}${code}${digits}`,
            `${prefix}${code}0${digits}`
          ])
        ]
        const spellings = [...international.map((each) => `+${each}`), ...user.flatMap(devices)]
        for (const spelling of spellings) if (dialRefusal(spelling) === undefined) passed.add(spelling)
      }
    }
    expect([...passed]).toEqual([])
  })

  test.each(['+911', '+112', '+44999', '+1911', '+49110', '+61000', '+490110', '+4400112', '+999', '+000'])(
    '%s is refused as an emergency number, with the cure at the end of the reason',
    (dial) => {
      expect(dialRefusal(dial)).toMatchObject({ kind: 'emergency' })
      expect(dialRefusal(dial)?.reason).toMatch(/^target "\+[0-9]+" would call the emergency number [0-9]+: write /)
    }
  )

  test.each([
    'PJSIP/112@trunk',
    'PJSIP/9911@trunk',
    'PJSIP/0112@trunk',
    'PJSIP/00112@trunk',
    'PJSIP/011911@trunk',
    'PJSIP/+1-911@trunk',
    'PJSIP/*67911@trunk',
    'PJSIP/#31#112@trunk',
    'PJSIP/sos@trunk',
    'PJSIP/8112@trunk',
    'PJSIP/10111@trunk',
    'PJSIP/18000@trunk',
    'number:+911'
  ])('%s is refused', (dial) => {
    expect(dialRefusal(dial)).toMatchObject({ kind: 'emergency' })
  })

  test.each([
    ['PJSIP/1470999@trunk', '+442071838750'],
    ['PJSIP/141999@trunk', '+442071838750'],
    ['SIP/trunk/1470112', ''],
    ['PJSIP/1167911@trunk', '+14155550100'],
    ['PJSIP/91182911@trunk', '+14155550100'],
    ['PJSIP/1831000@trunk', '+61291234567'],
    ['PJSIP/1832112@trunk', '+61291234567'],
    ['PJSIP/1010288911@trunk', '+14155550100'],
    ['PJSIP/10288911@trunk', '+14155550100'],
    ['DAHDI/g1/1028911', '+14155550100'],
    ['PJSIP/emergency@trunk', '+14155550100'],
    ['PJSIP/*272911@trunk', '+14155550100'],
    ['PJSIP/*67+112@trunk', '+14155550100'],
    ['PJSIP/-112@trunk', ''],
    ['PJSIP/sos.police@trunk', ''],
    ['PJSIP/9110@trunk', '+493023125000'],
    ['PJSIP/0044123@trunk', ''],
    ['+44190', ''],
    ['+78112', ''],
    ['PJSIP/911+14155550123@trunk', '+14155550100'],
    ['SIP/trunk/112+14155550123', '+14155550100'],
    ['DAHDI/g1/+911123456789', '+14155550100'],
    ['DAHDI/g1/9115550123', '']
  ])('%s from %j is refused, whatever precedes or follows the emergency number', (dial, from) => {
    expect(dialRefusal(dial, from)).toMatchObject({ kind: 'emergency' })
  })

  test('on an analogue line, a number that begins with an emergency number is refused', () => {
    expect(dialRefusal('DAHDI/g1/9115550100', '+14155550100')).toMatchObject({ kind: 'emergency' })
    expect(dialRefusal('DAHDI/g1/9195550100', '+14155550100')).toBeUndefined()
    expect(dialRefusal('DAHDI/g1/1123456789', '+914000000000')).toMatchObject({ kind: 'emergency' })
  })
})

describe('service numbers and numbers that are too short', () => {
  test.each([
    ['+49116117', 'service', undefined],
    ['+4911833', 'service', undefined],
    ['+333001', 'service', undefined],
    ['PJSIP/116117@trunk', 'service', undefined],
    ['PJSIP/0116117@trunk', 'service', undefined],
    ['PJSIP/11833@trunk', 'service', '+4930123456'],
    ['PJSIP/4911833@trunk', 'service', '+4930123456'],
    ['PJSIP/004911833@trunk', 'service', '+14155550100'],
    ['+49118000', 'service', undefined],
    ['PJSIP/118000@trunk', 'service', '+493023125000'],
    ['PJSIP/0114911833@trunk', 'service', '+14155550100'],
    ['PJSIP/00441234@trunk', 'too-short', undefined],
    ['+79112', 'too-short', undefined],
    ['+4412', 'too-short', undefined],
    ['+442071', 'too-short', undefined],
    ['PJSIP/101@branch', 'emergency', undefined],
    ['PJSIP/201@branch', 'too-short', undefined],
    ['PJSIP/7@branch', 'too-short', undefined],
    ['+9991234567', 'no-country', undefined],
    ['PJSIP/+2101234567@trunk', 'no-country', undefined]
  ])('%s is refused: %s', (dial, kind, from) => {
    expect(dialRefusal(dial, from)).toMatchObject({ kind })
  })

  test.each(regions)(
    'toll-free short numbers of %s are refused, with the country code and from a number of that country',
    (region) => {
      const code = codeOf(region)
      const passed = shortExamples(region).filter(
        (digits) =>
          dialRefusal(`+${code}${digits}`) === undefined ||
          dialRefusal(`PJSIP/${digits}@trunk`, `+${code}`) === undefined
      )
      expect(passed).toEqual([])
    }
  )
})

const sent = (user: string) => [`PJSIP/${user}@trunk`, `SIP/trunk/${user}`]

describe('what may be dialled', () => {
  test.each(regions)('the example numbers of %s, in every spelling', (region) => {
    const refused = new Set<string>()
    for (const type of [PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE]) {
      const number = util.getExampleNumberForType(region, type) as PhoneNumber | null
      if (number === null) continue
      const e164 = util.format(number, PhoneNumberFormat.E164)
      const digits = e164.slice(1)
      const national = util.format(number, PhoneNumberFormat.NATIONAL).replace(/[^0-9]/g, '')
      // Where national numbers have five digits and fewer, they are to be written in full: others' emergency calls look the same.
      const isLong = national.length > 5
      const users = [e164, digits, `00${digits}`, `011${digits}`]
      const atHome = isLong ? [national, `9${national}`, ...(national.startsWith('0') ? [] : [`0${national}`])] : []
      const froms = [undefined, e164, '+14155550100', '+442071838750', '+4930123456', '+914000000000']
      const dials = [
        ...[e164, ...users.flatMap(sent)].flatMap((dial) => froms.map((from) => [dial, from] as const)),
        ...atHome.flatMap(sent).flatMap((dial) => [undefined, e164].map((from) => [dial, from] as const))
      ]
      for (const [dial, from] of dials) {
        const refusal = dialRefusal(dial, from)
        if (refusal !== undefined) refused.add(`${dial} from ${String(from)}: ${refusal.kind}`)
      }
    }
    expect([...refused]).toEqual([])
  })

  test.each([
    ['PJSIP/101', 'an internal phone'],
    ['PJSIP/112', 'an internal phone, whatever its name'],
    ['DAHDI/1', 'a DAHDI line without a number'],
    ['PJSIP/alice@branch', 'a name'],
    ['PJSIP/a101@branch', 'a name with digits'],
    ['PJSIP/2001@branch', 'an extension of four digits'],
    ['PJSIP/1001@branch', 'another extension of four digits'],
    ['PJSIP/14155550100@trunk', 'a number without a plus'],
    ['DAHDI/g1/0114460123', 'a number in Johannesburg'],
    ['+6834002', 'a number of seven digits']
  ])('%s, %s', (dial) => {
    expect(dialRefusal(dial)).toBeUndefined()
  })
})

test.each([
  ['DAHDI/g1/9115550100', '+493023125000', 'it begins with the emergency number of another country'],
  ['PJSIP/0114911833@trunk', '+442071838750', 'an area code that is an international prefix elsewhere'],
  ['PJSIP/10114911833@trunk', '+14155550100', 'an international prefix within the number'],
  ['PJSIP/*674155550123@trunk', '+14155550100', 'a call that withholds the caller ID'],
  ['PJSIP/5141999@trunk', '+442071838750', 'a number that ends with such a prefix and an emergency number'],
  ['PJSIP/2121010911@trunk', '+14155550100', 'a number that ends with a carrier code and 911'],
  ['PJSIP/1028891155@trunk', '+14155550100', 'a carrier code and a number that begins with 911'],
  ['PJSIP/10288911@trunk', '+442071838750', 'a carrier code in a country without carrier codes'],
  ['PJSIP/9110@trunk', '', 'an extension in an unknown country'],
  ['PJSIP/004412345@trunk', '', 'a number abroad not known to be too short'],
  ['+6831021', '', 'a number of a country with short numbers that is an emergency number elsewhere'],
  ['PJSIP/emergency-desk@branch', '', 'a name that begins with emergency'],
  ['PJSIP/non-emergency@branch', '', 'a name that ends with emergency'],
  ['PJSIP/sosa@branch', '', 'a name that begins with sos'],
  ['PJSIP/kratsos@branch', '', 'a name that ends with sos'],
  ['PJSIP/mysos.x@branch', '', 'a name with sos in it']
])('%s from %j may be dialled: %s', (dial, from) => {
  expect(dialRefusal(dial, from)).toBeUndefined()
})

const inFull = 'write the number in full, like +442071838750'
const orBranch = `${inFull}; for a phone of another PBX, give it an endpoint of its own, like PJSIP/branch-101`
const digits = (count: number) => `PJSIP/112+${'1'.repeat(count)}@trunk`

test.each([
  ['+911', '', `would call the emergency number 911: ${inFull}`],
  ['number:+911', '', `would call the emergency number 911: ${inFull}`],
  ['PJSIP/+911@trunk', '', `would call the emergency number 911: ${orBranch}`],
  ['PJSIP/11833@trunk', '+493023125000', `would call the service number 11833: ${orBranch}`],
  ['+4412', '', `is too short to be a telephone number: ${inFull}`],
  ['+9991234567', '', `has a country code that no country has: ${inFull}`],
  [digits(64), '', `would call the emergency number 112: ${orBranch}`]
])('the reason for refusing %s names it, and ends with the cure', (dial, from, reason) => {
  expect(dialRefusal(dial, from)?.reason).toBe(`target "${dial}" ${reason}`)
})

test('a target longer than 80 characters is shortened in the reason', () => {
  expect(dialRefusal(digits(65))?.reason).toBe(
    `target "${digits(65).slice(0, 80)}…" would call the emergency number 112: ${orBranch}`
  )
})

test('a phone named like an emergency number is recognised', () => {
  expect(['PJSIP/112', 'SIP/911', 'PJSIP/999', 'PJSIP/101', 'PJSIP/112@trunk'].map(emergencyName)).toEqual([
    '112',
    '911',
    '999',
    undefined,
    undefined
  ])
})

test("the table agrees with Google's metadata: if this fails, run `npm run short-numbers`", () => {
  expect(shortNumbers).toEqual(shortNumbersTable())
})

/** An example of each kind of short number that anybody may call without charge. */
function shortExamples(region: string): string[] {
  const short = shortnumbermetadata.countryToMetadata[region]
  const [tollFree, emergency] = [4, 27].map((field) => (short?.[field] as unknown[] | undefined)?.[6])
  return [tollFree, emergency].filter((each): each is string => typeof each === 'string')
}
