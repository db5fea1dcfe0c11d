// Calls that the failsafe has carried, as Asterisk writes them down, and a database for them.
import { SqliteRecordStore } from '../../../src/store/records/record-store'
import { SqliteFailsafeCalls } from '../../../src/store/records/failsafe-calls'
import { givenDatabaseFile, noon, opened, givenRecords } from '../fresh-database'

export const number = '+14155550100'
export const at = (seconds: number) => new Date(noon + seconds * 1000).toISOString()
const base64 = (text: string) => Buffer.from(`=${text}`).toString('base64')

/** Somebody called; alice was busy, and bob answered after 2 seconds and talked for 5 until the caller hung up. */
export const answered = {
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
export const fellBack = {
  ...answered,
  tried: `1 PJSIP/alice 20 ${at(0)} ${at(20)} NOANSWER 17|2 PJSIP/bob 15 ${at(20)} ${at(21)} CHANUNAVAIL 0|`,
  dialling: '',
  dial_status: 'CHANUNAVAIL',
  ending: 'fallback',
  ending_at: at(21),
  fallback: base64('voicemail:100@default'),
  ended_at: at(60)
}

export function given(plan = true) {
  const file = givenDatabaseFile()
  const database = opened(file, { busyTimeoutMs: 0 })
  const other = opened(file).sqlite
  if (plan) {
    other.exec(`INSERT INTO failsafe (number, step, dial, ring_seconds, fallback, rule, computed_at) VALUES
      ('${number}', 1, 'PJSIP/alice', 20, NULL, 'day', '${at(-60)}'),
      ('${number}', 2, 'PJSIP/+442071838750@trunk&PJSIP/bob', 15, NULL, 'day', '${at(-60)}'),
      ('${number}', 3, NULL, NULL, 'voicemail:100@default', 'day', '${at(-60)}')`)
  }
  let minted = 0
  const store = new SqliteFailsafeCalls(database, {
    trunk: 'PJSIP/{number}@trunk',
    bareNumbers: 'auto',
    server: 'sales-1',
    newCallId: () => `f${++minted}`
  })
  const fold = () => store.importCalls()
  const records = new SqliteRecordStore({ reading: database, writing: database })
  const wrote = (row: object) => {
    const columns = Object.entries(row)
    other
      .prepare(
        `INSERT INTO failsafe_calls (${columns.map(([name]) => name).join()}) VALUES (${columns.map(() => '?').join()})`
      )
      .run(columns.map(([, value]) => value as unknown))
  }
  const left = () => other.prepare('SELECT fault FROM failsafe_calls').pluck().all()
  const saved = async (...entries: Parameters<ReturnType<typeof givenRecords>['save']>[]) => {
    const calls = givenRecords(opened(file))
    for (const entry of entries) calls.save(...entry)
    await calls.close()
  }
  return { database, db: database.db, other, store, records, fold, wrote, left, saved }
}
