import { failsafeSteps, maxFailsafeSteps, sameSteps, targetOf } from '../../src/failsafe/plan-rows'
import { type Decision, decide } from '../../src/rules/decide'
import { DialPolicy, type PolicyRow } from '../../src/rules/dial-policy'
import { unlistedCaller } from '../../src/rules/number'
import type { NumberRules } from '../../src/rules/rule'
import { noTrunks } from '../../src/rules/trunks'
import { number as numberOf, rule } from '../rules/given-numbers'

const own = '+14155550100'
const trunk = 'PJSIP/{number}@trunk'

type Step = readonly { readonly dial: string; readonly ringSeconds: number }[]

function decided(
  steps: readonly Step[],
  fallback = 'busy',
  enabled = true,
  number = own,
  given: Partial<NumberRules> = {}
): Decision {
  const targets = steps.flatMap((step, index) => step.map((target) => ({ step: index + 1, ...target })))
  const rules = numberOf(number, [rule('day', targets)], { enabled, fallback, ...given })
  return decide(number, unlistedCaller, 0, new Map([[number, rules]]))
}

const ring = (dial: string, ringSeconds = 20) => ({ dial, ringSeconds })

test('the rows are the steps in order, then the fallback', () => {
  const decision = decided([[ring('PJSIP/alice', 15)], [ring('+442071838750', 25)]], 'voicemail:100@default')
  expect(failsafeSteps(decision, trunk)).toEqual([
    { dial: 'PJSIP/alice', ringSeconds: 15, fallback: null, rule: 'day' },
    { dial: 'PJSIP/+442071838750@trunk', ringSeconds: 25, fallback: null, rule: 'day' },
    { dial: null, ringSeconds: null, fallback: 'voicemail:100@default', rule: 'day' }
  ])
})

test('targets that ring together are one step with the longest ring time', () => {
  const [together] = failsafeSteps(decided([[ring('PJSIP/bob', 10), ring('+442071838750', 30)]]), trunk)
  expect(together).toMatchObject({ dial: 'PJSIP/bob&PJSIP/+442071838750@trunk', ringSeconds: 30 })
})

test('targets that the live path would not dial are left out', () => {
  const refused = ['Local/100@from-internal', 'PJSIP/a&PJSIP/b', 'PJSIP/a,60,g', 'PJSIP/${SHELL(id)}', '00442071838750']
  const steps = failsafeSteps(decided([refused.map((dial) => ring(dial)), [ring('PJSIP/alice')]]), trunk)
  expect(steps.map(({ dial }) => dial)).toEqual(['PJSIP/alice', null])
})

test('emergency numbers are left out, and so is a step with nothing else', () => {
  const refused = ['+911', 'PJSIP/112@trunk'].map((dial) => ring(dial))
  const steps = failsafeSteps(decided([refused, [...refused, ring('PJSIP/alice')]]), trunk)
  expect(steps.map(({ dial }) => dial)).toEqual(['PJSIP/alice', null])
})

test.each([
  ['of the virtual number’s own country', '+493012345678', 'PJSIP/11833@trunk', trunk],
  ['that the trunk would turn into an emergency call', own, '+442071838750', 'PJSIP/911{number}@trunk']
])('a target %s is left out', (_, number, dial, through) => {
  const steps = failsafeSteps(decided([[ring(dial), ring('PJSIP/alice')]], 'busy', true, number), through)
  expect(steps.map((step) => step.dial)).toEqual(['PJSIP/alice', null])
})

test('an unknown number has no steps; a disabled number is refused', () => {
  expect(failsafeSteps(decide(own, unlistedCaller, 0, new Map()), trunk)).toEqual([])
  expect(failsafeSteps(decided([[ring('PJSIP/alice')]], 'busy', false), trunk)).toEqual([
    { dial: null, ringSeconds: null, fallback: 'hangup', rule: null }
  ])
})

test('more targets than the dialplan can read at once are split into several steps', () => {
  const dials = Array.from({ length: 200 }, (_, index) => `+4420718${String(10000 + index)}`)
  const steps = failsafeSteps(decided([dials.map((dial) => ring(dial))]), trunk)
  const rung = steps.flatMap(({ dial }) => dial?.split('&') ?? [])
  expect(rung.sort()).toEqual(dials.map((dial) => `PJSIP/${dial}@trunk`).sort())
  expect(Math.max(...steps.map(({ dial }) => dial?.length ?? 0))).toBeLessThan(2100)
})

test.each([
  [994, 993, 1],
  [994, 994, 2],
  [1993, 1, 2]
])('names of %i and %i characters make %i steps, none longer than 2,000 characters', (one, other, count) => {
  const named = (length: number) => ring(`PJSIP/${'a'.repeat(length - 1)}${String(length % 10)}`)
  const steps = failsafeSteps(decided([[named(one), { ...named(other), dial: `PJSIP/${'b'.repeat(other)}` }]]), trunk)
  expect(steps.slice(0, -1)).toHaveLength(count)
  expect(Math.max(...steps.map(({ dial }) => dial?.length ?? 0))).toBeLessThanOrEqual(2000)
})

test('a plan longer than the dialplan can follow keeps its fallback', () => {
  const steps = failsafeSteps(
    decided(
      Array.from({ length: 300 }, () => [ring('PJSIP/alice')]),
      'hangup'
    ),
    trunk
  )
  expect(steps).toHaveLength(maxFailsafeSteps)
  expect(steps.at(-1)).toMatchObject({ dial: null, fallback: 'hangup' })
})

test('two plans are the same if all their steps are equal', () => {
  const steps = failsafeSteps(decided([[ring('PJSIP/alice')]]), trunk)
  expect(sameSteps(steps, [...steps])).toBe(true)
  expect(sameSteps(steps, steps.slice(1))).toBe(false)
  expect(sameSteps(steps.slice(0, 1), steps)).toBe(false)
  for (const changed of [{ dial: 'PJSIP/bob' }, { ringSeconds: 1 }, { fallback: 'busy' }, { rule: 'night' }]) {
    expect(sameSteps(steps, [{ ...steps[0]!, ...changed }, ...steps.slice(1)])).toBe(false)
  }
})

test.each([
  ['PJSIP/+442071838750@trunk', '+442071838750'],
  ['PJSIP/+442071838750@other', 'PJSIP/+442071838750@other'],
  ['IAX2//+442071838750@trunk', 'IAX2//+442071838750@trunk'],
  ['PJSIP/100@trunk', 'PJSIP/100@trunk'],
  ['PJSIP/alice', 'PJSIP/alice']
])('%s was written as %s in a rule', (endpoint, written) => {
  expect(targetOf(endpoint, own, { trunk, trunks: noTrunks })).toEqual({ dial: written, trunk: null })
})

const limited = (prefix: string, maxCalls: number | null, maxPerHour: number | null = null) => ({
  ...{ prefix, verdict: 'limit' as const, note: null },
  ...{ maxCalls, maxPerHour, maxMinutesDay: 60 }
})
const within = (rows: readonly PolicyRow[], usedUp: readonly string[] = []) => ({
  policy: new DialPolicy(rows, []),
  usedUp: new Set(usedUp)
})
const [london, paris] = ['+442071838750', '+33140000000']

test('a target with limits gets a row of its own with all its limits; the other targets ring without limits', () => {
  const decision = decided([[ring(london, 30), ring('PJSIP/alice', 10), ring(paris), ring('PJSIP/bob', 10)]])
  const rows = [limited('+', 20), limited('+44', 9, 4), limited('+447', 1)]
  const ofDay = { fallback: null, rule: 'day' }
  expect(failsafeSteps(decision, trunk, within(rows))).toEqual([
    {
      dial: 'PJSIP/alice&PJSIP/bob',
      ringSeconds: 30,
      limitedDial: 'PJSIP/+442071838750@trunk',
      limits: '44:4&0:20',
      ...ofDay
    },
    { dial: '', ringSeconds: 20, limitedDial: 'PJSIP/+33140000000@trunk', limits: '0:20', ...ofDay },
    { dial: null, ringSeconds: null, fallback: 'busy', rule: 'day' }
  ])
})

test.each<[string, readonly PolicyRow[], readonly string[], string]>([
  ['without a limit', [], [], 'PJSIP/alice&PJSIP/+442071838750@trunk'],
  ['with a limit of minutes only', [limited('+44', null)], [], 'PJSIP/alice&PJSIP/+442071838750@trunk'],
  ['with one that is used up', [limited('+44', null), limited('+', 5)], ['+44'], 'PJSIP/alice'],
  ['with one of another prefix that is used up', [limited('+33', 1)], ['+33'], 'PJSIP/alice&PJSIP/+442071838750@trunk']
])('a target %s is dialled without a limit or left out', (_what, rows, usedUp, dial) => {
  const steps = failsafeSteps(decided([[ring('PJSIP/alice'), ring(london)]]), trunk, within(rows, usedUp))
  expect(steps[0]).toMatchObject({ dial })
  expect(steps[0]?.limitedDial).toBeUndefined()
})

test('steps with different limits are different', () => {
  const steps = (most: number) => failsafeSteps(decided([[ring(london)]]), trunk, within([limited('+44', most)]))
  expect(sameSteps(steps(1), steps(1))).toBe(true)
  expect(sameSteps(steps(1), steps(2))).toBe(false)
  expect(sameSteps(steps(1), failsafeSteps(decided([[ring(london)]]), trunk))).toBe(false)
})

describe('a number with max_calls', () => {
  const full = (maxCalls: number, fallbackFull: string | null, steps: readonly Step[] = [[ring('PJSIP/alice')]]) =>
    failsafeSteps(decided(steps, 'busy', true, own, { maxCalls, fallbackFull }), trunk)

  test('has max_calls in the first row, and rows for further calls after the plan', () => {
    expect(full(2, 'announce:full')).toEqual([
      { dial: 'PJSIP/alice', ringSeconds: 20, fallback: null, rule: 'day', maxCalls: 2, fullStep: 3 },
      { dial: null, ringSeconds: null, fallback: 'busy', rule: 'day' },
      { dial: null, ringSeconds: null, fallback: 'announce:full', rule: null }
    ])
    expect(full(2, null).at(-1)).toMatchObject({ fallback: 'busy', rule: null })
    expect(sameSteps(full(2, null), full(3, null))).toBe(false)
    expect(sameSteps(full(2, null), full(2, null))).toBe(true)
  })

  test('has no max_calls if nobody rings', () => {
    expect(full(2, 'announce:full', [])).toHaveLength(1)
    expect(full(2, 'announce:full', [[ring('PJSIP/112@trunk')]]).every(({ maxCalls }) => maxCalls === undefined)).toBe(
      true
    )
  })
})

test('every row that rings has the caller IDs for phones and trunks', () => {
  const steps = [[ring('PJSIP/alice'), ring('+442071838750')], [ring('PJSIP/+442079460000@trunk')]]
  const shown = { callerIdPolicy: 'outside', namePrefix: 'Sales: ', alertInfo: '<x>' } as const
  const rows = failsafeSteps(decided(steps, 'busy', true, own, { ...shown, callerId: '+14155550199' }), trunk)
  const row = { outsideCaller: '+14155550199', namePrefix: 'Sales: ', alertInfo: '<x>' }
  expect(rows).toMatchObject([row, row, { fallback: 'busy' }])
  expect(rows[2]).not.toHaveProperty('outsideCaller')
  const fixed = { callerIdPolicy: 'fixed', callerId: '+14155550199', maxCalls: 1 } as const
  expect(failsafeSteps(decided(steps, 'busy', true, own, fixed), trunk)[0]).toMatchObject({
    outsideCaller: '+14155550199',
    insideCaller: '+14155550199',
    maxCalls: 1
  })
})

test.each(['outsideCaller', 'insideCaller', 'namePrefix', 'alertInfo'])(
  'rows with another %s are not the same',
  (change) => {
    const rows = failsafeSteps(decided([[ring('PJSIP/alice')]]), trunk)
    expect(sameSteps(rows, rows)).toBe(true)
    expect(sameSteps(rows, [{ ...rows[0]!, [change]: 'another' }, ...rows.slice(1)])).toBe(false)
  }
)
