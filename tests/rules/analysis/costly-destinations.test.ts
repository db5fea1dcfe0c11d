// The destinations of the rules that cost more than a domestic call.
import { costlyDestinations } from '../../../src/rules/analysis/costly-destinations'
import { indexOf, type RuleSet } from '../../../src/rules/rule-tables'
import { noRules } from '../../../src/store/rules/rule-tables'
import { callerAsTheyCame } from '../given-numbers'

const number = '+14155550100'

/** A site in California with these targets of its rule `day`, and these rows that allow. */
function given(dials: readonly string[], allowed: readonly string[] = [], change: Partial<RuleSet> = {}) {
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

test('each destination names the rules and overrides that lead there; disabled targets lead nowhere', () => {
  const overrides = [{ number, kind: 'forward', value: '+442071838751', expiresAt: null, setBy: null }] as const
  expect(given(['+442071838750'], ['+44'], { overrides })).toMatchObject([
    { numbers: ['+442071838750', '+442071838751'], by: [number, `${number}, day`] }
  ])
  const targets = [{ number, rule: 'day', step: 1, dial: '+442071838750', ringSeconds: 20, enabled: false }]
  expect(given([], ['+44'], { targets })).toEqual([])
})
