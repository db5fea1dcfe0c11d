// Writes call records in batches: one transaction per batch, statements compiled once.
import { type Compilable, type Kysely, sql } from 'kysely'
import type { RecordedCall } from '../../ports'
import { type AttemptRow, attemptRow, type CallRow, callRow, type ReplacementRow, replacementRow } from './call-rows'
import type { OpenDatabase } from '../database/database'
import type { Schema } from '../database/schema'

/** Writes all of the calls or, if it throws, none. Never waits for a lock if the connection's timeout is 0. */
export type WriteBatch = (calls: readonly RecordedCall[]) => void

export function batchWriter({ db, sqlite }: OpenDatabase): WriteBatch {
  const prepared = <Row extends object>(
    build: (row: Row) => Compilable,
    columns: Readonly<Record<keyof Row, unknown>>
  ) => {
    // Compiled with column names in place of values, which shows the order of the parameters.
    const { sql: text, parameters } = build(
      Object.fromEntries(Object.keys(columns).map((name) => [name, name])) as Row
    ).compile()
    const statement = sqlite.prepare(text)
    return (row: Row) => statement.run(parameters.map((name) => row[name as keyof Row]))
  }
  const writeCall = prepared((row: CallRow) => upsertCall(db, row), callColumns)
  const writeAttempt = prepared((row: AttemptRow) => upsertAttempt(db, row), attemptColumns)
  const writeReplacement = prepared((row: ReplacementRow) => insertReplacement(db, row), replacementColumns)
  const write = sqlite.transaction((calls: readonly RecordedCall[]) => {
    for (const { call, attempts, replacements } of calls) {
      writeCall(callRow(call))
      for (const attempt of attempts) writeAttempt(attemptRow(attempt))
      replacements.forEach((each, index) => writeReplacement(replacementRow(call.id, each, index + 1)))
    }
  })
  return (calls) => write.immediate(calls)
}

function upsertCall(db: Kysely<Schema>, row: CallRow): Compilable {
  return db
    .insertInto('calls')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet(updated(callColumns))
        // A stale process must not overwrite a record that the failsafe has completed.
        .where('calls.failsafe_at', 'is', null)
    )
}

function upsertAttempt(db: Kysely<Schema>, row: AttemptRow): Compilable {
  return db
    .insertInto('attempts')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['call', 'step', 'target', 'try'])
        .doUpdateSet(updated(attemptColumns))
        // What the failsafe has rung has no leg.
        .where(sql<boolean>`attempts.leg <> ''`)
    )
}

/** Existing rows stay, because a replacement never changes. */
function insertReplacement(db: Kysely<Schema>, row: ReplacementRow): Compilable {
  return db
    .insertInto('replacements')
    .values(row)
    .onConflict((conflict) => conflict.columns(['call', 'position']).doNothing())
}

/** Every column of a table, so that the compiler reports a missing one: either the first value stays, or the latest counts. */
type Columns<Table extends keyof Schema> = Readonly<Record<keyof Schema[Table], 'first' | 'latest'>>

/** The columns whose latest value counts, each set to the new value. */
function updated<Name extends string>(columns: Readonly<Record<Name, 'first' | 'latest'>>) {
  const latest = (Object.keys(columns) as Name[]).filter((name) => columns[name] === 'latest')
  return Object.fromEntries(latest.map((name) => [name, sql.ref(`excluded.${name}`)]))
}

const callColumns: Columns<'calls'> = {
  id: 'first',
  number: 'first',
  caller_number: 'first',
  caller_name: 'first',
  a_leg: 'first',
  started_at: 'first',
  answered_at: 'latest',
  ended_at: 'latest',
  outcome: 'latest',
  ended_by: 'latest',
  cause: 'latest',
  decision: 'latest',
  rule: 'latest',
  plan: 'latest',
  fallback: 'latest',
  answered_by: 'latest',
  ring_ms: 'latest',
  talk_ms: 'latest',
  recovered: 'latest',
  failsafe_at: 'latest',
  server: 'latest',
  reason: 'latest',
  came_from: 'latest'
}

const attemptColumns: Columns<'attempts'> = {
  call: 'first',
  step: 'first',
  target: 'first',
  try: 'first',
  leg: 'latest',
  dial: 'first',
  trunk: 'first',
  contact: 'latest',
  started_at: 'first',
  dialled_at: 'latest',
  ringing_at: 'latest',
  answered_at: 'latest',
  ended_at: 'latest',
  outcome: 'latest',
  cause: 'latest',
  sip_code: 'latest',
  reason: 'latest'
}

const replacementColumns: Columns<'replacements'> = {
  call: 'first',
  position: 'first',
  step: 'first',
  target: 'first',
  leg: 'first',
  who: 'first',
  at: 'first',
  try: 'first'
}
