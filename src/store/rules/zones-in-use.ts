// Which time zones the rules name.
import type { SqliteDatabase } from '../database/driver'

/** In order, each once; none where the tables are not there yet. */
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
