// Rows of the rules that refer to one that is not there: what a tool leaves behind that does not heed foreign keys, such as sqlite3.
import type { SqliteDatabase } from '../database/driver'

/** Tables that have such rows, with the table they miss one of; empty: all is well. Reads each of the rules' rows once. */
export function orphanTables(sqlite: SqliteDatabase): string[] {
  const rows = sqlite.prepare<[], { table: string; parent: string }>('PRAGMA foreign_key_check')
  const found = new Map<string, number>()
  for (const { table, parent } of rows.iterate()) {
    const key = `${table} without their row of ${parent}`
    found.set(key, (found.get(key) ?? 0) + 1)
  }
  return [...found].map(([key, count]) => `${String(count)} of ${key}`)
}
