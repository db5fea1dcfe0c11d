// Whether the pages of a database are sound.
import type { SqliteDatabase } from './driver'

/** The first fault that SQLite finds, or null. Reads the whole file; throws if that is impossible. */
export function integrityFault(sqlite: SqliteDatabase): string | null {
  const found = String(sqlite.pragma('quick_check(1)', { simple: true }))
  return found === 'ok' ? null : found
}
