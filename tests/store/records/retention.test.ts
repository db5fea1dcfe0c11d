// The program as it is put together forgets old calls and looks after the log of writes, without an Asterisk too.
import winston from 'winston'
import { startApp } from '../../../src/app'
import { readConfig } from '../../../src/config/config'
import { batchWriter } from '../../../src/store/records/call-writer'
import { until } from '../../sandbox/child'
import { aCall, givenDatabaseFile, opened } from '../fresh-database'

const dayMs = 86_400_000

test('records older than FOLLOWME_RETENTION_DAYS are removed at start, and the log is checkpointed', async () => {
  const file = givenDatabaseFile()
  const database = opened(file)
  const aged = (id: string, days: number) => {
    const startedAt = Date.now() - days * dayMs
    return { call: aCall(id, { startedAt, endedAt: startedAt, outcome: 'abandoned' }), attempts: [], replacements: [] }
  }
  batchWriter(database)([aged('old', 31), aged('of-late', 29), aged('newest', 0)])
  const config = readConfig({
    FOLLOWME_ARI_URL: 'http://127.0.0.1:1',
    FOLLOWME_ARI_PASSWORD: 'x',
    FOLLOWME_DATABASE: file,
    FOLLOWME_HTTP: '127.0.0.1:0',
    FOLLOWME_RETENTION_DAYS: '30'
  })
  const app = await startApp({ config, log: winston.createLogger({ silent: true }) })
  try {
    const left = database.sqlite.prepare('SELECT id FROM calls').pluck()
    await until('the old call to be forgotten', () => left.all().length === 2)
    expect(left.all().sort()).toEqual(['newest', 'of-late'])

    database.sqlite.pragma('wal_autocheckpoint = 0')
    database.sqlite.exec('CREATE TABLE ballast (bytes BLOB); INSERT INTO ballast VALUES (zeroblob(6000000))')
    const [begun] = database.sqlite.pragma('wal_checkpoint(NOOP)') as { log: number }[]
    expect(begun?.log).toBeGreaterThan(1000)
    await until('the log to be in the database', () => {
      const [state] = database.sqlite.pragma('wal_checkpoint(NOOP)') as { log: number; checkpointed: number }[]
      return state !== undefined && state.checkpointed === state.log
    })
  } finally {
    await app.stop()
  }
})
