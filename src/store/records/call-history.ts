// Reads call records: for people, and for recovery to find the calls that were left open.
import type { Compilable, Kysely } from 'kysely'
import { AppError } from '../../errors'
import type { RecordedCall } from '../../ports'
import type { AttemptRecord, CallRecord, ReplacementRecord } from '../../call/record'
import { attemptFromRow, callFromRow, instant, replacementFromRow, type CallRow } from './call-rows'
import type { OpenDatabase } from '../database/database'
import type { Schema } from '../database/schema'

export interface CallFilter {
  /** Calls that arrived then or later; milliseconds since the epoch. */
  readonly since?: number | undefined
  /** Calls to this number. */
  readonly number?: string | undefined
  /** The most to return. */
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
 * The calls that arrived from `since` until before `until`, oldest first, each read when it is asked for: there may be very
 * many. Nothing else may be written through this connection meanwhile.
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

/** The call with this id, or the only one whose id begins so. Throws `not-found`, or `usage` where there are several. */
export async function readCall(db: Kysely<Schema>, idOrPrefix: string): Promise<RecordedCall> {
  const rows = await db
    .selectFrom('calls')
    .selectAll()
    // A range, so that the index serves: every text that begins so, and no other.
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

/** The calls that have no end in the records, oldest first. */
export async function openCalls(db: Kysely<Schema>): Promise<RecordedCall[]> {
  const rows = await db.selectFrom('calls').selectAll().where('ended_at', 'is', null).orderBy('started_at').execute()
  return complete(db, rows)
}

/**
 * Closes calls that ended while nobody looked, with their open attempts, and marks them as recovered; those closed
 * already stay as they are. The outcome is the best that their records tell; when and why they ended nobody knows, so
 * `closedAt` stands for the one, and durations stay unknown. All or none, in one transaction; returns how many were closed.
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
  // Without an `await` in it, no statement of anyone else on this connection can come into the transaction.
  return sqlite.transaction(() => calls.reduce((closed, each) => closed + close(each), 0)).immediate()
}

async function complete(db: Kysely<Schema>, rows: readonly CallRow[]): Promise<RecordedCall[]> {
  const calls = new Map<string, { call: CallRecord; attempts: AttemptRecord[]; replacements: ReplacementRecord[] }>()
  for (const row of rows) calls.set(row.id, { call: callFromRow(row), attempts: [], replacements: [] })
  // SQLite takes 32,766 parameters at most.
  const ids = [...calls.keys()]
  for (let from = 0; from < ids.length; from += 1_000) {
    const some = ids.slice(from, from + 1_000)
    const attempts = db.selectFrom('attempts').selectAll().where('call', 'in', some)
    for (const row of await attempts.orderBy('call').orderBy('step').orderBy('target').execute()) {
      calls.get(row.call)?.attempts.push(attemptFromRow(row))
    }
    const replacements = db.selectFrom('replacements').selectAll().where('call', 'in', some)
    for (const row of await replacements.orderBy('call').orderBy('position').execute()) {
      calls.get(row.call)?.replacements.push(replacementFromRow(row))
    }
  }
  return [...calls.values()]
}
