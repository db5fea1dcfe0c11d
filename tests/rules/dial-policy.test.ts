// Which numbers a site is willing to call. What a number is, Google's own code and the ITU's list of codes say here.
import { type PhoneNumber, PhoneNumberType, PhoneNumberUtil } from 'google-libphonenumber'
import { DialPolicy, type PolicyRow } from '../../src/rules/dial-policy'
import { destinationOf, placePrefix } from '../../src/rules/numbering/destinations'
import { dialRefusal } from '../../src/rules/gate'
import { countriesOf } from './numbering/countries'

const util = PhoneNumberUtil.getInstance()
const regions = util.getSupportedRegions()
const some = countriesOf(regions, 80)
const london = '+442071838750'

const row = (prefix: string, verdict: PolicyRow['verdict'], note: string | null = null) => ({ prefix, verdict, note })
const policyOf = (rows: readonly PolicyRow[], ...numbers: readonly string[]) => new DialPolicy(rows, numbers)
const kindOf = (policy: DialPolicy, number: string) => policy.refusalOf(number)?.kind

function example(region: string, type: PhoneNumberType): string | undefined {
  const number = util.getExampleNumberForType(region, type) as PhoneNumber | null
  if (number === null) return undefined
  const actual = util.getNumberType(number)
  const isEither = actual === PhoneNumberType.FIXED_LINE_OR_MOBILE && type <= PhoneNumberType.MOBILE
  if (actual !== type && !isEither) return undefined
  return `+${number.getCountryCode()}${util.getNationalSignificantNumber(number)}`
}

const costly = [
  [PhoneNumberType.PREMIUM_RATE, 'premium-rate'],
  [PhoneNumberType.SHARED_COST, 'shared-cost'],
  [PhoneNumberType.PERSONAL_NUMBER, 'personal']
] as const

describe.each(some)('without rows, a site in %s', (region) => {
  // Finland's mobiles are Åland's, too, and so it is with a few others.
  const regionOf = (number: string) => util.getRegionCodeForNumber(util.parse(number))
  const own = example(region, PhoneNumberType.MOBILE) ?? example(region, PhoneNumberType.FIXED_LINE) ?? ''
  const policy = policyOf([], own)

  test('may call numbers in its own country, and in no other', () => {
    for (const other of regions) {
      for (const type of [PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE]) {
        const number = example(other, type)
        if (number === undefined) continue
        expect([number, kindOf(policy, number)]).toEqual([
          number,
          regionOf(number) === regionOf(own) ? undefined : 'country'
        ])
      }
    }
  })

  test('may not call its premium numbers, even with more digits appended, until a row names them', () => {
    for (const [type, kind] of costly) {
      const number = example(region, type)
      if (number === undefined) continue
      const code = `+${util.getCountryCodeForRegion(region)}`
      expect([number, kindOf(policy, number)]).toEqual([number, kind])
      expect([number, kindOf(policy, `${number}00`)]).toEqual([number, kind])
      expect(kindOf(policyOf([row('+', 'allow'), row(code, 'allow')], own), number)).toBe(kind)
      expect(kindOf(policyOf([row(number.slice(0, code.length + 3), 'allow')], own), number)).toBeUndefined()
    }
  })
})

// https://www.itu.int/pub/T-SP-E.164D, the codes that belong to no country.
test.each([
  ['+8816312345678', 'satellite'],
  ['+870773111632', 'satellite'],
  ['+878101234567890', 'personal'],
  ['+88213300655', 'international-network'],
  ['+883510012345', 'international-network'],
  ['+888123456789', 'international-network'],
  ['+979123456789', 'premium-rate'],
  ['+80812345678', 'shared-cost']
])('%s is %s, and refused until a row allows its code', (number, kind) => {
  expect(kindOf(policyOf([], london), number)).toBe(kind)
  expect(kindOf(policyOf([row('+', 'allow')], london), number)).toBe(kind)
  expect(kindOf(policyOf([row(number.slice(0, 4), 'allow')], london), number)).toBeUndefined()
})

test.each([
  ['the longest prefix decides', [row('+44', 'deny'), row('+4479', 'allow')], '+447911123456', undefined],
  ['whatever its verdict', [row('+44', 'allow'), row('+4479', 'deny')], '+447911123456', 'denied'],
  ['the prefix + matches every number', [row('+', 'deny')], '+447911123456', 'denied'],
  ['but a longer prefix decides first', [row('+', 'deny'), row('+44', 'allow')], '+447911123456', undefined],
  ['a country is allowed by its row', [row('+371', 'allow')], '+37120123456', undefined],
  ['a row of another country changes nothing', [row('+370', 'allow')], '+37120123456', 'country'],
  ['the row +1 covers all of North America', [row('+1', 'allow')], '+18765551234', undefined],
  ['a longer row covers one country there', [row('+1876', 'allow')], '+12425551234', 'country']
])('%s', (_title, rows, number, kind) => {
  expect(kindOf(policyOf(rows, london), number)).toBe(kind)
})

test('an unassigned number belongs to the largest country of its code', () => {
  expect(kindOf(policyOf([], london), '+447700900123')).toBeUndefined()
  expect(kindOf(policyOf([], '+14155550100'), '+15555550100')).toBeUndefined()
})

test.each([
  ['+449199999999', 'premium-rate'],
  ['+4498', 'premium-rate'],
  ['+19005550', 'premium-rate'],
  ['+19001111111', 'premium-rate'],
  ['+49900999999', 'premium-rate'],
  ['+447009999999', 'personal'],
  ['+447999999999', undefined]
])('the unassigned number %s is judged by its range: %s', (number, kind) => {
  expect(kindOf(policyOf([], london, '+14155550100', '+493023125000'), number)).toBe(kind)
})

test('the beginning of a number tells its country as well as the whole number', () => {
  for (const region of regions) {
    for (const type of [PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE]) {
      const number = example(region, type)
      if (number === undefined) continue
      // Whoever has another number that begins so is at home there.
      const prefix = placePrefix(number)
      const others = Array.from({ length: 10 }, (_, digit) => `${prefix}${digit}`.padEnd(number.length, String(digit)))
      const places = [number, ...others.filter((each) => util.isValidNumber(util.parse(each)))].map(
        (each) => destinationOf(each)?.country
      )
      expect([number, new Set(places).size]).toEqual([number, 1])
    }
  }
})

test('the policy does not judge numbers with an unassigned country code, whether called or own', () => {
  expect(kindOf(policyOf([], london, '+2101234567'), '+2101234567')).toBeUndefined()
  expect(kindOf(policyOf([], london, '+2101234567'), '+37120123456')).toBe('country')
})

test('two policies with the same rows and countries are equal, whatever the numbers', () => {
  const key = policyOf([row('+33', 'allow')], london, '+14155550100').key
  expect(policyOf([row('+33', 'allow')], '+12125550100', '+442079460000').key).toBe(key)
  expect(policyOf([row('+33', 'deny')], london, '+14155550100').key).not.toBe(key)
  expect(policyOf([row('+33', 'allow')], london).key).not.toBe(key)
})

test('toll-free numbers may be called in every country of their code', () => {
  expect(kindOf(policyOf([], '+16135550100'), '+18005550199')).toBeUndefined()
  expect(kindOf(policyOf([], london), '+18005550199')).toBe('country')
})

test('the exchange 976 is premium-rate in each area code of North America', () => {
  expect(kindOf(policyOf([], '+14155550100'), '+14159761234')).toBe('premium-rate')
})

describe('the gate judges the digits that the far end receives', () => {
  const policy = policyOf([], london, '+14155550100')
  const refused = (dial: string, from = london) => dialRefusal(dial, from, policy)?.kind

  /** A number as a device, or a line, may be told to call it. */
  const devices = (user: string) => [
    `PJSIP/${user}@trunk`,
    `PJSIP/${user.replace(/(.{3})/g, '$1-')}@trunk`,
    `SIP/trunk/${user}`,
    `IAX2/user@host/${user}`,
    `DAHDI/g1/${user}`
  ]

  test.each([
    ['+23276123456', 'country'],
    ['+8816312345678', 'satellite'],
    ['+449098790000', 'premium-rate'],
    ['+4409098790000', 'premium-rate'],
    ['+447012345678', 'personal']
  ])('%s is refused in every spelling', (number, kind) => {
    const digits = number.slice(1)
    const national = number.startsWith('+44') ? devices(`0${digits.replace(/^440?/, '')}`) : []
    const spellings = [
      number,
      ...devices(number),
      ...devices(`00${digits}`),
      ...devices(digits),
      ...devices(`*67${number}`),
      ...national
    ]
    for (const dial of spellings) expect([dial, refused(dial)]).toEqual([dial, kind])
    for (const dial of devices(`011${digits}`)) expect([dial, refused(dial, '+14155550100')]).toEqual([dial, kind])
  })

  test.each([
    '+447700900123',
    '+14155550123',
    'PJSIP/07700900123@trunk',
    'PJSIP/447700900123@trunk',
    'PJSIP/00447700900123@trunk',
    'PJSIP/0014155550123@trunk',
    'PJSIP/2001@branch',
    'PJSIP/23276@branch',
    'PJSIP/alice',
    'PJSIP/23276123456',
    'number:+23276123456'
  ])('%s may be dialled', (dial) => {
    expect(refused(dial)).toBeUndefined()
  })

  test.each(['PJSIP/2125550123@trunk', 'PJSIP/12125550123@trunk'])(
    '%s is a national number in North America',
    (dial) => {
      expect(refused(dial, '+14155550100')).toBeUndefined()
    }
  )

  test('the reason names the number, why it is refused, and the row to add', () => {
    const policy = policyOf([], london, '+14155550100')
    expect(dialRefusal('+23276123456', london, policy)?.reason).toBe(
      'target "+23276123456" is in a country without a virtual number (Sierra Leone), and dial_policy does not allow it: ' +
        "dial another number, or add ('+232', 'allow') to dial_policy if this is meant"
    )
    expect(dialRefusal('PJSIP/0023276123456@trunk', london, policy)?.reason).toMatch(
      /^target "PJSIP\/0023276123456@trunk" calls \+23276123456, which is in a country without /
    )
    expect(dialRefusal('+18765551234', london, policy)?.reason).toMatch(/\(Jamaica\), .*\('\+1876', 'allow'\)/)
    expect(dialRefusal('+449098790000', london, policy)?.reason).toBe(
      'target "+449098790000" is a premium-rate number, which dial_policy does not allow: ' +
        "dial another number, or add ('+449098790000', 'allow') to dial_policy if this is meant"
    )
    expect(dialRefusal('+80012345678', london, policy)?.reason).toMatch(
      /belongs to no country, and dial_policy does not allow it: .*\('\+800', 'allow'\)/
    )
    const denying = policyOf([row('+4479', 'deny', 'fraud in March')], london)
    expect(dialRefusal('+447911123456', london, denying)?.reason).toBe(
      'target "+447911123456" is denied by the row +4479 of dial_policy (fraud in March): change that row, or dial another number'
    )
    expect(policyOf([row('+4479', 'deny')], london).refusalOf('+447911123456')?.reason).toBe(
      'is denied by the row +4479 of dial_policy'
    )
  })
})
