import { unreadablePlan } from '../../../src/call/record'
import { closeOpenCalls, listCalls, openCalls, readCall } from '../../../src/store/records/call-history'
import type { RecordQueue } from '../../../src/engine/record-queue'
import { storePromise } from '../../../src/store/database/store-promise'
import { until } from '../../sandbox/child'
import { aCall, anAttempt, givenDatabaseFile, givenRecords, noon, opened } from '../fresh-database'
import { fakeLog } from '../../fake-log'

const stores: RecordQueue[] = []

afterEach(async () => {
  for (const store of stores.splice(0)) await store.close(0)
})

function given(options?: Parameters<typeof givenRecords>[1]) {
  const file = givenDatabaseFile()
  const log = fakeLog()
  const store = givenRecords(opened(file), { ...options, log })
  stores.push(store)
  const reader = opened(file)
  const locker = opened(file)
  const count = () => reader.sqlite.prepare('SELECT count(*) FROM calls').pluck().get()
  return {
    store,
    log,
    count,
    db: reader.db,
    reader,
    lock: () => locker.sqlite.exec('BEGIN IMMEDIATE'),
    unlock: () => locker.sqlite.exec('ROLLBACK'),
    break: (sql: string) => locker.sqlite.exec(sql)
  }
}

test('a record is read as it was saved, with its attempts in order', async () => {
  const { store, db } = given()
  const call = aCall('c1', {
    callerName: `Robert'); DROP TABLE calls;-- "Zoë" \u{1f4de}`,
    answeredAt: noon + 9_100,
    endedAt: noon + 21_400,
    outcome: 'answered',
    endedBy: 'caller',
    cause: 16,
    answeredBy: 'PJSIP/carol',
    ringMs: 9_100,
    talkMs: 12_300
  })
  const attempts = [
    anAttempt('c1', { endedAt: noon + 52, outcome: 'busy', cause: 17, sipCode: 486 }),
    anAttempt('c1', { step: 2, leg: 'c1.2.1', dial: 'PJSIP/carol', ringingAt: noon + 90, answeredAt: noon + 9_100 })
  ]
  store.save(call, [...attempts].reverse())
  await store.flush()
  expect(await readCall(db, 'c1')).toEqual({ call, attempts, replacements: [] })
})

test('the last of several saves of a call is kept, before and after it was written', async () => {
  const { store, db } = given()
  store.save(aCall('c1'), [])
  store.save(aCall('c1'), [anAttempt('c1')])
  await store.flush()
  store.save(aCall('c1', { outcome: 'abandoned', endedAt: noon + 500, ringMs: 500 }), [
    anAttempt('c1', { outcome: 'cancelled', endedAt: noon + 500 })
  ])
  await store.flush()
  const { call, attempts } = await readCall(db, 'c1')
  expect(call.outcome).toBe('abandoned')
  expect(attempts.map((attempt) => attempt.outcome)).toEqual(['cancelled'])
})

test('a save returns before anything is written, and is written soon afterwards', async () => {
  const { store, count } = given({ batchMs: 20 })
  store.save(aCall('c1'), [])
  expect(count()).toBe(0)
  await until('the record to be written', () => count() === 1)
})

test('after a batch the next one waits longer, so that more records can share it, unless flushed', async () => {
  const { store, count } = given({ batchMs: 1, pauseMs: 60_000 })
  store.save(aCall('c1'), [])
  await until('the record to be written', () => count() === 1)
  for (const id of ['c2', 'c3']) {
    store.save(aCall(id), [])
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  expect(count()).toBe(1)
  await store.flush()
  expect(count()).toBe(3)
})

test('many records are written in batches, and a flush waits for all of them', async () => {
  const { store, count } = given({ batchSize: 100 })
  for (let i = 0; i < 1_050; i++) store.save(aCall(`c${i}`), [anAttempt(`c${i}`)])
  await store.flush()
  expect(count()).toBe(1_050)
  expect(store.state).toEqual({ waiting: 0, lost: 0, fault: null })
})

test('during a database lock records wait, and one line each logs its beginning and end', async () => {
  const { store, log, count, lock, unlock } = given({ batchMs: 1 })
  lock()
  for (let i = 0; i < 10; i++) store.save(aCall(`c${i}`), [])
  await until('the fault to be noticed', () => store.state.fault !== null)
  store.save(aCall('late'), [])
  await new Promise((resolve) => setTimeout(resolve, 350))
  expect(log.lines.map((line) => line.level)).toEqual(['error'])
  expect(log.lines[0]?.message).toMatch(/^call records cannot be written, they are kept and tried again: .*locked$/)
  unlock()
  await store.flush()
  expect(count()).toBe(11)
  expect(log.lines.slice(1)).toMatchObject([{ level: 'info', message: 'call records are written again' }])
  expect(store.state.lost).toBe(0)
})

test('a full queue drops new calls, counts them and logs it once; calls in the queue can still end', async () => {
  const { store, log, lock, unlock, db, count } = given({ queueLimit: 5, batchMs: 1 })
  lock()
  for (let i = 0; i < 9; i++) store.save(aCall(`c${i}`), [])
  store.save(aCall('c0', { outcome: 'failed', endedAt: noon + 1 }), [anAttempt('c0')])
  expect(store.state).toMatchObject({ waiting: 5, lost: 4 })
  expect(log.lines.filter((line) => line.message.includes('queue of call records is full'))).toHaveLength(1)
  unlock()
  await store.flush()
  expect(count()).toBe(5)
  expect((await readCall(db, 'c0')).call.outcome).toBe('failed')
  expect(log.lines.at(-1)).toMatchObject({
    message: 'call records were lost while the queue was full',
    fields: { saves: 4 }
  })
})

test('additional writes are limited like the records', async () => {
  const { store, log, lock, unlock } = given({ queueLimit: 5, batchMs: 1 })
  lock()
  store.save(aCall('c0'), [])
  await until('the fault to be noticed', () => store.state.fault !== null)
  let written = 0
  for (let i = 0; i < 9; i++) store.alsoWrite(() => storePromise(() => void (written += 1)))
  expect(store.state).toMatchObject({ waiting: 1, lost: 4 })
  unlock()
  await store.flush()
  expect(written).toBe(5)
  expect(log.lines.at(-1)).toMatchObject({ level: 'error', fields: { saves: 4 } })
})

test('a record that the database refuses does not delay the others', async () => {
  const { store, log, count } = given()
  store.save(aCall('good'), [])
  store.save(aCall('bad'), [anAttempt('another call that is not there')])
  store.save(aCall('worse', { startedAt: NaN }), [])
  store.save(aCall('fine'), [])
  await store.flush()
  expect(count()).toBe(2)
  expect(store.state).toEqual({ waiting: 0, lost: 2, fault: null })
  expect(log.lines.map(({ level, fields }) => [level, fields])).toEqual([
    ['error', { callId: 'bad' }],
    ['error', { callId: 'worse' }]
  ])
})

test('an additional write waits for a lock like the records, and is written once', async () => {
  const { store, log, lock, unlock, reader } = given({ batchMs: 1 })
  const addList = () => storePromise(() => void reader.sqlite.exec("INSERT INTO caller_lists VALUES ('vip')"))
  lock()
  store.alsoWrite(addList)
  reader.sqlite.pragma('busy_timeout = 0')
  await until('the fault to be noticed', () => store.state.fault !== null)
  unlock()
  await store.flush()
  expect(reader.sqlite.prepare('SELECT name FROM caller_lists').pluck().all()).toEqual(['vip'])
  store.alsoWrite(addList)
  await store.flush()
  expect(log.lines.map(({ level }) => level)).toEqual(['error', 'info', 'error'])
})

test('closing writes what is waiting', async () => {
  const { store, count, log } = given({ batchMs: 60_000 })
  store.save(aCall('c1'), [])
  await store.close()
  expect(count()).toBe(1)
  store.save(aCall('c2'), [])
  expect(log.lines.at(-1)?.message).toContain('it came after the store was closed')
})

test('closing gives up on a database that stays locked, and logs what was lost', async () => {
  const { store, log, lock } = given()
  lock()
  store.save(aCall('c1'), [])
  await store.close(50)
  expect(log.lines.at(-1)).toMatchObject({ level: 'error', fields: { calls: 1 } })
})

describe('the history', () => {
  const several = async () => {
    const setting = given()
    setting.store.save(aCall('aa1', { startedAt: noon, endedAt: noon + 1 }), [])
    setting.store.save(aCall('aa2', { startedAt: noon + 1_000, number: '+442071838750' }), [anAttempt('aa2')])
    setting.store.save(aCall('ab', { startedAt: noon + 2_000 }), [anAttempt('ab'), anAttempt('ab', { target: 2 })])
    await setting.store.flush()
    return setting
  }

  test('lists the latest first, filtered by time and number, up to a limit', async () => {
    const { db } = await several()
    const ids = async (filter: Parameters<typeof listCalls>[1]) => (await listCalls(db, filter)).map((call) => call.id)
    expect(await ids({ limit: 10 })).toEqual(['ab', 'aa2', 'aa1'])
    expect(await ids({ limit: 2 })).toEqual(['ab', 'aa2'])
    expect(await ids({ since: noon + 1_000, limit: 10 })).toEqual(['ab', 'aa2'])
    expect(await ids({ number: '+442071838750', limit: 10 })).toEqual(['aa2'])
  })

  test('finds a call by a unique beginning of its id', async () => {
    const { db } = await several()
    expect((await readCall(db, 'ab')).attempts).toHaveLength(2)
    expect((await readCall(db, 'aa2')).call.id).toBe('aa2')
    await expect(readCall(db, 'a')).rejects.toThrow('several calls begin with a (aa1, aa2…); give more of the id')
    await expect(readCall(db, 'x')).rejects.toThrow("there is no call x; 'followme calls' lists them")
    await expect(readCall(db, '')).rejects.toThrow('there is no call')
    await expect(readCall(db, '%')).rejects.toThrow('there is no call')
  })

  test('finds an id that is the beginning of another', async () => {
    const { db, store } = await several()
    store.save(aCall('aa'), [])
    await store.flush()
    expect((await readCall(db, 'aa')).call.id).toBe('aa')
  })

  test.each(['{}', '[]', '7', '{"steps": [{}]}', '{"steps": 5, "fallback": "busy"}'])(
    'can be read even if another program wrote the plan %s',
    async (plan) => {
      const { db, reader } = await several()
      reader.sqlite.prepare('UPDATE calls SET plan = ?').run(plan)
      expect((await readCall(db, 'ab')).call.plan).toBe(unreadablePlan)
    }
  )

  test('finds open calls, and closes them once, marked as recovered', async () => {
    const { db, reader, store } = await several()
    const open = await openCalls(db)
    expect(open.map(({ call, attempts }) => [call.id, attempts.length])).toEqual([
      ['aa2', 1],
      ['ab', 2]
    ])
    const ended = await readCall(db, 'aa1')
    expect(closeOpenCalls(reader, [...open, ended], noon + 60_000)).toBe(2)
    expect(closeOpenCalls(reader, open, noon)).toBe(0)
    expect(await openCalls(db)).toEqual([])
    expect(await readCall(db, 'ab')).toMatchObject({
      call: { outcome: 'lost', endedAt: noon + 60_000, ringMs: null, recovered: true },
      attempts: [{ outcome: 'lost', endedAt: noon + 60_000 }, { outcome: 'lost' }]
    })
    expect(await readCall(db, 'aa1')).toMatchObject({ call: { endedAt: noon + 1, recovered: false } })
    store.save(aCall('ab', { endedAt: noon + 5_000, outcome: 'abandoned' }), [])
    await store.flush()
    expect(await readCall(db, 'ab')).toMatchObject({ call: { outcome: 'abandoned', recovered: false } })
  })
})
