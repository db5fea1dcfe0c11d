// Reads call records: for commands, and for recovery to find open calls.
import type { Compilable, Kysely } from 'kysely'
import { AppError } from '../../errors'
import type { RecordedCall } from '../../ports'
import type { AttemptRecord, CallRecord, ReplacementRecord } from '../../call/record'
import { attemptFromRow, callFromRow, instant, replacementFromRow, type CallRow } from './call-rows'
import type { OpenDatabase } from '../database/database'
import type { Schema } from '../database/schema'

export interface CallFilter {
  /** Only calls that arrived at or after this time; milliseconds since the epoch. */
  readonly since?: number | undefined
  /** Only calls to this number. */
  readonly number?: string | undefined
  /** The maximum number of calls. */
  readonly limit: number
}

/** The latest calls, newest first. */
export async function listCalls(db: Kysely<Schema>, filter: CallFilter): Promise<CallRecord[]> {
  let query = db.selectFrom('calls').selectAll().orderBy('started_at', 'desc').orderBy('id', 'desc').limit(filter.limit)
  if (filter.since !== undefined) query = query.where('started_at', '>=', instant(filter.since))
  if (filter.number !== undefined) query = query.where('number', '=', filter.number)
  return (await query.execute()).map(callFromRow)
}

/**
 * The calls that arrived from `since` until before `until`, oldest first, each read on demand, because there may be very many.
 * Do not write through this connection while iterating.
 */
export function* callsBetween(
  { db, sqlite }: OpenDatabase,
  { since, until, number }: Omit<CallFilter, 'limit'> & { readonly until?: number | undefined }
): Generator<CallRecord> {
  let query = db.selectFrom('calls').selectAll().orderBy('started_at').orderBy('id')
  if (since !== undefined) query = query.where('started_at', '>=', instant(since))
  if (until !== undefined) query = query.where('started_at', '<', instant(until))
  if (number !== undefined) query = query.where('number', '=', number)
  const { sql, parameters } = query.compile()
  for (const row of sqlite.prepare<unknown[], CallRow>(sql).iterate(parameters)) yield callFromRow(row)
}

/** The call with this id, or the only one whose id begins with it. Throws `not-found`, or `usage` if there are several. */
export async function readCall(db: Kysely<Schema>, idOrPrefix: string): Promise<RecordedCall> {
  const rows = await db
    .selectFrom('calls')
    .selectAll()
    // A range of exactly the ids with this beginning, so that SQLite uses the index.
    .where('id', '>=', idOrPrefix)
    .where('id', '<', `${idOrPrefix}\u{10ffff}`)
    .orderBy('id')
    .limit(2)
    .execute()
  const [first, second] = rows
  if (first === undefined || idOrPrefix === '') {
    throw new AppError('not-found', `there is no call ${idOrPrefix}; 'followme calls' lists them`)
  }
  if (second !== undefined && first.id !== idOrPrefix) {
    throw new AppError(
      'usage',
      `several calls begin with ${idOrPrefix} (${first.id}, ${second.id}…); give more of the id`
    )
  }
  const [call] = await complete(db, [first])
  if (call === undefined) throw new AppError('not-found', `there is no call ${idOrPrefix}`)
  return call
}

/** The calls without an end in the records, oldest first. */
export async function openCalls(db: Kysely<Schema>): Promise<RecordedCall[]> {
  const rows = await db.selectFrom('calls').selectAll().where('ended_at', 'is', null).orderBy('started_at').execute()
  return complete(db, rows)
}

/**
 * Closes calls whose end was not seen, with their open attempts, and marks them as recovered; closed calls do not change. The
 * outcome is the best that the records show. The time and cause of the end are unknown, so `closedAt` becomes the end, and
 * durations stay unknown. All or none, in one transaction; returns how many were closed.
 */
export function closeOpenCalls({ db, sqlite }: OpenDatabase, calls: readonly RecordedCall[], closedAt: number): number {
  const run = (query: Compilable): number => {
    const { sql, parameters } = query.compile()
    return sqlite.prepare(sql).run(parameters).changes
  }
  const ended_at = instant(closedAt)
  const close = ({ call: { id, answeredAt, fallback } }: RecordedCall): number => {
    const outcome = answeredAt !== null ? 'answered' : fallback !== null ? 'fallback' : 'lost'
    const call = db.updateTable('calls').set({ ended_at, outcome, fallback, recovered: 1 })
    if (run(call.where('id', '=', id).where('ended_at', 'is', null)) === 0) return 0
    const attempts = db.updateTable('attempts').set({ ended_at }).where('call', '=', id).where('ended_at', 'is', null)
    run(attempts.set({ outcome: 'answered' }).where('answered_at', 'is not', null))
    run(attempts.set({ outcome: 'lost' }))
    return 1
  }
  // There is no `await` in it, so no other statement on this connection can get into the transaction.
  return sqlite.transaction(() => calls.reduce((closed, each) => closed + close(each), 0)).immediate()
}

async function complete(db: Kysely<Schema>, rows: readonly CallRow[]): Promise<RecordedCall[]> {
  const calls = new Map<string, { call: CallRecord; attempts: AttemptRecord[]; replacements: ReplacementRecord[] }>()
  for (const row of rows) calls.set(row.id, { call: callFromRow(row), attempts: [], replacements: [] })
  // SQLite accepts at most 32,766 parameters.
  const ids = [...calls.keys()]
  for (let from = 0; from < ids.length; from += 1_000) {
    const some = ids.slice(from, from + 1_000)
    const attempts = db.selectFrom('attempts').selectAll().where('call', 'in', some)
    for (const row of await attempts.orderBy('call').orderBy('step').orderBy('target').orderBy('try').execute()) {
      calls.get(row.call)?.attempts.push(attemptFromRow(row))
    }
    const replacements = db.selectFrom('replacements').selectAll().where('call', 'in', some)
    for (const row of await replacements.orderBy('call').orderBy('position').execute()) {
      const call = calls.get(row.call)
      call?.replacements.push(replacementFromRow(row, call.attempts))
    }
  }
  return [...calls.values()]
}
