// The audit of a chaos run, on a real database: what followme and the failsafe may do to a record, and what nobody may.
import type { CallRecord } from '../../src/call/record'
import { instant } from '../../src/store/records/call-rows'
import { batchWriter } from '../../src/store/records/call-writer'
import { SqliteFailsafeCalls } from '../../src/store/records/failsafe-calls'
import { aCall, anAttempt, givenDatabase, noon } from '../store/fresh-database'
import { auditFaults, startAudit } from './audit'

const closed: Partial<CallRecord> = { endedAt: noon + 5000, outcome: 'lost', recovered: true }

/** A database under audit, and a call in it: `c1`, of the leg `a1`. */
function given(changes: Partial<CallRecord> = {}) {
  const database = givenDatabase()
  startAudit(database)
  const write = batchWriter(database)
  const save = (more: Partial<CallRecord> = {}): void =>
    write([
      { call: aCall('c1', { aLeg: 'a1', ...changes, ...more }), attempts: [anAttempt('c1', {})], replacements: [] }
    ])
  save()
  const { sqlite } = database
  return {
    save,
    run: (sql: string) => sqlite.prepare(sql).run(),
    outcome: () => sqlite.prepare(`SELECT outcome FROM calls WHERE id = 'c1'`).pluck().get(),
    faults: () => auditFaults(database),
    /** Asterisk writes down what the failsafe did with the call, and followme takes it into the records. */
    failsafe: () => {
      const at = (ms: number): string => instant(noon + ms)
      const names = 'a_leg, number, entered_at, ending, ending_at, fallback, cause, ended_at'
      const values = ['a1', '+14155550100', at(4000), 'fallback', at(8000), '', '17', at(8000)]
      sqlite.prepare(`INSERT INTO failsafe_calls (${names}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`).run(...values)
      const site = { trunk: 'PJSIP/{number}@trunk', bareNumbers: 'auto', server: 'sales-1' } as const
      // It is done at once.
      void new SqliteFailsafeCalls(database, { ...site, newCallId: () => 'c2' }).importCalls()
    }
  }
}

test('saving a closed call again is not a fault', () => {
  const { save, faults } = given()
  save({ answeredAt: noon + 1000 })
  save(closed)
  save(closed)
  expect(faults()).toEqual([])
})

test.each<[string, Partial<CallRecord>]>([
  ['open', {}],
  ['closed as lost', closed]
])('the failsafe may continue a record that is %s, and after that nobody may change it', (_, before) => {
  const { save, failsafe, outcome, faults, run } = given(before)
  failsafe()
  expect(outcome()).toBe('fallback')
  // A process that had it in hand before still saves it: that changes nothing.
  save({ endedAt: noon + 9000, outcome: 'abandoned' })
  expect(outcome()).toBe('fallback')
  expect(faults()).toEqual([])
  run(`UPDATE calls SET outcome = 'answered'`)
  expect(faults().join()).toMatch(/^record c1 was closed again: fallback at .*08\.000Z, then answered at .*08\.000Z$/)
})

test.each<[string, Partial<CallRecord>, string, RegExp]>([
  ['reopened', closed, 'ended_at = NULL, outcome = NULL', /opened again/],
  ['closed with another outcome', closed, `outcome = 'abandoned'`, /closed again: lost at .*, then abandoned at/],
  ['given a later end', closed, `ended_at = '${instant(noon + 6000)}'`, /closed again/],
  ['half closed', {}, `outcome = 'lost'`, /by half/],
  ['given to the failsafe without a failsafe call', closed, `failsafe_at = '${instant(noon)}'`, /said nothing/],
  ['given to the failsafe and left open', {}, `failsafe_at = '${instant(noon)}'`, /left open/],
  ['taken from the failsafe', { ...closed, failsafeAt: noon }, 'failsafe_at = NULL', /twice/]
])('a record that is %s is reported', (_, before, change, words) => {
  const { run, faults } = given(before)
  expect(faults()).toEqual([])
  run(`UPDATE calls SET ${change}`)
  expect(faults()).toHaveLength(1)
  expect(faults().join()).toMatch(words)
})

test('removing a record is reported, and so is a second failsafe takeover', () => {
  const { run, failsafe, faults } = given()
  failsafe()
  run(`INSERT INTO failsafe_calls (a_leg, entered_at) VALUES ('a1', '${instant(noon + 9000)}')`)
  run(`UPDATE calls SET failsafe_at = '${instant(noon + 9000)}'`)
  run('DELETE FROM calls')
  expect(faults()).toEqual(['record c1 was taken over by the failsafe twice', 'record c1 was removed'])
})
