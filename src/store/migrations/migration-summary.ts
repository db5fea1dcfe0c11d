// Lines that describe the net effect of a migration: what it adds, changes, renames and removes, table by table.
import type { SqliteDatabase } from '../database/driver'
import {
  did,
  keyColumns,
  keyText,
  rowColumns,
  type RowWatch,
  sameKey,
  type SqlValue,
  type WatchedTable
} from './row-watch'

/** The most keys per line; removed rows get more room. */
const most = { adds: 3, changes: 5, renames: 5, removes: 20 } as const

type Verb = keyof typeof most

/** A table with more changes is not compared row by row. */
const maxCompared = 20_000

/** Empty if no row of the rules differs. */
export function summaryOf(sqlite: SqliteDatabase, { tables }: RowWatch): string[] {
  const happened = sqlite
    .prepare<[], { tbl: string; what: number; many: number }>(
      'SELECT tbl, did AS what, count(*) AS many FROM temp.followme_log WHERE did < 5 OR did = 7 GROUP BY tbl, did'
    )
    .all()
  return tables.flatMap((table) => {
    const here = happened.filter(({ tbl }) => tbl === table.name)
    const many = (...kinds: number[]) =>
      here.reduce((sum, each) => sum + (kinds.includes(each.what) ? each.many : 0), 0)
    const all = many(did.insert, did.update, did.remove, did.rename, did.lose)
    if (all === 0) return []
    if (all === many(did.insert)) return [insertedLine(sqlite, table, all)]
    if (all <= maxCompared) return differences(sqlite, table)
    const counts = {
      inserts: many(did.insert),
      updates: many(did.update),
      deletes: many(did.remove, did.lose)
    }
    const changes = Object.entries(counts).flatMap(([verb, count]) => (count === 0 ? [] : [`${verb} ${count} rows`]))
    return [`  in ${table.name} ${changes.join(', ')}`]
  })
}

// The usual case, also with many rows: only inserts, so nothing has to be compared.
function insertedLine(sqlite: SqliteDatabase, { name, key }: WatchedTable, count: number): string {
  const rows = sqlite
    .prepare<[string], SqlValue[]>(
      `SELECT ${keyColumns.slice(0, key.length).join(', ')} FROM temp.followme_log WHERE tbl = ? AND did = 1 ORDER BY id LIMIT ${most.adds}`
    )
    .raw()
    .all(name)
  return line('adds', name, rows.map(keyText), count)
}

function differences(sqlite: SqliteDatabase, { name, key, columns }: WatchedTable): string[] {
  const keys = keyColumns.slice(0, key.length).join(', ')
  const before = rowColumns.slice(0, columns.length).join(', ')
  // The first change of a key has its previous values.
  const rows = sqlite
    .prepare<[string], SqlValue[]>(
      `WITH log AS (
        SELECT did, ${keys}, ${before}, min(id) AS id FROM temp.followme_log
        WHERE tbl = ? AND (did < 5 OR did = 7) GROUP BY ${keys})
      SELECT log.did, t.${key[0] ?? ''} IS NOT NULL, ${keys}, ${before}, ${columns.map((column) => `t.${column}`).join(', ')}
      FROM log LEFT JOIN main.${name} AS t ON ${sameKey(key)} ORDER BY log.id`
    )
    .raw()
    .iterate(name)
  const found: Record<Verb, string[]> = { adds: [], changes: [], renames: [], removes: [] }
  const renamed: { readonly old: string; readonly now: string; readonly is: readonly SqlValue[] }[] = []
  const former = new Map<string, readonly SqlValue[]>()
  const changesOf = (was: readonly SqlValue[], is: readonly SqlValue[], names: readonly string[]): string =>
    columns
      .flatMap((column, at) =>
        was[at] === is[at] || !names.includes(column) ? [] : [`${column} ${text(was[at])} → ${text(is[at])}`]
      )
      .join(', ')
  for (const [what, there, ...values] of rows) {
    const now = keyText(values.slice(0, key.length))
    const was = values.slice(key.length, key.length + columns.length)
    const is = values.slice(key.length + columns.length)
    if (what === did.insert || what === did.rename) {
      if (there !== 1) continue
      if (what === did.insert) found.adds.push(now)
      else renamed.push({ old: keyText(was.slice(0, key.length)), now, is })
      continue
    }
    former.set(now, was)
    if (there !== 1) found.removes.push(now)
    else {
      const changed = changesOf(was, is, columns)
      if (changed !== '') found.changes.push(`${now}: ${changed}`)
    }
  }
  const others = columns.filter((column) => !key.includes(column))
  for (const { old, now, is } of renamed) {
    const changed = changesOf(former.get(old) ?? is, is, others)
    found.renames.push(`${old}) → (${now}${changed === '' ? '' : `: ${changed}`}`)
  }
  found.removes = found.removes.filter((each) => !renamed.some(({ old }) => old === each))
  return (Object.keys(most) as Verb[]).flatMap((verb) =>
    found[verb].length === 0 ? [] : [line(verb, name, found[verb], found[verb].length)]
  )
}

function line(verb: Verb, table: string, rows: readonly string[], count: number): string {
  const shown = rows.slice(0, most[verb]).map((row) => `(${row})`)
  const more = count > shown.length ? ` and ${count - shown.length} more` : ''
  return `  ${verb} ${table} ${shown.join(', ')}${more}`
}

function text(value: SqlValue | undefined): string {
  return value === null ? 'null' : typeof value === 'string' ? `'${value}'` : String(value)
}
