// What `followme doctor` leaves in a database for a moment, to see whether Asterisk reads and writes the same file.
import { instant } from '../records/call-rows'
import type { SqliteDatabase } from './driver'

/** No number begins like this: nobody can call it, and a running followme removes what is left of it. */
const markNumber = 'doctor'

/** Whether this is an entry of the failsafe that a doctor has left, and no number's. */
export function isMark(number: string): boolean {
  return number === markNumber
}

/** The key by which the dialplan looks up a mark in the failsafe. */
export function markEntry(step: number): string {
  return `${markNumber}/${String(step)}`
}

/** What Asterisk is to write as the row's `fault`: with one, no running followme takes the row for a call. */
export const storedFault = 'left by followme doctor'

export class DoctorMarks {
  constructor(private readonly sqlite: SqliteDatabase) {}

  /** Writes a row into the failsafe. The caller removes it. */
  leave(step: number, mark: string, now: number): void {
    this.sqlite
      .prepare(
        `INSERT INTO failsafe (number, step, fallback, rule, computed_at) VALUES (?, ?, 'busy', ?, ?)
         ON CONFLICT DO UPDATE SET rule = excluded.rule`
      )
      .run(markNumber, step, mark, instant(now))
  }

  remove(step: number): void {
    this.sqlite.prepare('DELETE FROM failsafe WHERE number = ? AND step = ?').run(markNumber, step)
  }

  /** Whether Asterisk has written a row with this mark as the leg. */
  isStored(mark: string): boolean {
    return this.sqlite.prepare('SELECT 1 FROM failsafe_calls WHERE a_leg = ?').get(mark) !== undefined
  }

  /** Also removes what an earlier doctor had Asterisk write, when this was another file. */
  removeStored(): void {
    this.sqlite.prepare('DELETE FROM failsafe_calls WHERE fault = ?').run(storedFault)
  }

  /** When the last migration was applied: it differs even between two copies of the same site. */
  lastApplied(): string {
    return String(this.sqlite.prepare('SELECT max(applied_at) FROM schema_migrations').pluck().get())
  }

  /** When the latest plans were made: by the number's first entry. */
  latestPlans(): readonly { readonly entry: string; readonly at: string }[] {
    return this.sqlite
      .prepare<[string], { entry: string; at: string }>(
        'SELECT entry, computed_at AS at FROM failsafe WHERE step = 1 AND number <> ? ORDER BY computed_at DESC LIMIT 3'
      )
      .all(markNumber)
  }
}
