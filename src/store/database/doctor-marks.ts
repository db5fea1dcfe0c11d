// What `followme doctor` leaves in a database for a moment, to see whether Asterisk reads and writes the same file.
import { instant } from '../records/call-rows'
import type { SqliteDatabase } from './driver'

/** No number begins like this: nobody can call it, and a running followme removes what is left of it. */
const markNumber = 'doctor'

/** Whether this is an entry of the failsafe that a doctor has left, and no number's. */
export function isMark(number: string): boolean {
  return number === markNumber
}

/** Writes a row into the failsafe. The caller removes it. */
export function leaveMark(sqlite: SqliteDatabase, step: number, mark: string, now: number): void {
  sqlite
    .prepare(
      `INSERT INTO failsafe (number, step, fallback, rule, computed_at) VALUES (?, ?, 'busy', ?, ?)
       ON CONFLICT DO UPDATE SET rule = excluded.rule`
    )
    .run(markNumber, step, mark, instant(now))
}

/** What the failsafe is looked up by. */
export function markEntry(step: number): string {
  return `${markNumber}/${String(step)}`
}

export function removeMark(sqlite: SqliteDatabase, step: number): void {
  sqlite.prepare('DELETE FROM failsafe WHERE number = ? AND step = ?').run(markNumber, step)
}

/** What Asterisk is to write as the row's `fault`: with one, no running followme takes the row for a call. */
export const storedFault = 'left by followme doctor'

/** Whether Asterisk has written a row with this mark as the leg. */
export function isStored(sqlite: SqliteDatabase, mark: string): boolean {
  return sqlite.prepare('SELECT 1 FROM failsafe_calls WHERE a_leg = ?').get(mark) !== undefined
}

/** Also those of a doctor that Asterisk had write into another file, which this one then was. */
export function removeStored(sqlite: SqliteDatabase): void {
  sqlite.prepare('DELETE FROM failsafe_calls WHERE fault = ?').run(storedFault)
}

/** When the last migration was applied: the text tells one database from another, were they ever so alike. */
export function lastApplied(sqlite: SqliteDatabase): string {
  return String(sqlite.prepare('SELECT max(applied_at) FROM schema_migrations').pluck().get())
}

/** When the latest plans were made: by the number's first entry. */
export function latestPlans(sqlite: SqliteDatabase): readonly { readonly entry: string; readonly at: string }[] {
  return sqlite
    .prepare<[string], { entry: string; at: string }>(
      'SELECT entry, computed_at AS at FROM failsafe WHERE step = 1 AND number <> ? ORDER BY computed_at DESC LIMIT 3'
    )
    .all(markNumber)
}
