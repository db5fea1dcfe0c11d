// Rows that `followme doctor` writes for a moment, to see whether Asterisk reads and writes the same file.
import { instant } from '../records/call-rows'
import type { SqliteDatabase } from './driver'

/** No virtual number begins like this, so nobody can call it, and a running followme removes leftovers. */
const markNumber = 'doctor'

/** Whether an entry of the failsafe table is one of doctor's marks. */
export function isMark(number: string): boolean {
  return number === markNumber
}

/** The key by which the dialplan looks up a mark in the failsafe. */
export function markEntry(step: number): string {
  return `${markNumber}/${String(step)}`
}

/** What Asterisk writes as the row's `fault`: a row with a fault is not imported as a call. */
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

  /** Whether Asterisk has written a row whose leg is this mark. */
  isStored(mark: string): boolean {
    return this.sqlite.prepare('SELECT 1 FROM failsafe_calls WHERE a_leg = ?').get(mark) !== undefined
  }

  /** Also removes rows of an earlier doctor, when Asterisk wrote to another file. */
  removeStored(): void {
    this.sqlite.prepare('DELETE FROM failsafe_calls WHERE fault = ?').run(storedFault)
  }

  /** When the last migration was applied; this differs even between two databases with the same rules. */
  lastApplied(): string {
    return String(this.sqlite.prepare('SELECT max(applied_at) FROM schema_migrations').pluck().get())
  }

  /** When the latest plans were computed, by the first entry of each number. */
  latestPlans(): readonly { readonly entry: string; readonly at: string }[] {
    return this.sqlite
      .prepare<[string], { entry: string; at: string }>(
        'SELECT entry, computed_at AS at FROM failsafe WHERE step = 1 AND number <> ? ORDER BY computed_at DESC LIMIT 3'
      )
      .all(markNumber)
  }
}
