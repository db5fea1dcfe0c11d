// What is read from libphonenumber's metadata: one plan of each sort.
import {
  type NumberingPlan,
  beginsWithZero,
  countryCodeOf,
  countryCodes,
  isAssigned,
  nationalForm,
  numberingPlanOf,
  planOfNumber,
  weightOf,
  withoutTrunkInPrefix,
  withoutTrunkPrefix
} from '../../../src/rules/numbering/numbering-plan'

function planOf(country: string): NumberingPlan {
  const plan = numberingPlanOf(country)
  if (plan === null) throw new RangeError(`no plan of ${country}`)
  return plan
}

test.each<[string, string, string | null, string | null]>([
  ['GB', '44', '0', '00'],
  ['US', '1', null, '011'],
  ['MH', '692', '1', '011'],
  ['HU', '36', '06', '00'],
  ['RU', '7', '8', null],
  ['AU', '61', '0', '0011'],
  ['JP', '81', '0', '010'],
  ['ES', '34', null, '00'],
  ['CO', '57', null, null],
  ['57', '57', null, null],
  ['LI', '423', null, '00'],
  ['423', '423', null, '00'],
  ['MX', '52', null, '00']
])(
  '%s has the country code %s, the trunk prefix %s and the international prefix %s',
  (country, code, trunk, abroad) => {
    expect(planOf(country)).toMatchObject({ code, trunk, abroad })
  }
)

test.each([
  ['MX', ['01', '044', '045']],
  ['LT', ['8']],
  ['UA', ['80']],
  ['GB', []]
])('the former trunk prefixes of %s are %j', (country, formerTrunks) => {
  expect(planOf(country).formerTrunks).toEqual(formerTrunks)
})

test('a plan lists the lengths of all its numbers, and of subscriber numbers', () => {
  const { lengths, subscriberLengths, fixedLength } = planOf('RU')
  expect([[...lengths], [...subscriberLengths], fixedLength]).toEqual([[10, 14], [10], 10])
  expect([...planOf('CN').subscriberLengths]).toContain(11)
  expect([...planOf('EE').subscriberLengths]).toEqual([7, 8])
  expect(planOf('EE').fixedLength).toBe(7)
  // Satellites and freephone numbers of no country.
  expect([planOf('881').fixedLength, [...planOf('881').subscriberLengths]]).toEqual([0, [9, 10]])
  expect([planOf('800').fixedLength, [...planOf('800').subscriberLengths]]).toEqual([0, []])
})

test('a plan knows what libphonenumber strips from the beginning of a number', () => {
  expect([planOf('ES').stripped, planOf('EE').stripped]).toEqual([null, null])
  const taken = ['02071838750', '2071838750', '12071838750'].map((digits) => planOf('GB').stripped?.test(digits))
  expect(taken).toEqual([true, false, false])
})

test.each(['ZZ', '999', ''])('%j has no plan', (country) => expect(numberingPlanOf(country)).toBeNull())

test.each([
  ['+442071838750', 'GB'],
  ['+441534456789', 'JE'],
  ['+12462345678', 'BB'],
  ['+77012345678', 'KZ'],
  ['+79161234567', 'RU'],
  ['+440000000000', '44'],
  ['+3900000', '39']
])('%s belongs to the plan of %s', (number, country) => {
  expect(planOfNumber(number)).toBe(numberingPlanOf(country))
  expect(planOfNumber(number)).toBe(numberingPlanOf(country))
})

test('a number with an unassigned country code has no plan', () => {
  expect(['+999123', '+999123', '+'].map(planOfNumber)).toEqual([null, null, null])
})

test.each([
  ['14155550100', '1'],
  ['442071838750', '44'],
  ['35312345678', '353'],
  ['88161234', '881'],
  ['44', '44'],
  ['4', undefined],
  ['999', undefined],
  ['0', undefined],
  ['', undefined]
])('%j begins with the country code %s', (digits, code) => expect(countryCodeOf(digits)).toBe(code))

test('all country codes are known, including those without a country, and none begins with another', () => {
  const codes = countryCodes()
  expect(codes).toEqual(expect.arrayContaining(['1', '7', '44', '353', '800', '881']))
  expect(codes.filter((code) => countryCodeOf(code) !== code)).toEqual([])
})

test.each<[string, 0 | 1 | 2]>([
  ['+442071838750', 2],
  ['+14155550123', 2],
  ['+447911123456', 2],
  ['+447012345678', 2],
  ['+445612345678', 2],
  ['+18005550123', 1],
  ['+80012345678', 1],
  ['+449098790879', 1],
  ['+440000000000', 0],
  ['+999', 0],
  ['', 0]
])('%s weighs %d', (number, weight) => {
  expect([weightOf(number), isAssigned(number)]).toEqual([weight, weight > 0])
})

test.each([
  ['+442071838750', '02071838750'],
  ['+14155550123', '4155550123'],
  ['+3612345678', '0612345678'],
  ['+999', undefined],
  ['+', undefined]
])('the national form of %s is %s', (number, written) => expect(nationalForm(number)).toBe(written))

test.each([
  ['GB', '02071838750', '+442071838750'],
  ['GB', '2071838750', '+442071838750'],
  ['GB', '123', '+44123'],
  ['GB', '1'.repeat(13), `+44${'1'.repeat(13)}`],
  ['GB', '1'.repeat(14), undefined],
  ['GB', `0${'1'.repeat(13)}`, `+44${'1'.repeat(13)}`],
  ['GB', '1'.repeat(18), undefined],
  ['GB', '0', undefined],
  ['DE', '1', undefined],
  ['DE', '12', '+4912'],
  ['44', '02071838750', '+442071838750'],
  ['44', '1901234567', '+441901234567'],
  ['44', `0${'1'.repeat(13)}`, `+44${'1'.repeat(13)}`],
  ['1', '4155550123', '+14155550123'],
  ['US', '0123456', '+10123456'],
  ['IT', '0612345678', '+390612345678'],
  ['AR', '0111523456789', '+5491123456789'],
  ['BB', '2345678', '+12462345678'],
  ['JE', '456789', '+441534456789']
])('for %s, %s is %s', (country, digits, number) => expect(planOf(country).national(digits)).toBe(number))

test.each([
  ['+440', '+44'],
  ['+4400', '+44'],
  ['+44020', '+4420'],
  ['+44207', '+44207'],
  ['+4420', '+4420'],
  ['+81012', '+81012'],
  ['+9101', '+9101'],
  ['+3906', '+3906'],
  ['+3606', '+3606'],
  ['+10', '+10'],
  ['+999', '+999'],
  ['+', '+']
])('the prefix %s is the same as %s', (prefix, meant) => expect(withoutTrunkInPrefix(prefix)).toBe(meant))

test.each([
  ['+4402071838750', '+442071838750'],
  ['+442071838750', '+442071838750'],
  ['+4401234', '+441234'],
  ['+440123', '+440123'],
  ['+440', '+440'],
  ['+81012345678', '+8112345678'],
  ['+390612345678', '+390612345678'],
  ['+3903123456789', '+3903123456789'],
  ['+784951234567', '+74951234567'],
  ['+7800123', '+7800123'],
  ['+36061234', '+36061234'],
  ['+999123', '+999123'],
  ['+', '+']
])('%s without its trunk prefix is %s', (number, without) => expect(withoutTrunkPrefix(number)).toBe(without))

test.each(['39', '378', '225', '229', '241', '242', '47', '62', '66', '81', '91', '359', '507', '598', '800'])(
  'numbers of +%s may begin with 0',
  (code) => expect([beginsWithZero(planOf(code)), beginsWithZero(planOf(code))]).toEqual([true, true])
)

test('a plan without numbers that begin with 0 has none in the metadata', () => {
  const starts = Array.from({ length: 400 }, (_, index) => `0${String((index * 7919_7919) % 1_000_000_007)}`)
  const wrong = countryCodes().filter((code) => {
    const plan = planOf(code)
    if (beginsWithZero(plan)) return false
    return [...plan.lengths].some((length) =>
      starts.some((start) => plan.pattern.test(start.padEnd(length, start).slice(0, length)))
    )
  })
  expect(wrong).toEqual([])
  expect(['1', '7', '33', '44', '49'].map((code) => beginsWithZero(planOf(code)))).toEqual([
    false,
    false,
    false,
    false,
    false
  ])
})
