// Old calls forgotten once an hour, over a real database and a clock that is turned by hand.
import { RecordPruner } from '../../../src/engine/jobs/record-pruner'
import { batchWriter } from '../../../src/store/records/call-writer'
import { SqliteOldRecords } from '../../../src/store/records/old-records'
import { aCall, givenDatabaseFile, opened } from '../../store/fresh-database'
import { FakeClock } from '../fakes'
import { fakeLog } from '../../fake-log'

const dayMs = 86_400_000

function given(days = 30) {
  const file = givenDatabaseFile()
  const writing = opened(file, { busyTimeoutMs: 0 })
  const other = opened(file).sqlite
  const clock = new FakeClock()
  const log = fakeLog()
  const keeper = new RecordPruner({ records: new SqliteOldRecords(writing), days, clock, log })
  const write = batchWriter(writing)
  /** So many calls that are over since so many days. */
  const calls = (many: number, daysAgo: number) => {
    const startedAt = clock.now() - daysAgo * dayMs
    const ids = Array.from({ length: many }, (_, index) => `${daysAgo}-${index}`)
    write(
      ids.map((id) => ({
        call: aCall(id, { startedAt, endedAt: startedAt + 1, outcome: 'abandoned' }),
        attempts: [],
        replacements: []
      }))
    )
  }
  /** A call that comes now. Age is counted from the newest. */
  const newest = () => {
    const at = { startedAt: clock.now(), endedAt: clock.now(), outcome: 'abandoned' } as const
    write([{ call: aCall(`now ${clock.now()}`, at), attempts: [], replacements: [] }])
  }
  // The site is never quiet for long.
  calls(1, 15)
  newest()
  const left = () => other.prepare("SELECT count(*) FROM calls WHERE id NOT LIKE 'now%' AND id <> '15-0'").pluck().get()
  return { writing, other, clock, log, keeper, calls, newest, left }
}

test('at start all old records are removed in small batches, with one log line', async () => {
  const { keeper, clock, calls, left, log } = given()
  calls(60, 31)
  calls(5, 29)
  keeper.start()
  await clock.passSlowly(0)
  expect(left()).toBe(40)
  await clock.passSlowly(1000)
  expect(left()).toBe(5)
  expect(log.lines).toEqual([
    { level: 'info', message: 'old call records removed', fields: { calls: 60, olderThanDays: 30 } }
  ])
})

test('records that become too old later are removed within an hour', async () => {
  const { keeper, clock, calls, newest, left } = given()
  keeper.start()
  await clock.passSlowly(0)
  calls(1, 30)
  await clock.passSlowly(3_599_000)
  newest()
  expect(left()).toBe(1)
  await clock.passSlowly(1000)
  expect(left()).toBe(0)
})

test('if no record is too old, nothing is logged', async () => {
  const { keeper, clock, calls, left, log } = given()
  calls(3, 29)
  keeper.start()
  await clock.passSlowly(10_000)
  expect(left()).toBe(3)
  expect(log.lines).toEqual([])
})

test('while another program writes, the pruner waits, and continues afterwards', async () => {
  const { keeper, clock, calls, left, log, other } = given()
  calls(30, 31)
  other.exec('BEGIN IMMEDIATE')
  keeper.start()
  await clock.passSlowly(10_000)
  expect(left()).toBe(30)
  expect(log.lines).toEqual([])
  other.exec('COMMIT')
  await clock.passSlowly(2000)
  expect(left()).toBe(0)
})

test('a failing database is logged once per run and retried an hour later', async () => {
  const { keeper, clock, calls, left, log, writing } = given()
  calls(1, 31)
  writing.sqlite.pragma('query_only = ON')
  keeper.start()
  await clock.passSlowly(60_000)
  expect(log.lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
    'warn old call records cannot be removed, trying again in an hour: attempt to write a readonly database'
  ])
  writing.sqlite.pragma('query_only = OFF')
  await clock.passSlowly(3_600_000)
  expect(left()).toBe(0)
})

test('with 0 days records are kept forever and no timer runs', async () => {
  const { keeper, clock, calls, left } = given(0)
  calls(1, 20_000)
  keeper.start()
  await clock.passSlowly(dayMs)
  expect(left()).toBe(1)
  expect(clock.pending).toBe(0)
})

test('stopping the pruner during a run ends the run', async () => {
  const { keeper, clock, calls, left } = given()
  calls(60, 31)
  keeper.start()
  await clock.passSlowly(0)
  keeper.stop()
  await clock.passSlowly(dayMs)
  expect(left()).toBe(35)
  expect(clock.pending).toBe(0)
})

test('a clock that jumps years ahead removes no record, and one warning is logged', async () => {
  const { keeper, clock, calls, left, log } = given(365)
  calls(5, 3)
  calls(5, 300)
  await clock.passSlowly(3_400 * dayMs)
  keeper.start()
  await clock.passSlowly(3 * 3_600_000)
  expect(left()).toBe(10)
  expect(log.lines).toEqual([
    {
      level: 'warn',
      message:
        'no call is recorded between 2023-11-14T22:13:20.000Z and 2033-03-06T22:13:20.000Z: if the clock is wrong, correct it; ' +
        'older records are kept longer, because a gap of more than 30 days without calls does not count towards FOLLOWME_RETENTION_DAYS'
    }
  ])
})

test('new calls recorded with the wrong clock remove no old record either', async () => {
  const { keeper, clock, calls, newest, left } = given(365)
  calls(5, 300)
  await clock.passSlowly(3_400 * dayMs)
  newest()
  keeper.start()
  await clock.passSlowly(0)
  expect(left()).toBe(5)
})
