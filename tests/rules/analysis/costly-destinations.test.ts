// The destinations of the rules that cost more than a domestic call.
import { costlyDestinations } from '../../../src/rules/analysis/costly-destinations'
import type { Override } from '../../../src/rules/rule'
import { indexOf, type RuleSet } from '../../../src/rules/rule-tables'
import { noRules } from '../../../src/store/rules/rule-tables'
import { callerAsTheyCame } from '../given-numbers'

const number = '+14155550100'

const own = {
  number,
  label: '',
  enabled: true,
  timeZone: 'UTC',
  fallback: 'busy',
  maxCalls: null,
  fallbackFull: null,
  ...callerAsTheyCame
}

/** A site in California with these targets of its rule `day`, and these rows that allow. */
function given(dials: readonly string[], allowed: readonly string[] = [], change: Partial<RuleSet> = {}) {
  const rule = { number, name: 'day', position: 1, schedule: null, callers: null, validFrom: null, validUntil: null }
  return costlyDestinations(
    indexOf({
      ...noRules,
      numbers: [own],
      rules: [{ ...rule, enabled: true, fallback: null }],
      targets: dials.map((dial) => ({ number, rule: 'day', step: 1, dial, ringSeconds: 20, enabled: true })),
      dialPolicy: allowed.map((prefix) => ({ prefix, verdict: 'allow', note: null })),
      ...change
    })
  )
}

test.each<[string, readonly string[]]>([
  ['a phone', ['PJSIP/alice']],
  ['a domestic number', ['+14155550123']],
  ['a refused target', ['+442071838750']],
  ['another number of the site', ['number:+14155550199']],
  ['a toll-free number', ['+18005550123']]
])('%s is not costly', (_, dials) => expect(given(dials)).toEqual([]))

test('costly kinds come before other countries, and kinds with more numbers come first', () => {
  const allowed = ['+', '+4490', '+881']
  const dials = ['+442071838750', '+37120123456', '+37120123457', 'PJSIP/00881612345678@trunk', '+449098790879']
  expect(given(dials, allowed).map(({ kind, country, numbers }) => [kind, country, numbers])).toEqual([
    ['satellite', null, ['+881612345678']],
    ['premium-rate', 'GB', ['+449098790879']],
    ['abroad', 'LV', ['+37120123456', '+37120123457']],
    ['abroad', 'GB', ['+442071838750']]
  ])
})

test.each<[string, string, readonly string[]]>([
  ['a premium-rate number at home', '+19005550123', ['premium-rate US']],
  ['another number of the site, in another country', 'number:+442071838750', []],
  ['an unassigned country code', '+2101234567', []],
  ['an international toll-free number', '+80012345678', []],
  ['a toll-free number of another country', '+448001111111', ['abroad GB']]
])('%s (%s) is listed as %j', (_, dial, costly) => {
  expect(given([dial], ['+', '+1900']).map(({ kind, country }) => `${kind} ${country ?? ''}`)).toEqual(costly)
})

test('countries that share a code are listed separately, as are networks without a country', () => {
  const dials = ['+442071838751', '+441534123456', '+442071838750', '+870773123456', '+881612345678']
  expect(given(dials, ['+', '+870', '+881']).map(({ kind, country, numbers }) => [kind, country, numbers])).toEqual([
    ['satellite', null, ['+870773123456']],
    ['satellite', null, ['+881612345678']],
    ['abroad', 'GB', ['+442071838750', '+442071838751']],
    ['abroad', 'JE', ['+441534123456']]
  ])
})

test('countries with equally many numbers are in the order of their codes', () => {
  const dials = ['+493023125000', '+33142685300', '+442071838750', '+37120123456']
  expect(given(dials, ['+']).map(({ country }) => country)).toEqual(['DE', 'FR', 'GB', 'LV'])
})

test('a virtual number with an unassigned country code does not hide the destinations', () => {
  expect(given(['+442071838750'], ['+44'], { numbers: [{ ...own, number: '+2101234567' }] })).toMatchObject([
    { kind: 'abroad', country: 'GB' }
  ])
})

test('a toll-free number of North America is not costly for Canada', () => {
  const numbers = [{ ...own, number: '+14165550100' }]
  expect(given(['+18005550123', '+14155550123'], ['+'], { numbers })).toMatchObject([{ numbers: ['+14155550123'] }])
})

test('only forward overrides count as destinations', () => {
  const override = { number, value: '+442071838750', expiresAt: null, setBy: null }
  const after = (change: Pick<Override, 'kind'> & { value?: null }) =>
    given([], ['+44'], { overrides: [{ ...override, ...change }] })
  expect(after({ kind: 'forward' })).toHaveLength(1)
  // A rule may have any name.
  expect(after({ kind: 'rule' })).toEqual([])
  expect(after({ kind: 'closed', value: null })).toEqual([])
  expect(after({ kind: 'forward', value: null })).toEqual([])
})

test('each destination names the rules and overrides that lead there; disabled targets lead nowhere', () => {
  const overrides = [{ number, kind: 'forward', value: '+442071838751', expiresAt: null, setBy: null }] as const
  expect(given(['+442071838750'], ['+44'], { overrides })).toMatchObject([
    { numbers: ['+442071838750', '+442071838751'], by: [number, `${number}, day`] }
  ])
  const targets = [{ number, rule: 'day', step: 1, dial: '+442071838750', ringSeconds: 20, enabled: false }]
  expect(given([], ['+44'], { targets })).toEqual([])
})
