// What the gate refuses, on its way through the three forms of a call: decided, rung and recorded, restored, and in the failsafe.
import { planLines } from '../../src/cli/support/decision-text'
import { start, step } from '../../src/call/step'
import { attemptRecords, callRecord } from '../../src/call/cdr'
import { isGap } from '../../src/rules/analysis/coverage'
import { type Decision, decide } from '../../src/rules/decide'
import { unlistedCaller } from '../../src/rules/number'
import { ringsAlike } from '../../src/call/replay'
import { restore } from '../../src/call/restore'
import type { Override, RuleTarget } from '../../src/rules/rule'
import { incoming } from './given-caller'
import { begin, play } from './play'
import { number as numberOf, rule } from '../rules/given-numbers'

const number = '+14155550100'

function decided(
  targets: readonly RuleTarget[],
  {
    fallback = 'busy',
    override = null
  }: { readonly fallback?: string | null; readonly override?: Override | null } = {}
) {
  const rules = numberOf(number, [rule('day', targets, { fallback })], { fallback: 'hangup', override })
  return decide(number, unlistedCaller, 0, new Map([[number, rules]]))
}

const asked = ({ outcome, ...rest }: Decision) => ({ ...rest, decision: outcome, reason: null })
const target = (dial: string, step = 1): RuleTarget => ({ step, dial, ringSeconds: 10 })

test('the plan keeps a refused target with the reason, and a note reports it', () => {
  const { plan, notes } = decided([target('+911'), target('PJSIP/alice')])
  expect(plan.steps).toEqual([
    {
      targets: [
        { dial: '+911', ringSeconds: 10, refused: expect.stringContaining('emergency number 911') as string },
        { dial: 'PJSIP/alice', ringSeconds: 10 }
      ]
    }
  ])
  expect(notes).toEqual([expect.stringMatching(/^skipped: target "\+911" would call the emergency number 911: write /)])
})

test('a rule with only refused targets does not match, unless it has a fallback of its own', () => {
  const forward = [target('PJSIP/112@trunk')]
  expect(decided(forward, { fallback: null })).toMatchObject({ outcome: 'fallback', rule: null, plan: { steps: [] } })
  expect(decided(forward)).toMatchObject({ outcome: 'rule', plan: { fallback: 'busy' } })
})

test('if every target is refused, coverage shows a gap and explain shows the fallback', () => {
  const refused = decided([target('+911')])
  const both = decided([target('+911'), target('PJSIP/alice', 2)])
  expect([refused, both].map((each) => isGap({ ...each, from: 0, to: 1 }))).toEqual([true, false])
  expect(planLines(refused.plan).at(-1)).toBe('  Immediately: busy')
  expect(planLines(both.plan).at(-1)).toBe('  Nobody answers: busy')
  expect(ringsAlike(asked(both), asked(decided([target('PJSIP/alice')])))).toBe(true)
})

test('an override that forwards to an emergency number is ignored, and the rules apply', () => {
  const override = { kind: 'forward', value: '+44999', expiresAt: null, setBy: null } as const
  const { outcome, notes } = decided([target('PJSIP/alice')], { override })
  expect(outcome).toBe('rule')
  expect(notes).toEqual([expect.stringContaining('is ignored: target "+44999" would call the emergency number 999')])
})

test("service numbers of the virtual number's own country are refused behind a trunk", () => {
  const { plan } = decided([target('PJSIP/988@trunk'), target('PJSIP/1157@trunk'), target('PJSIP/2001@branch')])
  expect(plan.steps[0]?.targets.map(({ refused }) => refused !== undefined)).toEqual([true, true, false])
})

test('a refused target gets no leg and is recorded as refused, and the others ring', () => {
  const game = play([['+911', 'PJSIP/alice'], ['PJSIP/bob']])
  expect(game.asked).toEqual([{ type: 'createLeg', leg: 'c.1.2', dial: 'PJSIP/alice' }])
  expect(attemptRecords(game.call)).toMatchObject([
    { dial: '+911', outcome: 'refused', cause: 52, endedAt: begin },
    { dial: 'PJSIP/alice', outcome: null }
  ])
})

test('a target barred by the gate just before dialling is recorded as refused with the reason, live and restored, and the next rings immediately', () => {
  const game = play([['+442071838750', 'PJSIP/alice'], ['PJSIP/bob']])
  const command = { type: 'createLeg', leg: 'c.1.1', dial: '+442071838750' } as const
  game.at(1, { type: 'failed', command, failure: 'barred', reason: 'it is denied' })
  expect(game.asked).toEqual([])
  const refused = { outcome: 'refused', cause: 52, endedAt: begin + 1, dialledAt: null, reason: 'it is denied' }
  expect(attemptRecords(game.call)).toMatchObject([refused, { outcome: null, reason: null }])
  const options = { at: begin + 11_000, maxCallSeconds: 3600 }
  const [call] = restore(callRecord(game.call), attemptRecords(game.call), options)
  expect(attemptRecords(call)).toMatchObject([refused, { outcome: null, reason: null }])
  expect(game.at(2, { type: 'legGone', leg: 'c.1.2', cause: 17 }).asked).toEqual([
    { type: 'createLeg', leg: 'c.2.1', dial: 'PJSIP/bob' }
  ])
})

test('a target refused by the plan is not dialled, even if the gate allows its dial string', () => {
  const ringSeconds = 10
  const targets = [
    { dial: 'PJSIP/alice', ringSeconds },
    { dial: 'PJSIP/1157@trunk', ringSeconds, refused: 'a service number of the country of this number' }
  ]
  const plan = { steps: [{ targets }, { targets: [{ dial: 'PJSIP/bob', ringSeconds }] }], fallback: 'busy' }
  const options = { at: begin, maxCallSeconds: 3600 }
  const [call, commands] = start('c', incoming, { decision: 'rule', rule: 'day', plan }, options)
  expect(commands.flatMap((each) => (each.type === 'createLeg' ? [each.dial] : []))).toEqual(['PJSIP/alice'])
  expect(attemptRecords(call)).toMatchObject([
    { outcome: null, reason: null },
    { outcome: 'refused', reason: 'a service number of the country of this number' }
  ])
})

test('a step with only refused targets takes no time, and if it is the last, the fallback applies', () => {
  expect(play([['+911'], ['PJSIP/112@trunk', '+1911'], ['PJSIP/bob']]).asked).toEqual([
    { type: 'createLeg', leg: 'c.3.1', dial: 'PJSIP/bob' }
  ])
  const nobody = play([['+911']])
  expect(nobody.asked).toEqual([{ type: 'hangUpCaller', cause: 17 }])
  expect(callRecord(nobody.call)).toMatchObject({ fallback: 'busy' })
})

test('if only refused targets are left for a caller who hears ringback, no lease is set for them', () => {
  const ringing = play([['PJSIP/alice'], ['+911']])
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(7, { type: 'legRinging', leg: 'c.1.1' })
  expect(ringing.at(9, { type: 'legGone', leg: 'c.1.1', cause: 17 }).asked).toEqual([
    { type: 'hangUpCaller', cause: 17 }
  ])
})

test('a call taken over from an older process dials no emergency number, whatever its plan says', () => {
  const before = play([['PJSIP/alice'], ['+911'], ['PJSIP/bob']])
  const [call, commands] = restore(callRecord(before.call), attemptRecords(before.call), {
    at: begin + 11_000,
    maxCallSeconds: 3600
  })
  expect(commands.some((each) => each.type === 'createLeg')).toBe(false)
  expect(call.legs).toHaveLength(1)
  const [later, next] = stepOn(call)
  expect(next.flatMap((each) => (each.type === 'createLeg' ? [each.dial] : []))).toEqual(['PJSIP/bob'])
  expect(attemptRecords(later).map(({ outcome }) => outcome)).toEqual(['busy', 'refused', null])
})

function stepOn(call: Parameters<typeof step>[0]) {
  return step(call, { type: 'legGone', leg: 'c.1.1', cause: 17, at: begin + 12_000 })
}
