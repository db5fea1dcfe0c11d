// Rows that a statement should have written but skipped, by OR IGNORE, DO NOTHING and the like, each with the reason.
import type { SqliteDatabase, SqliteStatement } from '../database/driver'
import { sqliteReason } from './migration-faults'
import {
  did,
  keyColumns,
  keyText,
  rowColumns,
  type RowWatch,
  type RuleTable,
  same,
  sameKey,
  type SqlValue,
  type WatchedTable
} from './row-watch'

export interface LeftOutRow {
  readonly table: RuleTable
  readonly key: string
  readonly reason: string
  /** Whether the reason is that its place is already taken by another row. */
  readonly taken: boolean
}

/**
 * The skipped rows since a position of the log; the watch must log attempts. A row that exists with the same values does not
 * count as skipped.
 */
export function* leftOutSince(sqlite: SqliteDatabase, { tables }: RowWatch, from: number): Generator<LeftOutRow> {
  const questions = new Map(tables.map((table) => [table.name as string, new Questions(sqlite, table)]))
  // One savepoint for all rows: rolling back to a savepoint rereads the whole schema, which would take minutes for many rows.
  sqlite.exec('SAVEPOINT asking')
  try {
    for (const { id, tbl } of triedInVain(sqlite, from)) {
      const row = questions.get(tbl)
      if (row === undefined || row.isThere(id)) continue
      yield { table: row.table.name, key: row.keyOf(id), ...row.refusalOf(id) }
    }
  } finally {
    sqlite.exec('RELEASE asking')
  }
}

function triedInVain(sqlite: SqliteDatabase, from: number): { readonly id: number; readonly tbl: string }[] {
  const entries = sqlite
    .prepare<[number], [number, string, number]>('SELECT id, tbl, did FROM temp.followme_log WHERE id > ? ORDER BY id')
    .raw()
    .iterate(from)
  const open = new Map<string, { readonly id: number; readonly what: number }>()
  const inVain: { id: number; tbl: string }[] = []
  for (const [id, tbl, what] of entries) {
    const tried = open.get(tbl)
    if (what === did.tryInsert || what === did.tryUpdate) {
      // An upsert first tries to insert, then to update.
      const goesOn = what === did.tryUpdate && tried?.what === did.tryInsert
      if (tried !== undefined && !goesOn) inVain.push({ id: tried.id, tbl })
      open.set(tbl, { id, what })
    } else if (what === did.insert || what === did.update) open.delete(tbl)
  }
  for (const [tbl, { id }] of open) inVain.push({ id, tbl })
  return inVain
}

/** The queries for each row of a table, prepared once, because there may be hundreds of thousands of rows. */
class Questions {
  private readonly prepared = new Map<string, SqliteStatement<unknown[]>>()

  constructor(
    private readonly sqlite: SqliteDatabase,
    readonly table: WatchedTable
  ) {}

  isThere(id: number): boolean {
    const { name, columns } = this.table
    const sql = `SELECT 1 FROM temp.followme_log AS log JOIN main.${name} AS t ON ${same(columns)} WHERE log.id = ?`
    return this.ask(sql).get(id) !== undefined
  }

  keyOf(id: number): string {
    const places = keyColumns.slice(0, this.table.key.length).join(', ')
    return keyText((this.ask(`SELECT ${places} FROM temp.followme_log WHERE id = ?`).raw().get(id) ?? []) as SqlValue[])
  }

  /** Finds the reason by running the statement again without the clause that suppressed the error. */
  refusalOf(id: number): { readonly reason: string; readonly taken: boolean } {
    try {
      this.ask(this.again(id)).run(id)
    } catch (error) {
      // A failed statement has no effect.
      const reason = sqliteReason(error)
      return { reason, taken: reason.startsWith('there is already') }
    }
    this.sqlite.exec('ROLLBACK TO asking')
    return { reason: 'the statement itself leaves it out', taken: true }
  }

  private again(id: number): string {
    const { name, key, columns } = this.table
    if (this.ask('SELECT did FROM temp.followme_log WHERE id = ?').pluck().get(id) === did.tryInsert) {
      return `INSERT INTO main.${name} (${columns.join(', ')}) SELECT ${rowColumns.slice(0, columns.length).join(', ')} FROM temp.followme_log WHERE id = ?`
    }
    const assigned = columns.map((column, at) => `${column} = log.c${at}`).join(', ')
    return `UPDATE main.${name} AS t SET ${assigned} FROM temp.followme_log AS log WHERE log.id = ? AND ${sameKey(key)}`
  }

  private ask(sql: string): SqliteStatement<unknown[]> {
    const statement = this.prepared.get(sql) ?? this.sqlite.prepare(sql)
    this.prepared.set(sql, statement)
    return statement
  }
}
