// What Asterisk writes of the calls that the failsafe carried, taken into the records.
import * as fc from 'fast-check'
import { closeOpenCalls, listCalls, readCall } from '../../src/store/call-history'
import { SqliteCallStore } from '../../src/store/call-store'
import { SqliteFailsafeCalls } from '../../src/store/failsafe-calls'
import { aCall, anAttempt, givenDatabaseFile, givenLog, noon, opened } from './fresh-database'

const number = '+14155550100'
const at = (seconds: number) => new Date(noon + seconds * 1000).toISOString()
const base64 = (text: string) => Buffer.from(`=${text}`).toString('base64')

/** Somebody called; alice was busy, and bob answered after 2 seconds and talked for 5 until the caller hung up. */
const answered = {
  a_leg: '1795370726.0',
  number,
  caller_number: base64('+14155550199'),
  caller_name: base64('Doe, "Jane" (home)'),
  entered_at: at(0),
  plan_at: at(-60),
  tried: `1 PJSIP/alice 20 ${at(0)} ${at(1)} BUSY 17|`,
  dialling: `2 PJSIP/+442071838750@trunk&PJSIP/bob 15 ${at(1)}`,
  dial_status: 'ANSWER',
  answered_ms: '5000',
  answered_by: 'bob',
  hung_up_by: 'caller',
  cause: '16',
  ended_at: at(8)
}

/** Nobody answered, and the caller got the fallback. */
const fellBack = {
  ...answered,
  tried: `1 PJSIP/alice 20 ${at(0)} ${at(20)} NOANSWER 17|2 PJSIP/bob 15 ${at(20)} ${at(21)} CHANUNAVAIL 0|`,
  dialling: '',
  dial_status: 'CHANUNAVAIL',
  ending: 'fallback',
  ending_at: at(21),
  fallback: base64('voicemail:100@default'),
  ended_at: at(60)
}

function given(plan = true) {
  const file = givenDatabaseFile()
  const database = opened(file, { busyTimeoutMs: 0 })
  const other = opened(file).sqlite
  if (plan) {
    other.exec(`INSERT INTO failsafe (number, step, dial, ring_seconds, fallback, rule, computed_at) VALUES
      ('${number}', 1, 'PJSIP/alice', 20, NULL, 'day', '${at(-60)}'),
      ('${number}', 2, 'PJSIP/+442071838750@trunk&PJSIP/bob', 15, NULL, 'day', '${at(-60)}'),
      ('${number}', 3, NULL, NULL, 'voicemail:100@default', 'day', '${at(-60)}')`)
  }
  const store = new SqliteFailsafeCalls(database, 'PJSIP/{number}@trunk')
  let minted = 0
  const fold = () => store.fold(() => `f${++minted}`)
  const wrote = (row: object) => {
    const columns = Object.entries(row)
    other
      .prepare(
        `INSERT INTO failsafe_calls (${columns.map(([name]) => name).join()}) VALUES (${columns.map(() => '?').join()})`
      )
      .run(columns.map(([, value]) => value as unknown))
  }
  const left = () => other.prepare('SELECT fault FROM failsafe_calls').pluck().all()
  const saved = async (...entries: Parameters<SqliteCallStore['save']>[]) => {
    const calls = new SqliteCallStore(opened(file), givenLog())
    for (const entry of entries) calls.save(...entry)
    await calls.close()
  }
  return { database, db: database.db, other, store, fold, wrote, left, saved }
}

test('a call of which followme knew nothing becomes a record, with the plan and every attempt', async () => {
  const { db, fold, wrote, left } = given()
  wrote(answered)
  expect(fold()).toMatchObject({ calls: [{ call: { id: 'f1' } }], faults: [], isFull: false })
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
    failsafeAt: noon
  })
  expect(attempts.map(({ step, dial, outcome, cause }) => [step, dial, outcome, cause])).toEqual([
    [1, 'PJSIP/alice', 'busy', 17],
    [2, '+442071838750', 'answered-elsewhere', 26],
    [2, 'PJSIP/bob', 'answered', 16]
  ])
  expect(left()).toEqual([])
  expect(fold()).toMatchObject({ calls: [] })
})

test.each([
  ['got the fallback', fellBack, { outcome: 'fallback', fallback: 'voicemail:100@default', endedAt: noon + 21_000 }],
  [
    'hung up while somebody was rung',
    { ...answered, dial_status: 'CANCEL', answered_ms: '', answered_by: '', cause: '127' },
    { outcome: 'abandoned', endedBy: 'caller', cause: 16, ringMs: 8000, answeredBy: null }
  ],
  [
    'called a number that does not exist',
    { a_leg: '1.1', number: '+14155550777', entered_at: at(0), ended_at: at(0), ending: 'unknown', cause: '1' },
    { outcome: 'refused', decision: 'unknown-number', cause: 1, rule: null }
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
  fold()
  expect((await readCall(db, 'f1')).call).toMatchObject({ ...expected, failsafeAt: noon })
})

test('a plan that has been replaced meanwhile is told as far as it was rung', async () => {
  const { db, fold, wrote } = given(false)
  wrote(fellBack)
  fold()
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

describe('a call that followme had in hand, and then the failsafe, is one record', () => {
  const mine = aCall('mine', { aLeg: answered.a_leg, startedAt: noon - 40_000 })
  const ringing = anAttempt('mine', { startedAt: noon - 40_000 })
  const one = async ({ db }: ReturnType<typeof given>) => {
    expect((await listCalls(db, { limit: 10 })).map(({ id }) => id)).toEqual(['mine'])
    const { call, attempts } = await readCall(db, 'mine')
    expect(call).toMatchObject({ outcome: 'answered', answeredBy: 'PJSIP/bob', failsafeAt: noon, ringMs: 43_000 })
    expect(call.recovered).toBe(false)
    expect(attempts.map(({ step, dial }) => [step, dial])).toEqual([
      [1, 'PJSIP/alice'],
      [2, 'PJSIP/alice'],
      [3, '+442071838750'],
      [3, 'PJSIP/bob']
    ])
    return attempts
  }

  test('where the record was still open', async () => {
    const world = given()
    await world.saved([mine, [ringing]])
    world.wrote(answered)
    world.fold()
    const attempts = await one(world)
    expect(attempts[0]).toMatchObject({ outcome: 'lost', endedAt: noon })
  })

  test('where recovery has closed it before', async () => {
    const world = given()
    await world.saved([mine, [ringing]])
    closeOpenCalls(world.database, [{ call: mine, attempts: [ringing] }], noon + 4000)
    world.wrote(answered)
    world.fold()
    await one(world)
  })

  test.each(['lost', 'abandoned'] as const)(
    'where a process that had been asleep has closed it as %s',
    async (outcome) => {
      const world = given()
      await world.saved([{ ...mine, outcome, endedAt: noon - 1 }, [ringing]])
      world.wrote(answered)
      world.fold()
      await one(world)
    }
  )

  test('where that process wakes up and closes it afterwards', async () => {
    const world = given()
    await world.saved([mine, [ringing]])
    world.wrote(answered)
    world.fold()
    const late = { ...ringing, outcome: 'no-answer' as const, cause: 19, endedAt: noon + 1 }
    const another = anAttempt('mine', { step: 2, leg: 'mine.2.1', dial: 'PJSIP/carol' })
    await world.saved([{ ...mine, outcome: 'abandoned', endedAt: noon + 9000 }, [late, another]])
    const attempts = await one(world)
    expect(attempts[0]).toMatchObject({ outcome: 'no-answer', cause: 19 })
  })
})

test.each([
  ['was over before', { startedAt: noon - 60_000, outcome: 'fallback' as const, endedAt: noon - 1000 }],
  ['came later', { startedAt: noon + 9000, outcome: 'answered' as const, endedAt: noon + 20_000 }],
  ['was the failsafe’s itself', { startedAt: noon - 60_000, failsafeAt: noon - 60_000, endedAt: noon - 1 }]
])('another call of the same caller, which %s, keeps its own record', async (_, changes) => {
  const { db, fold, wrote, saved } = given()
  const other = aCall('other', { aLeg: answered.a_leg, ...changes })
  await saved([other, []])
  wrote(answered)
  fold()
  expect((await readCall(db, 'other')).call).toEqual(other)
  expect((await readCall(db, 'f1')).call).toMatchObject({ outcome: 'answered' })
})

test('what makes no sense is set aside and said once, and the others are recorded', async () => {
  const { db, fold, wrote, left } = given()
  wrote({ ...answered, entered_at: 'yesterday' })
  wrote({ ...answered, tried: 'PJSIP/alice' })
  wrote({ ...answered, a_leg: '' })
  wrote({ fault: null })
  wrote({ ...answered, a_leg: '2.2' })
  expect(fold()?.faults).toHaveLength(4)
  expect(fold()).toMatchObject({ calls: [], faults: [] })
  expect(left()).toHaveLength(4)
  expect(left()[0]).toContain('entered_at is "yesterday"')
  expect(await listCalls(db, { limit: 10 })).toHaveLength(1)
})

test('whatever is written, every row is either recorded or set aside', () => {
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
  fc.assert(
    fc.property(fc.array(fc.oneof(row, partly), { minLength: 1, maxLength: 20 }), (rows) => {
      other.exec('DELETE FROM failsafe_calls; DELETE FROM calls')
      rows.forEach((each) => wrote({ a_leg: '1.1', ...each }))
      const { calls = [], faults = [] } = fold() ?? {}
      expect(calls.length + faults.length).toBe(rows.length)
      expect(left()).toHaveLength(faults.length)
      expect(other.prepare('SELECT count(*) FROM calls').pluck().get()).toBe(
        new Set(calls.map(({ call }) => call.id)).size
      )
    }),
    { numRuns: Number(process.env['FOLLOWME_RUNS'] ?? 200) }
  )
})

test('while another program writes nothing is done, and nothing is lost', async () => {
  const { db, other, fold, wrote } = given()
  wrote(answered)
  other.exec('BEGIN IMMEDIATE')
  expect(fold()).toBeNull()
  other.exec('ROLLBACK')
  expect(fold()?.calls).toHaveLength(1)
  expect(await listCalls(db, { limit: 10 })).toHaveLength(1)
})

test('of very many, some at a time', () => {
  const { fold, wrote } = given()
  for (let each = 0; each < 250; each++) wrote({ ...answered, a_leg: `1.${each}` })
  expect([fold(), fold(), fold()].map((each) => [each?.calls.length, each?.isFull])).toEqual([
    [100, true],
    [100, true],
    [50, false]
  ])
})
