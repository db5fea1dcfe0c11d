// Old calls are forgotten, with all that belongs to them, and nothing else is.
import { statSync } from 'node:fs'
import { batchWriter } from '../../../src/store/records/call-writer'
import type { OpenDatabase } from '../../../src/store/database/database'
import { SqliteOldRecords } from '../../../src/store/records/old-records'
import { aCall, anAttempt, aReplacement, givenDatabase, givenDatabaseFile, noon, opened } from '../fresh-database'

const dayMs = 86_400_000

/** Calls of past days, one each: `ended` or not, with two attempts and a replacement. */
function givenCalls(database: OpenDatabase, ids: readonly string[], daysAgo: number, ended = true): void {
  const startedAt = noon - daysAgo * dayMs
  const over = ended ? ({ endedAt: startedAt + 5000, outcome: 'abandoned' } as const) : {}
  const attempts = (id: string) => [1, 2].map((step) => anAttempt(id, { step, leg: `${id}.${String(step)}.1` }))
  batchWriter(database)(
    ids.map((id) => ({
      call: aCall(id, { startedAt, ...over }),
      attempts: attempts(id),
      replacements: [aReplacement()]
    }))
  )
}

const left = ({ sqlite }: OpenDatabase) => ({
  calls: sqlite.prepare('SELECT id FROM calls ORDER BY id').pluck().all(),
  attempts: sqlite.prepare('SELECT DISTINCT call FROM attempts ORDER BY call').pluck().all(),
  replacements: sqlite.prepare('SELECT call FROM replacements ORDER BY call').pluck().all()
})

test('ended calls older than the retention period are removed with everything that belongs to them; live and later calls stay', async () => {
  const database = givenDatabase()
  givenCalls(database, ['old-1', 'old-2'], 40)
  givenCalls(database, ['lasting'], 40, false)
  givenCalls(database, ['of-late'], 29)
  expect(await new SqliteOldRecords(database).remove(noon - 30 * dayMs, 100)).toBe(2)
  const stay = ['lasting', 'of-late']
  expect(left(database)).toEqual({ calls: stay, attempts: stay, replacements: stay })
  expect(await new SqliteOldRecords(database).remove(noon - 30 * dayMs, 100)).toBe(0)
})

test('the oldest calls are removed first, up to the given number', async () => {
  const database = givenDatabase()
  givenCalls(database, ['b'], 50)
  givenCalls(database, ['a'], 40)
  givenCalls(database, ['c'], 60)
  expect(await new SqliteOldRecords(database).remove(noon, 2)).toBe(2)
  expect(left(database).calls).toEqual(['a'])
})

test('while another program writes, nothing is removed and nobody waits', async () => {
  const file = givenDatabaseFile()
  const writing = opened(file, { busyTimeoutMs: 0 })
  givenCalls(writing, ['old'], 40)
  const { sqlite: other } = opened(file)
  other.exec('BEGIN IMMEDIATE')
  const records = new SqliteOldRecords(writing)
  await expect(records.remove(noon, 10)).rejects.toMatchObject({ failure: 'busy' })
  other.exec('COMMIT')
  expect(await records.remove(noon, 10)).toBe(1)
})

test('only the records to be removed are read, however many stay', async () => {
  const { sqlite } = givenDatabase()
  const prepare = jest.spyOn(sqlite, 'prepare')
  new SqliteOldRecords({ sqlite } as OpenDatabase)
  const sql = String(prepare.mock.calls[0]?.[0])
  const plan = sqlite.prepare(`EXPLAIN QUERY PLAN ${sql}`).all({ before: '2026', most: 25 }) as { detail: string }[]
  const details = plan.map(({ detail }) => detail)
  expect(details).toContain('SEARCH calls USING INDEX calls_started (started_at<?)')
  expect(details.filter((detail) => /SCAN|TEMP B-TREE/.test(detail))).toEqual([])
})

test('the file does not grow if as many calls are removed as added', async () => {
  const file = givenDatabaseFile()
  const database = opened(file)
  const records = new SqliteOldRecords(database)
  const ids = (day: number) => Array.from({ length: 1000 }, (_, index) => `${1000 + day}-${1000 + index}`)
  const sizes: number[] = []
  for (const day of [1, 2, 3, 4, 5, 6]) {
    givenCalls(database, ids(day), 10 - day)
    while ((await records.remove(noon - (11 - day) * dayMs, 25)) > 0);
    database.sqlite.pragma('wal_checkpoint(TRUNCATE)')
    sizes.push(statSync(file).size)
  }
  expect(left(database).calls).toHaveLength(2000)
  // On the third day there were three for the first time.
  expect((sizes.at(-1) ?? 0) / (sizes[2] ?? 1)).toBeLessThan(1.02)
})

test('the cutoff is found without reading all records', async () => {
  const database = givenDatabase()
  givenCalls(database, ['a'], 40)
  givenCalls(database, ['b'], 20, false)
  const records = new SqliteOldRecords(database)
  const of = (days: number) => noon - days * dayMs
  expect(await records.cutoff(noon, 7)).toEqual({ before: null, doubted: { from: of(20), to: noon } })
  expect(await records.cutoff(of(15), 20)).toEqual({ before: of(40), doubted: null })
  const details = [
    'max(started_at) FROM calls WHERE started_at <= ?',
    'min(started_at) FROM calls WHERE started_at >= ?'
  ].map(
    (what) => (database.sqlite.prepare(`EXPLAIN QUERY PLAN SELECT ${what}`).get('2026') as { detail: string }).detail
  )
  expect(details).toEqual([
    'SEARCH calls USING COVERING INDEX calls_started (started_at<?)',
    'SEARCH calls USING COVERING INDEX calls_started (started_at>?)'
  ])
})
