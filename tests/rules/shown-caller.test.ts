// Who the people called see as the caller, by policy, kind of target and caller.
import { isOutside } from '../../src/rules/number'
import { type CallerIdRules, presentedCaller, shownTo } from '../../src/rules/shown-caller'
import type { NumberRules } from '../../src/rules/rule'
import { decide } from '../../src/rules/decide'
import { hunting, number, rule } from './given-numbers'

const own = '+14155550100'
const site = '+14155550199'
const caller = { number: '+14155550123', name: 'Ann' }
const row = (changed: Partial<CallerIdRules>): CallerIdRules => ({
  callerIdPolicy: 'outside',
  callerId: null,
  namePrefix: null,
  alertInfo: null,
  ...changed
})

const phones = ['PJSIP/alice', 'SIP/alice', 'IAX2/alice', 'DAHDI/1']
const trunks = ['+442071838750', 'PJSIP/100@trunk', 'SIP/trunk/02071838750', 'DAHDI/g1/02071838750']

test.each<[Partial<CallerIdRules>, phone: string | undefined, trunk: string | undefined]>([
  [{}, undefined, own],
  [{ callerId: site }, undefined, site],
  [{ callerIdPolicy: 'caller', callerId: site }, undefined, undefined],
  [{ callerIdPolicy: 'number', callerId: site }, own, own],
  [{ callerIdPolicy: 'fixed', callerId: site }, site, site]
])('with %j phones are shown %s and trunks %s', (changed, phone, trunk) => {
  for (const each of phones) expect([each, shownTo(!isOutside(each), own, row(changed))?.number]).toEqual([each, phone])
  for (const each of trunks) expect([each, shownTo(!isOutside(each), own, row(changed))?.number]).toEqual([each, trunk])
})

test('the name prefix and Alert-Info are for phones alone', () => {
  const changed = row({ namePrefix: 'Sales: ', alertInfo: '<x>' })
  for (const each of phones)
    expect(shownTo(!isOutside(each), own, changed)).toEqual({ namePrefix: 'Sales: ', alertInfo: '<x>' })
  for (const each of trunks) expect(shownTo(!isOutside(each), own, changed)).toEqual({ number: own })
})

test.each([
  ['PJSIP/alice', { namePrefix: 'S: ' }, caller, { isWithheld: false, name: 'S: Ann' }],
  ['PJSIP/alice', { namePrefix: 'S: ' }, { ...caller, name: '' }, { isWithheld: false, name: 'S: +14155550123' }],
  ['PJSIP/alice', { number: site }, caller, { isWithheld: false, number: site }],
  ['PJSIP/alice', { number: site, namePrefix: 'S: ' }, { number: '', name: '' }, { isWithheld: true, number: site }],
  ['PJSIP/alice', { alertInfo: '<x>' }, caller, { isWithheld: false, alertInfo: '<x>' }],
  ['+442071838750', { number: site }, caller, { isWithheld: false, number: site, name: '' }],
  [
    '+442071838750',
    { number: site },
    { number: 'anonymous', name: 'Ann' },
    { isWithheld: true, number: site, name: '' }
  ],
  ['+442071838750', { number: site }, { number: 'Restricted', name: '' }, { isWithheld: true, number: site, name: '' }]
])('a leg to %s with %j, for the caller %j', (dial, shown, from, expected) => {
  expect(presentedCaller(!isOutside(dial), shown, from)).toEqual(expected)
})

test('the number that was dialled decides, whichever number the plan goes on with', () => {
  const first = { ...number(own, [rule('day', hunting([`number:${site}`]))]), callerIdPolicy: 'outside' as const }
  const second = {
    ...number(site, [rule('day', hunting(['+442071838750', 'PJSIP/alice']))]),
    callerIdPolicy: 'number' as const
  }
  const { plan } = decide(
    own,
    caller,
    0,
    new Map<string, NumberRules>([
      [own, first],
      [site, second]
    ])
  )
  expect(plan.steps.flatMap(({ targets }) => targets.map(({ dial, shown }) => [dial, shown]))).toEqual([
    ['+442071838750', { number: own }],
    ['PJSIP/alice', undefined]
  ])
})
