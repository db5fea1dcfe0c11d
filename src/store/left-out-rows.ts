// Rows that a statement meant to write and did not: dropped by OR IGNORE, DO NOTHING and the like. Each with the reason.
import type { SqliteDatabase } from './driver'
import { refusalOf } from './migration-faults'
import {
  did,
  keyColumns,
  keyText,
  rowColumns,
  type RowWatch,
  type RuleTable,
  same,
  sameKey,
  type Value,
  type WatchedTable
} from './row-watch'

export interface LeftOutRow {
  readonly table: RuleTable
  readonly key: string
  readonly reason: string
  /** Whether the reason is that there is a row already in its place. */
  readonly taken: boolean
}

/** Those since a position of the log, of a watch that has what was tried. A row that is there, the same in every column, is none. */
export function* leftOutSince(sqlite: SqliteDatabase, { tables }: RowWatch, from: number): Generator<LeftOutRow> {
  for (const { id, tbl } of triedInVain(sqlite, from)) {
    const table = tables.find(({ name }) => name === tbl)
    if (table === undefined || isThere(sqlite, table, id)) continue
    yield { table: table.name, key: keyOf(sqlite, table, id), ...refusalOfRow(sqlite, table, id) }
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

function isThere(sqlite: SqliteDatabase, { name, columns }: WatchedTable, id: number): boolean {
  return (
    sqlite
      .prepare(`SELECT 1 FROM temp.followme_log AS log JOIN main.${name} AS t ON ${same(columns)} WHERE log.id = ?`)
      .get(id) !== undefined
  )
}

// By asking SQLite again, without the clause that kept it silent.
function refusalOfRow(sqlite: SqliteDatabase, { name, key, columns }: WatchedTable, id: number) {
  const kind = sqlite.prepare('SELECT did FROM temp.followme_log WHERE id = ?').pluck().get(id)
  const assigned = columns.map((column, at) => `${column} = log.c${at}`).join(', ')
  const again =
    kind === did.tryInsert
      ? `INSERT INTO main.${name} (${columns.join(', ')}) SELECT ${rowColumns.slice(0, columns.length).join(', ')} FROM temp.followme_log WHERE id = ?`
      : `UPDATE main.${name} AS t SET ${assigned} FROM temp.followme_log AS log WHERE log.id = ? AND ${sameKey(key)}`
  sqlite.exec('SAVEPOINT asking')
  try {
    sqlite.prepare(again).run(id)
    return { reason: 'the statement itself leaves it out', taken: true }
  } catch (error) {
    const reason = refusalOf(error)
    return { reason, taken: reason.startsWith('there is already') }
  } finally {
    sqlite.exec('ROLLBACK TO asking; RELEASE asking')
  }
}

function keyOf(sqlite: SqliteDatabase, { key }: WatchedTable, id: number): string {
  const places = keyColumns.slice(0, key.length).join(', ')
  return keyText(
    sqlite.prepare<[number], Value[]>(`SELECT ${places} FROM temp.followme_log WHERE id = ?`).raw().get(id) ?? []
  )
}
