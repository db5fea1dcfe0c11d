// The write-ahead log goes into the database beside the calls, and is small again after a long reading.
import { statSync } from 'node:fs'
import type { Worker } from 'node:worker_threads'
import { Checkpointer } from '../../../src/store/database/checkpointer'
import type { OpenDatabase } from '../../../src/store/database/database'
import { until } from '../../sandbox/child'
import { givenDatabaseFile, opened } from '../fresh-database'
import { fakeLog } from '../../fake-log'

const checkpointers: Checkpointer[] = []
afterEach(() => Promise.all(checkpointers.splice(0).map((each) => each.stop())))

function given() {
  const file = givenDatabaseFile()
  const writing = opened(file, { busyTimeoutMs: 0 })
  const log = fakeLog()
  const checkpointer = new Checkpointer(writing, log)
  checkpointers.push(checkpointer)
  writing.sqlite.exec('CREATE TABLE ballast (bytes BLOB)')
  return { file, writing, log, checkpointer }
}

/** Writes so many megabytes, one a commit, and throws where it would have to wait. */
function write({ sqlite }: OpenDatabase, megabytes: number): void {
  const insert = sqlite.prepare('INSERT INTO ballast VALUES (zeroblob(1000000))')
  for (let each = 0; each < megabytes; each++) insert.run()
}

const logMegabytes = (file: string) => statSync(`${file}-wal`).size / 1e6
const waiting = ({ sqlite }: OpenDatabase) => {
  const [state] = sqlite.pragma('wal_checkpoint(NOOP)') as { log: number; checkpointed: number }[]
  return (state?.log ?? 0) - (state?.checkpointed ?? 0)
}
/** Only the thread does that here. */
const checkpointed = (database: OpenDatabase) => until('the log to be in the database', () => waiting(database) === 0)

test('no commit checkpoints the write-ahead log, but it is checkpointed soon after', async () => {
  const { writing, log } = given()
  expect(writing.sqlite.pragma('wal_autocheckpoint', { simple: true })).toBe(0)
  write(writing, 12)
  await checkpointed(writing)
  expect(log.lines).toEqual([])
})

test('a long read lets the log grow without blocking writes, and afterwards the log is truncated', async () => {
  const { file, writing } = given()
  const { sqlite: reading } = opened(file)
  reading.exec('BEGIN')
  reading.prepare('SELECT count(*) FROM ballast').get()
  write(writing, 50)
  expect(logMegabytes(file)).toBeGreaterThan(45)
  reading.exec('COMMIT')
  await checkpointed(writing)
  write(writing, 1)
  expect(logMegabytes(file)).toBeLessThan(17)
  expect(reading.prepare('SELECT count(*) FROM ballast').pluck().get()).toBe(51)
})

test('after a change of the database, the new one is checkpointed', async () => {
  const { checkpointer, log } = given()
  const other = opened(givenDatabaseFile(), { busyTimeoutMs: 0 })
  other.sqlite.exec('CREATE TABLE ballast (bytes BLOB)')
  checkpointer.use(other)
  write(other, 6)
  await checkpointed(other)
  expect(log.lines).toEqual([])
})

test('if the checkpoint thread ends, commits checkpoint the log themselves, and a warning is logged', async () => {
  const { writing, log, checkpointer } = given()
  await (Reflect.get(checkpointer, 'worker') as Worker).terminate()
  await until('it to be said', () => log.lines.length > 0)
  expect(log.lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
    'warn the checkpoint thread stopped (it exited); calls now wait for checkpoints of the write-ahead log'
  ])
  write(writing, 12)
  expect(waiting(writing)).toBeLessThan(1000)
})
