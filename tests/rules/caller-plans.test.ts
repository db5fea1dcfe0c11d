// What one numbering plan does otherwise than others: no trunk prefix 0, ten digits, national forms of another country code.
import { callerOf, entriesFor, matchesPattern } from '../../src/rules/caller'
import { PhoneNumberFormat, PhoneNumberType, PhoneNumberUtil } from 'google-libphonenumber'
import { numberingPlanOf, withoutTrunkInPrefix } from '../../src/rules/numbering/numbering-plan'

const british = '+442071838000'
const american = '+14155550100'
const french = '+33142685300'
const google = PhoneNumberUtil.getInstance()
const regions = google.getSupportedRegions()

test.each([
  [british, '+10123456789', '+10123456789'],
  [american, '+10123456789', '+10123456789'],
  [american, '10123456789', '+10123456789'],
  [american, '+10012345678', '+10012345678'],
  [american, '0123456789', '0123456789'],
  [british, '+34012345678', '+34012345678'],
  [british, '+4502123456', '+4502123456'],
  [british, '+2250912345678', '+2250912345678'],
  ['+48221234500', '+480221234567', '+48221234567']
])(
  'for %s, the 0 in %j is a trunk prefix only if the plan has one or the number without it is assigned',
  (to, sent, is) => {
    expect(callerOf(sent, to).number).toBe(is)
  }
)

test("a prefix loses the 0 after its country code only if the plan's trunk prefix is 0", () => {
  const lost = regions.filter((region) => {
    const code = String(google.getCountryCodeForRegion(region))
    return withoutTrunkInPrefix(`+${code}0`) !== `+${code}0` && numberingPlanOf(code)?.trunk !== '0'
  })
  expect(lost).toEqual([])
  expect(['+10', '+340', '+70', '+440'].map(withoutTrunkInPrefix)).toEqual(['+10', '+340', '+70', '+44'])
  const spoofed = callerOf('+10123456789', american)
  expect(['+10*', '+10123456789'].filter((pattern) => !matchesPattern(pattern, spoofed))).toEqual([])
  expect(matchesPattern('+10*', callerOf('+14155550123', american))).toBe(false)
})

test('ten digits NXXNXXXXXX are national in North America, whatever their area code', () => {
  const areas = Array.from({ length: 800 }, (_, index) => String(200 + index))
  const read = areas.map((area) => callerOf(`${area}5550123`, american).number)
  expect(read).toEqual(areas.map((area) => `+1${area}5550123`))
  expect(callerOf('2425550124', american).number).toBe('+12425550124')
  expect(callerOf('4735550123', american, 'international').number).toBe('+4735550123')
  expect(['42155501234', '4930123456'].map((sent) => callerOf(sent, american).number)).toEqual([
    '+42155501234',
    '+4930123456'
  ])
})

test.each([
  ['+390612345678', '447700900123', '+447700900123'],
  ['+390612345678', '3331234567', '+393331234567'],
  ['+390612345678', '0612345678', '+390612345678'],
  ['+61291234567', '131415', '131415'],
  ['+74951234567', '+89161234567', '+79161234567'],
  ['+74951234567', '+84951234567', '+84951234567'],
  [british, '+89161234567', '+89161234567'],
  ['+380441234567', '80501234567', '+380501234567'],
  ['+35312345678', '048 9012 3456', '+442890123456'],
  ['+35312345678', '0412123456', '+353412123456']
])('for %s, %j is %s', (to, sent, is) => {
  expect(callerOf(sent, to).number).toBe(is)
})

// Some carriers write a 0 where the plan has no trunk prefix: the number has to be long enough without it.
test.each([
  ['+4722123456', '022123457', '+4722123457'],
  ['+298201234', '0202345', '+298202345'],
  ['+29022158', '051234', '051234'],
  [american, '02123456', '02123456'],
  ['+375152450911', '022345678', '022345678'],
  ['+23054480123', '03082345', '+2303082345'],
  ['+3612345678', '012345679', '+3612345679'],
  ['+3612345678', '0170741506', '+36170741506']
])('for %s, %j with an extra 0 is %s', (to, sent, is) => {
  expect(callerOf(sent, to).number).toBe(is)
})

// Neither a plus nor a prefix: as the plan writes its own numbers, or with a country code.
test.each([
  ['+551123456789', '4532123456', '+554532123456'],
  ['+6432345678', '33456789', '+6433456789'],
  ['+6432345678', '31763445', '+6431763445'],
  ['+842101234567', '848123456', '+84848123456'],
  ['+966112345678', '966234567', '+966234567'],
  ['+17215425678', '15425678', '+15425678'],
  [british, '44123456', '+44123456'],
  [british, '441234567890123', '+441234567890123'],
  [british, '6834002', '+6834002'],
  [british, '907183875', '+44907183875'],
  [british, '9911234567890', '9911234567890'],
  [british, 'a207183875', 'a207183875'],
  [british, '4155550123x', '4155550123x'],
  ['+62218350123', '80012345678', '+80012345678'],
  ['+62218350123', '80800123456', '+80800123456'],
  ['+74951234567', '80001234567', '+74001234567'],
  ['+22822212345', '1123456789', '+1123456789'],
  ['+3726012000', '59999999', '+37259999999'],
  ['+8613912345678', '99999999', '+8699999999'],
  ['+672322345', '22346', '+672322346'],
  ['+468123456', '8123457', '8123457'],
  ['+468123456', '1123456', '1123456'],
  ['+999123', '442071838750', '+442071838750'],
  ['+999123', '7123456', '7123456'],
  ['+999123', '+89161234567', '+89161234567']
])('for %s, the digits %j are %s', (to, sent, is) => {
  expect(callerOf(sent, to).number).toBe(is)
})

// Too long or too short for any number of their country, or with two prefixes that fit.
test.each([
  [british, '00331426853001', '+331426853001'],
  [british, '00331426853001234', '+331426853001234'],
  [british, '003314268530012345', '003314268530012345'],
  [american, '003314268', '+3314268'],
  [american, '00331426', '00331426'],
  [french, '01426853', '+331426853'],
  ['+982123456789', '0098601', '+98601'],
  ['+59821231234', '008444661', '+8444661'],
  ['+6561234567', '00065312345671', '+65312345671'],
  ['+61291234567', '0011298001234', '+298001234'],
  ['+59122123456', '0014534412345', '+14534412345'],
  ['+85221234567', '001852900123456781', '001852900123456781'],
  ['+992372123456', '810992123456', '+81992123456'],
  ['+34912345678', '+18656696', 'anonymous']
])('for %s, %j with an international prefix or an unusual length is %s', (to, sent, is) => {
  expect(callerOf(sent, to).number).toBe(is)
})

test.each([
  ['++442079460018', '+442079460018'],
  ['+14155550123@192.0.2.1', '+14155550123'],
  ['"4155550123"', '+14155550123'],
  ['<4155550123>', '+14155550123'],
  ['"Bob 2" <sip:+14155550123@192.0.2.1;user=phone>', '+14155550123'],
  ['anonymous@192.0.2.1', 'anonymous'],
  ['tel:020-7946-0018;phone-context=+44', '+442079460018'],
  ['tel:555-0123;phone-context=+1415', '+14155550123'],
  ['tel:4155550123;phone-context=example.com', '+14155550123'],
  ['tel:100;phone-context=+44', '100'],
  ['+1266696687', 'anonymous'],
  ['+442562533', 'anonymous'],
  ['+46266696687', '+46266696687']
])('for a number in North America, %j is %s', (sent, is) => {
  expect(callerOf(sent, american).number).toBe(is)
})

const homes = [french, '+590590271234', '+262262123456', '+594594101234', '+596596301234']
const departments = ['FR', 'GP', 'MF', 'BL', 'RE', 'YT', 'GF', 'MQ']

test.each(departments)(
  'national numbers of %s, between France and its departments, get the right country code',
  (region) => {
    const examples = [PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE].map((type) =>
      google.getExampleNumberForType(region, type)
    )
    for (const number of examples) {
      const meant = google.format(number, PhoneNumberFormat.E164)
      const national = `0${google.getNationalSignificantNumber(number)}`
      const known = homes.map((home) => callerOf(national, home))
      expect(known.map((each) => each.number)).toEqual(homes.map(() => meant))
      const international = homes.map((home) => callerOf(meant, home))
      expect(international.every((each) => entriesFor(each).includes(national))).toBe(true)
    }
  }
)

test('service numbers belong to the called country, and other countries read the same digits as their own', () => {
  expect(callerOf('0892123456', '+590590271234').number).toBe('+590892123456')
  expect(callerOf('0590123456', '+493023125000').number).toBe('+49590123456')
})
