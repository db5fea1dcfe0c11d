// Devices that lead back to the site's own numbers.
import { type PhoneNumber, PhoneNumberFormat, PhoneNumberType, PhoneNumberUtil } from 'google-libphonenumber'
import { trunkOf } from '../numbering/trunk-of'
import { faultsAfter } from '../given-rules'

const warningsOf = (dial: string) =>
  faultsAfter(`INSERT INTO overrides (number, kind, value) VALUES ('+442071838750', 'forward', '${dial}')`)

test.each([
  'PJSIP/+442071838750@trunk',
  'PJSIP/442071838750@trunk',
  'PJSIP/02071838750@trunk',
  'SIP/trunk/00442071838750',
  'SIP/trunk/+442071838750'
])('%s is the number itself through a trunk, and gives a warning', (dial) => {
  expect(warningsOf(dial)).toEqual([
    `warning overrides (+442071838750): the target ${dial} is the virtual number +442071838750, and a call to it comes back as a new one; dial a phone, or another number`
  ])
})

test('another virtual number, written as a number, gives a warning, and the cure names its rules', () => {
  expect(warningsOf('+14155550100')).toEqual([
    'warning overrides (+442071838750): the target +14155550100 is a virtual number, and a call to it comes back through the trunk as a new one; write number:+14155550100, which rings its targets at once'
  ])
})

test('another virtual number behind a trunk gives a warning, and the cure names its rules', () => {
  expect(warningsOf('SIP/trunk/+14155550100')).toEqual([
    expect.stringContaining('comes back as a new one; write number:+14155550100, which rings its targets at once')
  ])
})

test.each(['PJSIP/442071838750', 'PJSIP/+447700900123@trunk', 'PJSIP/2001@branch', 'DAHDI/1'])(
  "%s is none of the site's own numbers",
  (dial) => {
    expect(warningsOf(dial)).toEqual([])
  }
)

const itself = 'the target number:+442071838750 is the virtual number itself; dial a phone, or another number'
const nowhere =
  'number:+442071838759 leads nowhere, there is no virtual number +442071838759; add it to virtual_numbers, or correct it'
const phoneNamed = (name: string) =>
  `rings the phone that Asterisk knows as ${name}, and calls no emergency number; give the phone another name, so that nobody takes it for the emergency number`

test.each([
  ['number:+442071838750', `error overrides (+442071838750): ${itself}`],
  ['+442071838750', `error overrides (+442071838750): ${itself.replace('number:', '')}`],
  ['number:+442071838759', `error overrides (+442071838750): ${nowhere}`],
  ['PJSIP/112', `warning overrides (+442071838750): the target PJSIP/112 ${phoneNamed('112')}`],
  ['SIP/911', `warning overrides (+442071838750): the target SIP/911 ${phoneNamed('911')}`]
])('%s is explained', (dial, fault) => {
  expect(warningsOf(dial)).toEqual([fault])
})

test.each([
  [
    'number:+442071838750',
    'the fallback number:+442071838750 is the virtual number itself; write busy, voicemail:… or another number'
  ],
  ['number:+442071838759', nowhere],
  [
    'number:+112',
    'target "number:+112" would call the emergency number 112; write the number in full, like +442071838750'
  ],
  [
    'number:x',
    'fallback "number:x" is not an international number; write + and the country code, like number:+14155550199'
  ]
])('the fallback %s is explained, even if the constraints would have refused it', (fallback, fault) => {
  const sql = `UPDATE rules SET fallback = '${fallback}' WHERE name = 'day'`
  expect(faultsAfter(sql, { force: true })).toEqual([`error rules (+442071838750, day): ${fault}`])
})

const google = PhoneNumberUtil.getInstance()
const e164 = (number: PhoneNumber) => google.format(number, PhoneNumberFormat.E164)

/** Of a country: a fixed-line and a mobile number, with what is dialled before them there. */
const examples = google.getSupportedRegions().flatMap((region) =>
  [PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE].flatMap((type) => {
    const number = google.getExampleNumberForType(region, type) as PhoneNumber | null
    const code = String(google.getCountryCodeForRegion(region))
    return number === null ? [] : [{ number: e164(number), code, trunk: trunkOf(region) }]
  })
)

/** Those of these targets that are doubted, with what is to be written instead. */
function doubted(targets: readonly string[]): ReadonlyMap<string, string> {
  const rows = [...new Set(targets)].map((dial) => `('+442071838750', 'all', 1, '${dial}')`)
  const faults = faultsAfter(`
    INSERT INTO dial_policy (prefix, verdict) VALUES ('+', 'allow');
    INSERT INTO rules (number, name, position) VALUES ('+442071838750', 'all', 90);
    INSERT INTO targets (number, rule, step, dial) VALUES ${rows.join(', ')};`)
  return new Map(
    faults.flatMap((fault) => {
      const [, dial, present] = /carriers may not connect ([+0-9]+): .*; write ([+0-9]+)$/.exec(fault) ?? []
      return dial === undefined || present === undefined ? [] : [[dial, present] as const]
    })
  )
}

test("numbers of every country are accepted as they are written, except Gabon's from before 2019", () => {
  const found = [...doubted(examples.map(({ number }) => number)).keys()]
  expect(found.filter((number) => !number.startsWith('+2410'))).toEqual([])
})

test('a number of any country that still contains its trunk prefix gives a warning, and the cure is the number', () => {
  const left = examples
    .filter(({ trunk }) => trunk !== '')
    .map(({ number, code, trunk }) => ({ number, dial: `+${code}${trunk}${number.slice(1 + code.length)}` }))
    .filter(({ dial }) => dial.length <= 16 && e164(google.parse(dial)) !== dial)
  expect(left.length).toBeGreaterThan(150)
  const found = doubted(left.map(({ dial }) => dial))
  expect(left.filter(({ number, dial }) => found.get(dial) !== number)).toEqual([])
})

test('a number from before a change of its plan gives a warning, and the cure is the new number', () => {
  expect([...doubted(['+5215512345678'])]).toEqual([['+5215512345678', '+525512345678']])
})

test('a target abroad or at a premium rate is an error until dial_policy allows it, and a denied one always is', () => {
  const target = (dial: string) =>
    `INSERT INTO targets (number, rule, step, dial) VALUES ('+442071838750', 'vip', 1, '${dial}');`
  const allow = (prefix: string) => `INSERT INTO dial_policy (prefix, verdict) VALUES ('${prefix}', 'allow');`
  expect(faultsAfter(target('+23276123456'))).toEqual([
    'error targets (+442071838750, vip, 1, +23276123456): target "+23276123456" is in a country without a virtual number ' +
      "(Sierra Leone), and dial_policy does not allow it; dial another number, or add ('+232', 'allow') to dial_policy if this is meant"
  ])
  expect(faultsAfter(target('+23276123456') + allow('+232'))).toEqual([])
  expect(faultsAfter(target('PJSIP/00449098790000@trunk'))).toEqual([expect.stringContaining('a premium-rate number')])
  expect(faultsAfter(target('+447700900123'))).toEqual([])
  expect(
    faultsAfter(
      `${target('+447700900123')} INSERT INTO dial_policy (prefix, verdict, note) VALUES ('+4477', 'deny', 'costs too much')`
    )
  ).toEqual([expect.stringContaining('is denied by the row +4477 of dial_policy (costs too much); change that row')])
})

test('a forward abroad is an error too', () => {
  expect(warningsOf('+23276123456')).toEqual([expect.stringMatching(/^error overrides .*Sierra Leone/)])
})

test.each([
  ['+4409', 'no number begins with +4409: the 0 is not part of it; write +449'],
  ['+999', 'no number begins with +999: no country has this code; correct the prefix, or delete this row']
])('a policy row for %s is an error, because it would have no effect', (prefix, message) => {
  const row = `INSERT INTO dial_policy (prefix, verdict) VALUES ('${prefix}', 'deny')`
  expect(faultsAfter(row)).toEqual([`error dial_policy (${prefix}): ${message}`])
})

test.each([
  [
    "('+', 'limit', 2, NULL), ('+44', 'allow', 5, NULL)",
    ['max_calls 5 is never reached: the row + allows no more than 2']
  ],
  [
    "('+4', 'limit', NULL, 5), ('+44', 'allow', 9, 5)",
    ['max_per_hour 5 is never reached: the row +4 allows no more than 5']
  ],
  ["('+', 'limit', 5, NULL), ('+44', 'allow', 4, 9)", []],
  ["('+34', 'limit', 2, NULL), ('+44', 'allow', 5, NULL)", []]
])('a limit that another always reaches first gives a warning: %s', (rows, messages) => {
  const faults = faultsAfter(`INSERT INTO dial_policy (prefix, verdict, max_calls, max_per_hour) VALUES ${rows}`)
  expect(faults).toEqual(
    messages.map((each) => expect.stringContaining(`warning dial_policy (+44): ${each}`) as string)
  )
})
