// Which trunks a number goes through, what each of them is asked to dial, and what a plan keeps of it.
import { DialPolicy } from '../../src/rules/dial-policy'
import { dialRefusal } from '../../src/rules/gate'
import type { PlannedTarget } from '../../src/rules/hunt-plan'
import { dialAt, numberAt, type TrunkRow, Trunks } from '../../src/rules/trunks'
import { a, decideWith, hunting, number, rule } from './given-numbers'

const trunk = (name: string, changed: Partial<TrunkRow> = {}): TrunkRow => ({
  name,
  position: 1,
  dial: `PJSIP/{number}@${name}`,
  shows: null,
  diversion: null,
  maxCalls: null,
  isPrivate: false,
  enabled: true,
  prefixes: [],
  ...changed
})
const everywhere = [{ prefix: '+', verdict: 'allow', note: null }] as const

test.each<[string, readonly TrunkRow[], readonly string[]]>([
  ['in the order of their positions', [trunk('b', { position: 2 }), trunk('a', { position: 1 })], ['a', 'b']],
  ['of two with one position, the first by name', [trunk('b'), trunk('a')], ['a', 'b']],
  ['none that is disabled', [trunk('a', { enabled: false }), trunk('b')], ['b']],
  [
    'of those with prefixes, the ones with the number’s',
    [trunk('a', { prefixes: ['+33'] }), trunk('b', { prefixes: ['+1', '+44'] })],
    ['b']
  ],
  [
    'a private one only by a prefix',
    [trunk('a', { isPrivate: true }), trunk('b', { isPrivate: true, prefixes: ['+4420'] })],
    ['b']
  ]
])('%s', (_, rows, names) => {
  expect(new Trunks(rows).for('+442071838750').map(({ name }) => name)).toEqual(names)
})

const templates = [
  ['PJSIP/{number}@t', '+442071838750', '+14155550100', 'PJSIP/+442071838750@t'],
  ['PJSIP/{digits}@t', '+442071838750', '+14155550100', 'PJSIP/442071838750@t'],
  ['PJSIP/9{national}@t', '+442071838750', '+442079460000', 'PJSIP/902071838750@t'],
  ['PJSIP/{national}@t', '+14155550123', '+14155550100', 'PJSIP/4155550123@t'],
  ['PJSIP/{national}@t', '+442071838750', '+14155550100', 'PJSIP/011442071838750@t'],
  ['PJSIP/{national}@t', '+493012345678', '+442079460000', 'PJSIP/00493012345678@t'],
  ['PJSIP/{national}@t', '+390612345678', '+390698765432', 'PJSIP/0612345678@t'],
  ['DAHDI/g1/{digits}', '+442071838750', '+14155550100', 'DAHDI/g1/442071838750']
] as const
test.each(templates)('%s dials %s for %s as %s, and back', (dial, called, home, dialled) => {
  expect(dialAt({ dial }, called, home)).toBe(dialled)
  expect(numberAt({ dial }, dialled, home)).toBe(called)
})

test.each([
  'PJSIP/+442071838750@t2',
  'SIP/+442071838750@t',
  'PJSIP/++442071838750@t',
  'PJSIP/alice',
  'PJSIP/x@t',
  'PJSIP/+442071838750@t/x'
])('%s is not dialled at a trunk t', (dialled) => {
  expect(numberAt({ dial: 'PJSIP/{number}@t' }, dialled, a)).toBeUndefined()
  expect(numberAt({ dial: 'PJSIP/{national}@t' }, dialled, a)).toBeUndefined()
})

function planned(rows: readonly TrunkRow[], dial: string, changed = {}): PlannedTarget | undefined {
  const policy = new DialPolicy(everywhere, [], new Trunks(rows))
  return decideWith([number(a, [rule('day', hunting([dial]))], { policy, ...changed })]).plan.steps[0]?.targets[0]
}

test('a plan keeps the way through each trunk, with what it is shown', () => {
  const rows = [
    trunk('one', { shows: 'caller', diversion: 'unconditional', maxCalls: 2 }),
    trunk('two', { shows: 'number', position: 2 }),
    trunk('three', { position: 3, isPrivate: true, prefixes: ['+44'] })
  ]
  expect(planned(rows, '+442071838750', { callerIdPolicy: 'outside', callerId: '+14155550199' })).toEqual({
    dial: '+442071838750',
    ringSeconds: 20,
    trunks: [
      { name: 'one', dial: 'PJSIP/+442071838750@one', diversion: 'unconditional', maxCalls: 2 },
      { name: 'two', dial: 'PJSIP/+442071838750@two', shown: { number: '+14155550199' } },
      { name: 'three', dial: 'PJSIP/+442071838750@three', isPrivate: true }
    ]
  })
})

test.each([
  ['number', 'caller', a],
  ['fixed', 'caller', '+14155550199'],
  ['outside', 'caller', undefined],
  ['outside', null, '+14155550199'],
  ['caller', 'number', '+14155550199'],
  ['caller', null, undefined]
] as const)('with caller_id_policy %s, a trunk that shows %s is shown %s', (callerIdPolicy, shows, shown) => {
  const target = planned([trunk('one', { shows })], '+442071838750', { callerIdPolicy, callerId: '+14155550199' })
  expect(target?.trunks?.[0]?.shown?.number).toBe(shown)
})

test('without trunks, and for phones, a plan is as before', () => {
  expect(planned([], '+442071838750')).toEqual({ dial: '+442071838750', ringSeconds: 20 })
  expect(planned([trunk('one')], 'PJSIP/alice')).toEqual({ dial: 'PJSIP/alice', ringSeconds: 20 })
})

test('a number that no trunk takes is refused', () => {
  expect(planned([trunk('one', { prefixes: ['+33'] })], '+442071838750')).toEqual({
    dial: '+442071838750',
    ringSeconds: 20,
    refused: expect.stringMatching(/^no trunk takes the number \+442071838750: add a row/) as string
  })
})

test('a trunk without an address makes no phone private', () => {
  const trunks = new Trunks([trunk('branch', { isPrivate: true, dial: 'PJSIP/{number}' }), trunk('carrier')])
  expect([trunks.isPrivate('PJSIP/alice'), trunks.isPrivate('PJSIP/1@carrier')]).toEqual([false, false])
})

describe('at a private trunk', () => {
  const withBranch = () =>
    new DialPolicy(everywhere, [], new Trunks([trunk('branch', { isPrivate: true }), trunk('carrier')]))
  test.each([
    ['PJSIP/101@branch', undefined],
    ['PJSIP/5@branch', undefined],
    ['PJSIP/190@branch', undefined],
    ['PJSIP/116117@branch', undefined],
    ['PJSIP/101@carrier', 'emergency'],
    ['PJSIP/5@carrier', 'too-short'],
    ['PJSIP/101@branch2', 'emergency'],
    ['SIP/101@branch', 'emergency'],
    ['PJSIP/112@branch', 'emergency'],
    ['PJSIP/0112@branch', 'emergency'],
    ['PJSIP/999@branch', 'emergency'],
    ['PJSIP/911@branch', 'emergency']
  ])('%s: %s', (dial, kind) => {
    expect(dialRefusal(dial, '+442079460000', withBranch())?.kind).toBe(kind)
  })

  test('the emergency numbers of the virtual number’s own country stay refused', () => {
    expect(dialRefusal('PJSIP/110@branch', '+493012345678', withBranch())?.kind).toBe('emergency')
    expect(dialRefusal('PJSIP/110@branch', '+442079460000', withBranch())).toBeUndefined()
  })

  test('a long number is judged by the policy as everywhere', () => {
    const strict = new DialPolicy([], ['+442079460000'], new Trunks([trunk('branch', { isPrivate: true })]))
    expect(dialRefusal('PJSIP/0033140000000@branch', '+442079460000', strict)?.kind).toBe('country')
  })
})
