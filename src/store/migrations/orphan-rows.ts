// Rows of the rules that refer to a missing row, left by tools that do not enforce foreign keys, such as sqlite3.
import type { SqliteDatabase } from '../database/driver'

/** The tables with such rows, and the table of the missing rows; empty if there are none. Reads each row of the rules once. */
export function orphanTables(sqlite: SqliteDatabase): string[] {
  const rows = sqlite.prepare<[], { table: string; parent: string }>('PRAGMA foreign_key_check')
  const found = new Map<string, number>()
  for (const { table, parent } of rows.iterate()) {
    const key = `${table} without their row of ${parent}`
    found.set(key, (found.get(key) ?? 0) + 1)
  }
  return [...found].map(([key, count]) => `${String(count)} of ${key}`)
}
