// What Asterisk writes of the calls that the failsafe carried, taken into the records.
import * as fc from 'fast-check'
import { listCalls, readCall } from '../../../src/store/records/call-history'
import { answered, at, fellBack, given, number } from './carried-calls'
import { noon } from '../fresh-database'

test('a call unknown to followme becomes a record, with the plan and every attempt', async () => {
  const { db, fold, wrote, left } = given()
  wrote(answered)
  expect(await fold()).toMatchObject({ calls: [{ call: { id: 'f1' } }], faults: [], isFull: false })
  const { call, attempts } = await readCall(db, 'f1')
  expect(call).toEqual({
    id: 'f1',
    number,
    callerNumber: '+14155550199',
    callerName: 'Doe, "Jane" (home)',
    aLeg: '1795370726.0',
    startedAt: noon,
    answeredAt: noon + 3000,
    endedAt: noon + 8000,
    outcome: 'answered',
    endedBy: 'caller',
    cause: 16,
    decision: 'rule',
    rule: 'day',
    plan: {
      steps: [
        { targets: [{ dial: 'PJSIP/alice', ringSeconds: 20 }] },
        {
          targets: [
            { dial: '+442071838750', ringSeconds: 15 },
            { dial: 'PJSIP/bob', ringSeconds: 15 }
          ]
        }
      ],
      fallback: 'voicemail:100@default'
    },
    fallback: null,
    answeredBy: 'PJSIP/bob',
    ringMs: 3000,
    talkMs: 5000,
    recovered: false,
    failsafeAt: noon,
    server: 'sales-1',
    reason: null,
    cameFrom: null
  })
  expect(attempts.map(({ step, dial, outcome, cause }) => [step, dial, outcome, cause])).toEqual([
    [1, 'PJSIP/alice', 'busy', 17],
    [2, '+442071838750', 'answered-elsewhere', 26],
    [2, 'PJSIP/bob', 'answered', 16]
  ])
  expect(left()).toEqual([])
  expect(await fold()).toMatchObject({ calls: [] })
})

test.each([
  ['got the fallback', fellBack, { outcome: 'fallback', fallback: 'voicemail:100@default', endedAt: noon + 21_000 }],
  [
    'hung up while a target was ringing',
    { ...answered, dial_status: 'CANCEL', answered_ms: '', answered_by: '', cause: '127' },
    { outcome: 'abandoned', endedBy: 'caller', cause: 16, ringMs: 8000, answeredBy: null }
  ],
  [
    'called an unknown number',
    { a_leg: '1.1', number: '+14155550777', entered_at: at(0), ended_at: at(0), ending: 'unknown', cause: '1' },
    { outcome: 'refused', decision: 'unknown-number', cause: 1, rule: null }
  ],
  [
    'came back through a trunk',
    { a_leg: '1.1', number: '+14155550777', entered_at: at(0), ended_at: at(0), ending: 'loop', cause: '17' },
    { outcome: 'refused', decision: 'loop', cause: 17, rule: null, cameFrom: null }
  ],
  [
    'heard the apology after the static destination',
    {
      ...answered,
      plan_at: '',
      tried: `0 PJSIP/dave 30 ${at(0)} ${at(30)} NOANSWER 0|`,
      dialling: '',
      ending: 'sorry',
      ending_at: at(30),
      cause: '41'
    },
    { outcome: 'failed', decision: 'fallback', cause: 41, rule: null }
  ]
])('a caller who %s', async (_, row, expected) => {
  const { db, fold, wrote } = given()
  wrote(row)
  await fold()
  expect((await readCall(db, 'f1')).call).toMatchObject({ ...expected, failsafeAt: noon })
})

test('if the plan has been replaced in the meantime, the record has the steps that rang', async () => {
  const { db, fold, wrote } = given(false)
  wrote(fellBack)
  await fold()
  const { call, attempts } = await readCall(db, 'f1')
  expect(call.plan).toEqual({
    steps: [
      { targets: [{ dial: 'PJSIP/alice', ringSeconds: 20 }] },
      { targets: [{ dial: 'PJSIP/bob', ringSeconds: 15 }] }
    ],
    fallback: 'voicemail:100@default'
  })
  // Dial() leaves the cause of the step before where nobody answered in time.
  expect(attempts.map(({ outcome, cause }) => [outcome, cause])).toEqual([
    ['no-answer', 19],
    ['unavailable', null]
  ])
})

test.each([
  ['CHANUNAVAIL 21 603', 'declined', 21, 603],
  ['CHANUNAVAIL 24 603', 'failed', 24, 603],
  ['CHANUNAVAIL 21 403', 'failed', 21, 403],
  ['CHANUNAVAIL 21', 'failed', 21, null],
  ['NOANSWER 19 480', 'unavailable', 19, 480],
  // Still ringing when its time was over.
  ['NOANSWER 19 180', 'no-answer', 19, null],
  ['NOANSWER 0 ', 'no-answer', 19, null]
])('a step that ended with "%s" is recorded as %s', async (end, outcome, cause, sipCode) => {
  const { db, fold, wrote } = given()
  wrote({ ...fellBack, tried: `1 PJSIP/alice 20 ${at(0)} ${at(20)} ${end}|` })
  await fold()
  expect((await readCall(db, 'f1')).attempts).toMatchObject([{ outcome, cause, sipCode }])
})

test('invalid rows are set aside and reported once, and the others are recorded', async () => {
  const { db, fold, wrote, left } = given()
  wrote({ ...answered, entered_at: 'yesterday' })
  wrote({ ...answered, tried: 'PJSIP/alice' })
  wrote({ ...answered, a_leg: '' })
  wrote({ fault: null })
  wrote({ ...answered, a_leg: '2.2' })
  expect((await fold()).faults).toHaveLength(4)
  expect(await fold()).toMatchObject({ calls: [], faults: [] })
  expect(left()).toHaveLength(4)
  expect(left()[0]).toContain('entered_at is "yesterday"')
  expect(await listCalls(db, { limit: 10 })).toHaveLength(1)
})

test('any row is either recorded or set aside', async () => {
  const { other, fold, wrote, left } = given()
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      at(0),
      'ANSWER',
      answered.tried,
      answered.dialling,
      '9999-99-99T99:99:99.999Z',
      '99999999999999999999'
    )
  )
  const names = [...Object.keys(answered), 'ending', 'ending_at', 'fallback']
  const row = fc.record(Object.fromEntries(names.map((name) => [name, text])), { requiredKeys: [] })
  const partly = row.map((changes) => ({ ...answered, ...changes }))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(row, partly), { minLength: 1, maxLength: 20 }), async (rows) => {
      other.exec('DELETE FROM failsafe_calls; DELETE FROM calls')
      rows.forEach((each) => wrote({ a_leg: '1.1', ...each }))
      const { calls, faults } = await fold()
      expect(calls.length + faults.length).toBe(rows.length)
      expect(left()).toHaveLength(faults.length)
      expect(other.prepare('SELECT count(*) FROM calls').pluck().get()).toBe(
        new Set(calls.map(({ call }) => call.id)).size
      )
    }),
    { numRuns: Number(process.env['FOLLOWME_RUNS'] ?? 200) }
  )
})

test('while another program writes, nothing is imported and nothing is lost', async () => {
  const { db, other, fold, wrote } = given()
  wrote(answered)
  other.exec('BEGIN IMMEDIATE')
  await expect(fold()).rejects.toMatchObject({ failure: 'busy' })
  other.exec('ROLLBACK')
  expect((await fold()).calls).toHaveLength(1)
  expect(await listCalls(db, { limit: 10 })).toHaveLength(1)
})

test('many rows are imported in batches', async () => {
  const { fold, wrote } = given()
  for (let each = 0; each < 250; each++) wrote({ ...answered, a_leg: `1.${each}` })
  expect([await fold(), await fold(), await fold()].map((each) => [each.calls.length, each.isFull])).toEqual([
    [100, true],
    [100, true],
    [50, false]
  ])
})
