// When the database was last written, as its rows tell.
import type { SqliteDatabase } from '../database/driver'

/** The latest arrival of a call or computation of a failsafe plan, in ms; -Infinity where there is none. Throws without the tables. */
export function latestInstant(sqlite: SqliteDatabase): number {
  const text = sqlite
    .prepare<[], string | null>(
      'SELECT max(at) FROM (SELECT max(started_at) AS at FROM calls UNION SELECT max(computed_at) FROM failsafe)'
    )
    .pluck()
    .get()
  return typeof text === 'string' ? Date.parse(text) : -Infinity
}
