// Past calls decided again, and what counts as ringing the same.
import { type Answer, decideAgain, ringsAlike } from '../../src/call/replay'
import type { CallRecord } from '../../src/call/record'
import type { PlannedStep, PlannedTarget } from '../../src/rules/hunt-plan'
import type { RuleBook } from '../../src/rules/rule'
import { hunting, number as numberOf, rule } from '../rules/given-numbers'

const alice: PlannedTarget = { dial: 'PJSIP/alice', ringSeconds: 20 }
const bob: PlannedTarget = { dial: 'PJSIP/bob', ringSeconds: 20 }
const step = (...targets: readonly PlannedTarget[]): PlannedStep => ({ targets })

function answer(decision: Answer['decision'], steps: readonly PlannedStep[] = [step(alice, bob)]): Answer {
  return { decision, rule: decision === 'rule' ? 'day' : null, plan: { steps, fallback: 'hangup' }, reason: null }
}

test.each([
  ['a rule with another name', { ...answer('rule'), rule: 'night' }],
  ['an override', answer('override')],
  ['a rule with the targets in another order', answer('rule', [step(bob, alice)])],
  [
    'a rule with an additional refused target',
    answer('rule', [step(alice, bob, { ...alice, dial: '+911', refused: 'no' })])
  ]
])('%s that rings the same phones for the same time counts as the same answer', (_, other) => {
  expect([ringsAlike(answer('rule'), other), ringsAlike(other, answer('rule'))]).toEqual([true, true])
})

test.each([
  ['in another order of steps', answer('rule', [step(bob), step(alice)])],
  ['one after another', answer('rule', [step(alice), step(bob)])],
  ['longer', answer('rule', [step(alice, { ...bob, ringSeconds: 25 })])],
  ['and then one more', answer('rule', [step(alice, bob), step(bob)])],
  ['and then another fallback', { ...answer('rule'), plan: { ...answer('rule').plan, fallback: 'busy' } }]
])('phones that ring %s count as a different answer', (_, other) => {
  expect([ringsAlike(answer('rule'), other), ringsAlike(other, answer('rule'))]).toEqual([false, false])
})

test('a refused call differs from a call that rings nobody and hangs up', () => {
  const decisions = ['rule', 'override', 'fallback', 'unknown-number', 'disabled', 'loop'] as const
  for (const one of decisions) {
    const alike = decisions.filter((other) => ringsAlike(answer(one, []), answer(other, [])))
    expect([one, alike]).toEqual([one, decisions.indexOf(one) < 3 ? decisions.slice(0, 3) : decisions.slice(3)])
  }
})

const number = '+442071838750'
const at = Date.UTC(2026, 10, 23, 12)
const call = { number, callerNumber: '2079460018', callerName: '', startedAt: at } as CallRecord

function book(dial: string): RuleBook {
  const callers = { name: 'london', patterns: ['+442079460018'] }
  const rules = [rule('london', hunting([dial]), { position: 1, callers }), rule('all', [], { position: 1 })]
  const override = { kind: 'forward', value: 'PJSIP/carol', expiresAt: null, setBy: null } as const
  return new Map([[number, numberOf(number, rules, { override })]])
}

test('a replayed loop stays one: who was out at that time is not known', () => {
  const plan = { steps: [], fallback: 'hangup' }
  const loop = { ...call, decision: 'loop', rule: null, plan, reason: 'it came back' } as const
  expect(decideAgain(loop, book('PJSIP/bob'), 'auto')).toMatchObject({ decision: 'loop', plan, reason: 'it came back' })
})

test('a replayed call is decided by the rules alone, ignoring the current override, with the caller read by the current settings', () => {
  expect(decideAgain(call, book('PJSIP/alice'), 'national')).toEqual({
    decision: 'rule',
    rule: 'london',
    plan: { steps: [step(alice)], fallback: 'busy' },
    reason: null,
    notes: []
  })
  expect(decideAgain(call, book('PJSIP/alice'), 'international')).toMatchObject({ rule: 'all', plan: { steps: [] } })
  const { plan, notes } = decideAgain(call, book('alice'), 'national')
  expect([plan.steps, notes]).toEqual([[], [expect.stringContaining('alice')]])
})

test('a call to a number that no longer exists is refused', () => {
  expect(decideAgain(call, new Map(), 'national')).toMatchObject({ decision: 'unknown-number', rule: null })
})
