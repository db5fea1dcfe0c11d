// Writes batches of call records: one transaction a batch, statements compiled once.
import type { Compilable, Insertable, Kysely } from 'kysely'
import type { RecordedCall } from '../../ports'
import { attemptRow, callRow, replacementRow } from './call-rows'
import type { OpenDatabase } from '../database/database'
import type { Schema } from '../database/schema'

/** Writes all of the calls or, where it throws, none. Never waits for a lock where the connection's timeout is 0. */
export type WriteBatch = (calls: readonly RecordedCall[]) => void

export function batchWriter({ db, sqlite }: OpenDatabase): WriteBatch {
  const prepared = <Row extends object>(build: (row: Row) => Compilable, names: readonly (keyof Row & string)[]) => {
    // Compiled with each column's name in the place of its value: that tells the order of the parameters.
    const { sql, parameters } = build(Object.fromEntries(names.map((name) => [name, name])) as Row).compile()
    const statement = sqlite.prepare(sql)
    return (row: Row) => statement.run(parameters.map((name) => row[name as keyof Row]))
  }
  const writeCall = prepared((row: Insertable<Schema['calls']>) => upsertCall(db, row), callColumns)
  const writeAttempt = prepared((row: Insertable<Schema['attempts']>) => upsertAttempt(db, row), attemptColumns)
  const writeReplacement = prepared(
    (row: Insertable<Schema['replacements']>) => insertReplacement(db, row),
    replacementColumns
  )
  const write = sqlite.transaction((calls: readonly RecordedCall[]) => {
    for (const { call, attempts, replacements } of calls) {
      writeCall(callRow(call))
      for (const attempt of attempts) writeAttempt(attemptRow(attempt))
      replacements.forEach((each, index) => writeReplacement(replacementRow(call.id, each, index + 1)))
    }
  })
  return (calls) => write.immediate(calls)
}

function upsertCall(db: Kysely<Schema>, row: Insertable<Schema['calls']>): Compilable {
  return db
    .insertInto('calls')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet((excluded) => ({
          answered_at: excluded.ref('excluded.answered_at'),
          ended_at: excluded.ref('excluded.ended_at'),
          outcome: excluded.ref('excluded.outcome'),
          ended_by: excluded.ref('excluded.ended_by'),
          cause: excluded.ref('excluded.cause'),
          decision: excluded.ref('excluded.decision'),
          rule: excluded.ref('excluded.rule'),
          plan: excluded.ref('excluded.plan'),
          fallback: excluded.ref('excluded.fallback'),
          answered_by: excluded.ref('excluded.answered_by'),
          ring_ms: excluded.ref('excluded.ring_ms'),
          talk_ms: excluded.ref('excluded.talk_ms'),
          recovered: excluded.ref('excluded.recovered'),
          failsafe_at: excluded.ref('excluded.failsafe_at'),
          server: excluded.ref('excluded.server')
        }))
        // A stale process must not overwrite a record that the failsafe has completed.
        .where('calls.failsafe_at', 'is', null)
    )
}

function upsertAttempt(db: Kysely<Schema>, row: Insertable<Schema['attempts']>): Compilable {
  return db
    .insertInto('attempts')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['call', 'step', 'target'])
        .doUpdateSet((excluded) => ({
          dialled_at: excluded.ref('excluded.dialled_at'),
          ringing_at: excluded.ref('excluded.ringing_at'),
          answered_at: excluded.ref('excluded.answered_at'),
          ended_at: excluded.ref('excluded.ended_at'),
          outcome: excluded.ref('excluded.outcome'),
          cause: excluded.ref('excluded.cause'),
          sip_code: excluded.ref('excluded.sip_code')
        }))
        .whereRef('attempts.leg', '=', 'excluded.leg' as never)
    )
}

/** What has been written stays: nothing about a replacement changes later. */
function insertReplacement(db: Kysely<Schema>, row: Insertable<Schema['replacements']>): Compilable {
  return db
    .insertInto('replacements')
    .values(row)
    .onConflict((conflict) => conflict.columns(['call', 'position']).doNothing())
}

const callColumns = [
  'id',
  'number',
  'caller_number',
  'caller_name',
  'a_leg',
  'started_at',
  'answered_at',
  'ended_at',
  'outcome',
  'ended_by',
  'cause',
  'decision',
  'rule',
  'plan',
  'fallback',
  'answered_by',
  'ring_ms',
  'talk_ms',
  'recovered',
  'failsafe_at',
  'server'
] as const satisfies readonly (keyof Schema['calls'])[]

const attemptColumns = [
  'call',
  'step',
  'target',
  'leg',
  'dial',
  'started_at',
  'dialled_at',
  'ringing_at',
  'answered_at',
  'ended_at',
  'outcome',
  'cause',
  'sip_code'
] as const satisfies readonly (keyof Schema['attempts'])[]

const replacementColumns = [
  'call',
  'position',
  'step',
  'target',
  'leg',
  'who',
  'at'
] as const satisfies readonly (keyof Schema['replacements'])[]
