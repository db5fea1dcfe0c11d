// A call that followme and the failsafe have both had is one record, whoever tells of it first.
import { closeOpenCalls, listCalls, readCall } from '../../../src/store/records/call-history'
import { answered, given } from './carried-calls'
import { aCall, anAttempt, noon } from '../fresh-database'

describe('a call handled by followme and then by the failsafe is one record', () => {
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

  test('if the record was still open', async () => {
    const world = given()
    await world.saved([mine, [ringing]])
    world.wrote(answered)
    await world.fold()
    const attempts = await one(world)
    expect(attempts[0]).toMatchObject({ outcome: 'lost', endedAt: noon })
  })

  test('if recovery had already closed it', async () => {
    const world = given()
    await world.saved([mine, [ringing]])
    closeOpenCalls(world.database, [{ call: mine, attempts: [ringing], replacements: [] }], noon + 4000)
    world.wrote(answered)
    await world.fold()
    await one(world)
  })

  test.each(['lost', 'abandoned'] as const)('if a resumed process had closed it as %s', async (outcome) => {
    const world = given()
    await world.saved([{ ...mine, outcome, endedAt: noon - 1 }, [ringing]])
    world.wrote(answered)
    await world.fold()
    await one(world)
  })

  test('if a new process claimed the caller just after the failsafe took over', async () => {
    const world = given()
    const late = aCall('mine', { aLeg: answered.a_leg, startedAt: noon + 25, outcome: 'lost', endedAt: noon + 3000 })
    const cancelled = anAttempt('mine', { startedAt: noon + 25, endedAt: noon + 30, outcome: 'cancelled' })
    await world.saved([late, [cancelled]])
    world.wrote(answered)
    await world.fold()
    expect((await listCalls(world.db, { limit: 10 })).map(({ id }) => id)).toEqual(['mine'])
    const { call } = await readCall(world.db, 'mine')
    expect(call).toMatchObject({ outcome: 'answered', answeredBy: 'PJSIP/bob', failsafeAt: noon })
  })

  test('if that process resumes and closes it afterwards', async () => {
    const world = given()
    await world.saved([mine, [ringing]])
    world.wrote(answered)
    await world.fold()
    const late = { ...ringing, outcome: 'no-answer' as const, cause: 19, endedAt: noon + 1 }
    const another = anAttempt('mine', { step: 2, leg: 'mine.2.1', dial: 'PJSIP/carol' })
    await world.saved([{ ...mine, outcome: 'abandoned', endedAt: noon + 9000 }, [late, another]])
    const attempts = await one(world)
    expect(attempts[0]).toMatchObject({ outcome: 'no-answer', cause: 19 })
  })
})

describe('a call that followme only knows to have come and gone', () => {
  const mine = aCall('mine', { aLeg: answered.a_leg, startedAt: noon - 3000, outcome: 'lost', endedAt: noon + 9000 })
  const ids = async ({ db }: ReturnType<typeof given>) => (await listCalls(db, { limit: 10 })).map(({ id }) => id)

  test('belongs to the failsafe if it handled the call, whether imported already or not', async () => {
    const world = given()
    world.wrote(answered)
    expect([await world.records.recordUnseen(mine), await ids(world)]).toEqual([false, []])
    await world.fold()
    expect([await world.records.recordUnseen(mine), await ids(world)]).toEqual([false, ['f1']])
  })

  test('is recorded if the failsafe did not handle it, or if its row is invalid', async () => {
    const world = given()
    world.wrote({ ...answered, ended_at: 'never' })
    await world.fold()
    expect([await world.records.recordUnseen(mine), await ids(world)]).toEqual([true, ['mine']])
    expect((await readCall(world.db, 'mine')).call).toEqual(mine)
  })

  test('is recorded if the failsafe handled an earlier call of the same caller', async () => {
    const world = given()
    world.wrote(answered)
    await world.fold()
    const later = { ...mine, startedAt: noon + 8500 }
    expect([await world.records.recordUnseen(later), await ids(world)]).toEqual([true, ['mine', 'f1']])
  })

  test('is completed if the failsafe reports it afterwards', async () => {
    const world = given()
    expect(await world.records.recordUnseen(mine)).toBe(true)
    world.wrote(answered)
    await world.fold()
    expect(await ids(world)).toEqual(['mine'])
    expect((await readCall(world.db, 'mine')).call).toMatchObject({ outcome: 'answered', failsafeAt: noon })
  })

  test('waits while another program writes', async () => {
    const { other, records } = given()
    other.exec('BEGIN IMMEDIATE')
    await expect(records.recordUnseen(mine)).rejects.toMatchObject({ failure: 'busy' })
    other.exec('COMMIT')
    expect(await records.recordUnseen(mine)).toBe(true)
  })
})

test.each([
  ['was over before', { startedAt: noon - 60_000, outcome: 'fallback' as const, endedAt: noon - 1000 }],
  ['came later', { startedAt: noon + 9000, outcome: 'answered' as const, endedAt: noon + 20_000 }],
  ['was handled by the failsafe too', { startedAt: noon - 60_000, failsafeAt: noon - 60_000, endedAt: noon - 1 }]
])('another call of the same caller that %s keeps its own record', async (_, changes) => {
  const { db, fold, wrote, saved } = given()
  const other = aCall('other', { aLeg: answered.a_leg, ...changes })
  await saved([other, []])
  wrote(answered)
  await fold()
  expect((await readCall(db, 'other')).call).toEqual(other)
  expect((await readCall(db, 'f1')).call).toMatchObject({ outcome: 'answered' })
})
