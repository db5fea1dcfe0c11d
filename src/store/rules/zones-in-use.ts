// Lists the time zones that the rules use.
import type { SqliteDatabase } from '../database/driver'

/** Sorted, each once; empty if the tables do not exist yet. */
export function zonesInUse(sqlite: SqliteDatabase): readonly string[] {
  try {
    return sqlite
      .prepare<[], string>('SELECT time_zone FROM schedules UNION SELECT time_zone FROM virtual_numbers ORDER BY 1')
      .pluck()
      .all()
  } catch {
    return []
  }
}
