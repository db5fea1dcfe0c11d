// The attempts on numbers of the last day, for the limits of dial_policy, and the latest conversations, for those of targets.
import type { AttemptRecord } from '../../call/record'
import type { DialRecords, TargetRecords } from '../../ports'
import { attemptFromRow, type AttemptRow, instant } from './call-rows'
import type { OpenDatabase } from '../database/database'
import type { SqliteDatabase } from '../database/driver'

export class SqliteDialRecords implements DialRecords, TargetRecords {
  private sqlite!: SqliteDatabase

  constructor(
    database: OpenDatabase,
    /** The longest conversation. */
    private readonly talkSeconds: number
  ) {
    this.use(database)
  }

  /** Reads through this connection from now on. */
  use({ sqlite }: OpenDatabase): void {
    this.sqlite = sqlite
  }

  attemptsSince(at: number): readonly (readonly [attempt: AttemptRecord, from: string])[] {
    // A call that ended since then began no earlier, but for an hour of ringing.
    const begun = instant(at - this.talkSeconds * 1000 - 3_600_000)
    const rows = this.sqlite.prepare<{ at: string; begun: string }, AttemptRow & { from: string }>(asked)
    return rows.all({ at: instant(at), begun }).map((row) => [attemptFromRow(row), row.from])
  }

  talkedSince(at: number): readonly AttemptRecord[] {
    const begun = instant(at - this.talkSeconds * 1000 - 3_600_000)
    const rows = this.sqlite.prepare<{ at: string; begun: string }, AttemptRow & ReplacedRow>(talked)
    return rows.all({ at: instant(at), begun }).map((row) => {
      const attempt = attemptFromRow(row)
      return { ...attempt, dial: row.who ?? attempt.dial }
    })
  }
}

/** Of whole calls, since those have an index. What is no phone by its name has a number somewhere. */
const asked = `
  SELECT attempts.*, ifnull(CASE WHEN dial NOT LIKE '+%' AND json_valid(plan) THEN
      json_extract(plan, '$.steps[' || (step - 1) || '].targets[' || (target - 1) || '].from') END, calls.number) AS "from"
  FROM calls JOIN attempts ON attempts.call = calls.id
  WHERE (calls.started_at >= :begun OR calls.ended_at IS NULL)
    AND (attempts.ended_at IS NULL OR attempts.ended_at >= :at)
    AND attempts.outcome IS NOT 'refused'
    AND (dial LIKE '+%' OR dial LIKE '%@%' OR dial LIKE '%/%/%')`

interface ReplacedRow {
  /** Who had the target's place in the end; null: the target. */
  readonly who: string | null
}

const talked = `
  SELECT attempts.*,
    (SELECT who FROM replacements WHERE replacements.call = calls.id AND replacements.step = attempts.step
      AND replacements.target = attempts.target ORDER BY position DESC LIMIT 1) AS who
  FROM calls JOIN attempts ON attempts.call = calls.id
  WHERE (calls.started_at >= :begun OR calls.ended_at IS NULL)
    AND attempts.ended_at >= :at AND attempts.outcome = 'answered' AND calls.answered_at <= attempts.ended_at`
