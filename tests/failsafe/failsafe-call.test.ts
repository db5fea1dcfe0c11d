// What Asterisk noted of a call, as its record and its attempts.
import { type FailsafeAttempt, type FailsafeCall, recordsOfFailsafeCall } from '../../src/failsafe/failsafe-call'
import type { FailsafeStep } from '../../src/failsafe/plan-rows'
import { noTrunks } from '../../src/rules/trunks'

const began = Date.UTC(2026, 10, 28, 12)
const at = (seconds: number) => began + seconds * 1000

/** Rang alice from the start for ten seconds. */
const rang = (changes: Partial<FailsafeAttempt> = {}): FailsafeAttempt => ({
  step: 1,
  dial: 'PJSIP/alice',
  ringSeconds: 20,
  startedAt: at(0),
  endedAt: at(10),
  status: 'ANSWER',
  cause: 16,
  sipCode: 200,
  ...changes
})

/** Alice answered after four seconds, and the caller hung up after six more. */
const carried = (changes: Partial<FailsafeCall> = {}): FailsafeCall => ({
  aLeg: '1.1',
  number: '+14155550100',
  callerNumber: '+14155550199',
  callerName: 'Ann',
  enteredAt: at(0),
  endedAt: at(10),
  steps: [rang()],
  talkMs: 6000,
  answeredBy: 'alice',
  hungUpBy: 'caller',
  ending: null,
  endingAt: null,
  isFull: false,
  fallback: '',
  cause: 16,
  ...changes
})

const recordsOf = (call: FailsafeCall, plan: readonly FailsafeStep[] = []) =>
  recordsOfFailsafeCall(call, {
    id: 'f1',
    plan,
    ways: { trunk: 'PJSIP/{number}@trunk', trunks: noTrunks },
    server: 'sales-1',
    before: undefined,
    stepsBefore: 0
  })

test('an answered call records the target that answered, and when', () => {
  const { call, attempts, replacements } = recordsOf(carried())
  expect(attempts).toEqual([
    {
      call: 'f1',
      step: 1,
      target: 1,
      tryNumber: 1,
      trunk: null,
      leg: '',
      dial: 'PJSIP/alice',
      contact: null,
      startedAt: at(0),
      dialledAt: at(0),
      ringingAt: null,
      answeredAt: at(4),
      endedAt: at(10),
      outcome: 'answered',
      cause: 16,
      sipCode: null,
      reason: null
    }
  ])
  expect(call).toEqual({
    id: 'f1',
    number: '+14155550100',
    callerNumber: '+14155550199',
    callerName: 'Ann',
    aLeg: '1.1',
    startedAt: at(0),
    answeredAt: at(4),
    endedAt: at(10),
    outcome: 'answered',
    endedBy: 'caller',
    cause: 16,
    decision: 'fallback',
    rule: null,
    plan: { steps: [{ targets: [{ dial: 'PJSIP/alice', ringSeconds: 20 }] }], fallback: 'hangup' },
    fallback: null,
    answeredBy: 'PJSIP/alice',
    ringMs: 4000,
    talkMs: 6000,
    recovered: false,
    failsafeAt: at(0),
    server: 'sales-1',
    reason: null,
    cameFrom: null
  })
  expect(replacements).toEqual([])
})

test.each([
  ['one of several targets', 'PJSIP/alice&PJSIP/bob', 'bob', 6000, 'PJSIP/bob', [null, at(4)]],
  ['the only target, whatever channel name answered,', 'PJSIP/alice', 'PJSIP/alice-0001', 6000, 'PJSIP/alice', [at(4)]],
  [
    'none of several targets, if the channel name matches none,',
    'PJSIP/alice&PJSIP/bob',
    'zoe',
    6000,
    null,
    [null, null]
  ],
  [
    'one of several targets, with an unknown talk time,',
    'PJSIP/alice&PJSIP/bob',
    'bob',
    null,
    'PJSIP/bob',
    [null, null]
  ]
])('%s is recorded as the one that answered', (_, dial, answeredBy, talkMs, expected, answeredAt) => {
  const { call, attempts } = recordsOf(carried({ steps: [rang({ dial })], answeredBy, talkMs }))
  expect(call).toMatchObject({ outcome: 'answered', answeredBy: expected })
  expect([call.answeredAt, call.ringMs, call.talkMs]).toEqual(
    talkMs === null ? [null, null, null] : [at(4), 4000, 6000]
  )
  expect(attempts.map((each) => each.answeredAt)).toEqual(answeredAt)
  const outcomes = answeredAt.map((_, index) =>
    attempts[index]?.dial === expected ? 'answered' : 'answered-elsewhere'
  )
  expect(attempts.map(({ outcome }) => outcome)).toEqual(outcomes)
})

test.each([
  ['BUSY', 0, undefined, 'busy', null],
  ['BUSY', 34, undefined, 'congestion', 34],
  ['CANCEL', 17, undefined, 'cancelled', 16],
  ['CHANUNAVAIL', 0, undefined, 'unavailable', null],
  ['CONGESTION', 0, undefined, 'congestion', null],
  ['CONGESTION', 17, undefined, 'busy', 17],
  ['NOANSWER', 17, undefined, 'no-answer', 19],
  ['NOANSWER', 19, 480, 'unavailable', 19],
  ['DONTCALL', 17, undefined, 'failed', 17],
  ['', 0, undefined, 'failed', null]
])(
  'a step that ended with %s, cause %i and response %s is recorded as %s',
  (status, cause, sipCode, outcome, expected) => {
    const { attempts } = recordsOf(carried({ steps: [rang({ status, cause, sipCode })], talkMs: null }))
    expect(attempts).toMatchObject([{ outcome, cause: expected, sipCode: sipCode ?? null, answeredAt: null }])
  }
)

test.each([
  ['fallback', 'busy', { outcome: 'fallback', endedBy: null, fallback: 'busy' }],
  ['sorry', 'busy', { outcome: 'failed', endedBy: null, fallback: null }],
  ['unknown', '', { outcome: 'refused', endedBy: null, fallback: null, decision: 'unknown-number' }],
  ['loop', '', { outcome: 'refused', endedBy: null, fallback: null, decision: 'loop', rule: null }],
  [null, '', { outcome: 'abandoned', endedBy: 'caller', fallback: null }]
] as const)('a call that ended with %s has the time of that ending', (ending, fallback, expected) => {
  const endingAt = ending === null ? null : at(12)
  const steps = [rang({ status: 'BUSY' })]
  const { call } = recordsOf(carried({ steps, talkMs: null, ending, endingAt, fallback, endedAt: at(15) }))
  const endedAt = endingAt ?? at(15)
  expect(call).toMatchObject({ ...expected, answeredAt: null, answeredBy: null, talkMs: null })
  expect([call.endedAt, call.ringMs]).toEqual([endedAt, endedAt - at(0)])
})

const step = (dial: string | null, rule: string | null): FailsafeStep =>
  dial === null
    ? { dial, ringSeconds: null, fallback: 'voicemail:1@default', rule }
    : { dial, ringSeconds: 15, fallback: null, rule }

test.each([
  ['a rule', [step('PJSIP/bob', 'day'), step(null, 'day')], 'rule', ['PJSIP/bob']],
  ['a rule that rings nobody', [step(null, 'night')], 'rule', []],
  ['an override', [step('+442071838750', null), step(null, null)], 'override', ['+442071838750']],
  ['the number’s fallback', [step(null, null)], 'fallback', []]
])('the plan of a failsafe call was that of %s', (_, plan, decision, rung) => {
  const { call } = recordsOf(carried(), plan)
  expect(call).toMatchObject({ decision, rule: plan[0]?.rule })
  expect(call.plan.steps.flatMap(({ targets }) => targets)).toEqual(rung.map((dial) => ({ dial, ringSeconds: 15 })))
  expect(call.plan.fallback).toBe('voicemail:1@default')
})

test('without a plan, the record has the steps that rang and the fallback given', () => {
  const { call } = recordsOf(carried({ steps: [rang({ status: 'BUSY' })], ending: 'fallback', fallback: 'busy' }))
  expect(call.plan).toEqual({ steps: [{ targets: [{ dial: 'PJSIP/alice', ringSeconds: 20 }] }], fallback: 'busy' })
})

test('only the last step can have been answered', () => {
  const steps = [rang({ status: 'NOANSWER' }), rang({ step: 2, dial: 'PJSIP/bob' })]
  const { call, attempts } = recordsOf(carried({ steps, answeredBy: 'bob' }))
  expect(call).toMatchObject({ outcome: 'answered', answeredBy: 'PJSIP/bob' })
  expect(attempts.map((each) => each.step)).toEqual([1, 2])
})

test.each([
  ['with its fallback_full', { steps: [], isFull: true, ending: 'fallback', endingAt: at(1), fallback: 'busy' }],
  ['with targets of fallback_full', { steps: [rang({ step: 3, dial: 'PJSIP/bob' })], answeredBy: 'bob' }]
] as const)('a call beyond max_calls, %s, is recorded without a rule', (_, changes) => {
  const plan = [
    { dial: 'PJSIP/alice', ringSeconds: 20, fallback: null, rule: 'day', maxCalls: 2, fullStep: 3 },
    { dial: null, ringSeconds: null, fallback: 'hangup', rule: 'day' },
    { dial: 'PJSIP/bob', ringSeconds: 20, fallback: null, rule: null },
    { dial: null, ringSeconds: null, fallback: 'busy', rule: null }
  ]
  const { call } = recordsOf(carried(changes), plan)
  expect(call).toMatchObject({
    decision: 'fallback',
    rule: null,
    plan: { steps: [{ targets: [{ dial: 'PJSIP/bob' }] }], fallback: 'busy' },
    reason: 'as many calls of +14155550100 as may be were in progress: its max_calls is 2'
  })
  expect(recordsOf(carried(), plan).call).toMatchObject({ rule: 'day', reason: null, plan: { fallback: 'hangup' } })
})
