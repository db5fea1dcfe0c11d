// The rows of the failsafe for numbers with several trunks, and for private ones.
import { failsafeSteps, sameSteps, targetOf } from '../../src/failsafe/plan-rows'
import { type FailsafeCall, recordsOfFailsafeCall } from '../../src/failsafe/failsafe-call'
import { DialPolicy, type PolicyRow } from '../../src/rules/dial-policy'
import { TargetLimits } from '../../src/rules/target-limits'
import { type TrunkRow, Trunks } from '../../src/rules/trunks'
import { a, decideWith, hunting, number, rule } from '../rules/given-numbers'

const [one, two] = ['+442071838750', '+447400123456']
const trunk = (name: string, changed: Partial<TrunkRow> = {}): TrunkRow => ({
  ...{ name, position: 1, dial: `PJSIP/{number}@${name}`, shows: 'caller', diversion: null, maxCalls: null },
  ...{ isPrivate: false, enabled: true, prefixes: [], ...changed }
})
const both = [trunk('a'), trunk('b', { position: 2 })]

/** The rows without what is null or the same in all of them. */
function rowsOf(
  trunks: readonly TrunkRow[],
  steps: readonly (readonly string[])[],
  limits: readonly PolicyRow[] = [],
  targets: readonly string[] = []
) {
  const policy = new DialPolicy(
    [{ prefix: '+', verdict: 'allow', note: null }, ...limits],
    [],
    new Trunks(trunks),
    new TargetLimits(targets.map((dial, index) => ({ dial, maxCalls: index + 1, wrapUpSeconds: 30 })))
  )
  const decision = decideWith([number(a, [rule('day', hunting(...steps))], { policy })])
  const rows = failsafeSteps(decision, 'PJSIP/{number}@unused', { policy, usedUp: new Set() })
  const isShown = ([column, value]: readonly [string, unknown]) =>
    value !== null && !['rule', 'ringSeconds'].includes(column)
  return rows.map((row) => Object.fromEntries(Object.entries(row).filter(isShown)))
}

test('a step is dialled through the first trunks, and what failed once more through the next ones', () => {
  const third = trunk('c', { position: 3, prefixes: ['+447'] })
  expect(rowsOf([...both, third], [['PJSIP/alice', one, two], ['PJSIP/bob']])).toEqual([
    { dial: `PJSIP/alice&PJSIP/${one}@a&PJSIP/${two}@a` },
    { dial: `PJSIP/${one}@b&PJSIP/${two}@b`, insteadOf: `PJSIP/${one}@a&PJSIP/${two}@a` },
    { dial: `PJSIP/${two}@c`, insteadOf: `PJSIP/${two}@b` },
    { dial: 'PJSIP/bob' },
    { fallback: 'busy' }
  ])
})

test('trunks that are shown something else do not ring in one row', () => {
  const rows = [trunk('a', { prefixes: ['+447'], diversion: 'unconditional' }), trunk('b', { shows: 'number' })]
  expect(rowsOf(rows, [['PJSIP/alice', two, one]])).toEqual([
    { dial: `PJSIP/alice&PJSIP/${two}@a`, diversion: 'unconditional' },
    { dial: `PJSIP/${one}@b`, outsideCaller: a },
    { dial: `PJSIP/${two}@b`, outsideCaller: a, insteadOf: `PJSIP/${two}@a` },
    { fallback: 'busy' }
  ])
})

test('a trunk with max_calls is a limit of its own, counted beside those of dial_policy', () => {
  const rows = [trunk('a', { maxCalls: 3 }), trunk('b', { position: 2 })]
  expect(rowsOf(rows, [['PJSIP/alice', one]])).toEqual([
    { dial: 'PJSIP/alice', limitedDial: `PJSIP/${one}@a`, limits: '001:3' },
    { dial: `PJSIP/${one}@b`, insteadOf: `PJSIP/${one}@a` },
    { fallback: 'busy' }
  ])
  const limit: PolicyRow = { prefix: '+44', verdict: 'limit', note: null, maxCalls: 5 }
  expect(rowsOf(rows, [[one, two]], [limit])).toEqual([
    { dial: '', limitedDial: `PJSIP/${one}@a`, limits: '44:5&001:3' },
    { dial: '', limitedDial: `PJSIP/${two}@a`, limits: '44:5&001:3' },
    { dial: '', limitedDial: `PJSIP/${one}@b`, limits: '44:5', insteadOf: `PJSIP/${one}@a` },
    { dial: '', limitedDial: `PJSIP/${two}@b`, limits: '44:5', insteadOf: `PJSIP/${two}@a` },
    { fallback: 'busy' }
  ])
})

test('targets with a limit of their own ring in one row, each with its place among the limits', () => {
  const phones = ['PJSIP/alice', 'PJSIP/bob', 'PJSIP/carol']
  expect(rowsOf([], [[...phones, 'PJSIP/dave']], [], phones)).toEqual([
    { dial: 'PJSIP/dave', limitedDial: phones.join('&'), limits: '0001:1|0002:2|0003:3' },
    { fallback: 'busy' }
  ])
})

test('targets that share a limit ring one after another, as a call counts once for each', () => {
  const limit: PolicyRow = { prefix: '+44', verdict: 'limit', note: null, maxCalls: 5 }
  expect(rowsOf([], [['PJSIP/alice', one, two]], [limit], [one, 'PJSIP/alice', two])).toEqual([
    {
      dial: '',
      limitedDial: `PJSIP/alice&PJSIP/${one}@unused`,
      limits: '0003:2|44:5&0001:1'
    },
    { dial: '', limitedDial: `PJSIP/${two}@unused`, limits: '44:5&0002:3' },
    { fallback: 'busy' }
  ])
})

test('a number with a limit of its own has it at every trunk', () => {
  expect(rowsOf(both, [[one, two]], [], [one])).toEqual([
    { dial: `PJSIP/${two}@a`, limitedDial: `PJSIP/${one}@a`, limits: '0001:1' },
    { dial: '', limitedDial: `PJSIP/${one}@b`, limits: '0001:1', insteadOf: `PJSIP/${one}@a` },
    { dial: `PJSIP/${two}@b`, insteadOf: `PJSIP/${two}@a` },
    { fallback: 'busy' }
  ])
})

test('an extension at a private trunk stands apart, because only there it may be short', () => {
  const rows = [trunk('branch', { isPrivate: true }), trunk('a')]
  expect(rowsOf(rows, [['PJSIP/alice', 'PJSIP/101@branch', 'PJSIP/101@a']])).toEqual([
    { dial: 'PJSIP/alice', privateDial: 'PJSIP/101@branch' },
    { fallback: 'busy' }
  ])
})

test('rows with another trunk are other rows', () => {
  const steps = (trunks: readonly TrunkRow[]) => {
    const policy = new DialPolicy([{ prefix: '+', verdict: 'allow', note: null }], [], new Trunks(trunks))
    return failsafeSteps(decideWith([number(a, [rule('day', hunting([one]))], { policy })]), 'PJSIP/{number}@unused')
  }
  const different = [both, [trunk('a')], [trunk('a', { diversion: 'unknown' })], [trunk('b')]].map(steps)
  expect(different.map((some) => different.map((other) => sameSteps(some, other)))).toEqual(
    different.map((_, row) => different.map((__, column) => row === column))
  )
})

describe('what was dialled is recorded', () => {
  const ways = {
    trunk: 'PJSIP/{number}@old',
    trunks: new Trunks([trunk('a'), trunk('b', { dial: 'PJSIP/{national}@b' })])
  }
  test.each([
    [`PJSIP/${one}@a`, one, 'a'],
    ['PJSIP/011442071838750@b', one, 'b'],
    ['PJSIP/4155550123@b', '+14155550123', 'b'],
    ['PJSIP/alice', 'PJSIP/alice', null],
    [`PJSIP/${one}@old`, `PJSIP/${one}@old`, null]
  ])('%s as %s through %s', (endpoint, dial, name) => {
    expect(targetOf(endpoint, a, ways)).toEqual({ dial, trunk: name })
  })

  test('with every try, and a plan that has each target once', () => {
    const at = { startedAt: 0, endedAt: 1000, ringSeconds: 20, sipCode: 503, cause: 34 }
    const carried: FailsafeCall = {
      ...{ aLeg: '17.1', number: a, callerNumber: '', callerName: '', enteredAt: 0, endedAt: 3000, talkMs: null },
      ...{
        answeredBy: '',
        hungUpBy: null,
        ending: 'fallback',
        endingAt: 2000,
        isFull: false,
        fallback: 'busy',
        cause: 17
      },
      steps: [
        { ...at, step: 1, dial: `PJSIP/${one}@a`, status: 'CONGESTION' },
        { ...at, step: 2, dial: 'PJSIP/011442071838750@b', status: 'BUSY', cause: 17, sipCode: 486 }
      ]
    }
    const plan = [
      { dial: `PJSIP/${one}@a`, ringSeconds: 20, fallback: null, rule: 'day' },
      { dial: 'PJSIP/011442071838750@b', ringSeconds: 20, fallback: null, rule: 'day', insteadOf: `PJSIP/${one}@a` },
      { dial: null, ringSeconds: null, fallback: 'busy', rule: 'day' }
    ]
    const recorded = recordsOfFailsafeCall(carried, {
      id: 'f',
      plan,
      ways,
      server: 's',
      before: undefined,
      stepsBefore: 0
    })
    expect(recorded.attempts.map(({ dial, trunk: through, outcome }) => [dial, through, outcome])).toEqual([
      [one, 'a', 'congestion'],
      [one, 'b', 'busy']
    ])
    expect(recorded.call.plan.steps).toEqual([{ targets: [{ dial: one, ringSeconds: 20 }] }])
  })
})
