// What the records say about targets and trunks, for `followme targets`.
import type { AttemptRecord } from '../../call/record'
import type { Usage } from '../../call/target-use'
import type { SqliteDatabase } from '../database/driver'
import { attemptFromRow, type AttemptRow, instant } from './call-rows'

type UsageRow = Omit<Usage, 'lastAt' | 'answerMs'> & { readonly lastAt: string; readonly answerMs: string }

/** What was rung, and how it ended: one pass through all attempts. Those that were not dialled do not count. */
export function readUsages(sqlite: SqliteDatabase, since: number): readonly Usage[] {
  const rows = sqlite.prepare<{ since: string }, UsageRow>(usages).all({ since: instant(since) })
  return rows.map((row) => ({ ...row, lastAt: Date.parse(row.lastAt), answerMs: JSON.parse(row.answerMs) as number[] }))
}

const usages = `
  SELECT dial, trunk, max(started_at) AS lastAt,
    count(*) FILTER (WHERE started_at >= :since) AS tried,
    count(*) FILTER (WHERE started_at >= :since AND outcome = 'answered') AS answered,
    count(*) FILTER (WHERE started_at >= :since AND outcome IN ('busy', 'declined')) AS busy,
    count(*) FILTER (WHERE started_at >= :since AND outcome IN ('no-answer', 'cancelled', 'answered-elsewhere')) AS noAnswer,
    count(*) FILTER (WHERE started_at >= :since AND outcome IN ('unavailable', 'congestion', 'unreachable', 'wrong-number', 'failed',
      'lost')) AS failed,
    json_group_array(CAST(round((julianday(answered_at) - julianday(ifnull(dialled_at, started_at))) * 86400000) AS INTEGER))
      FILTER (WHERE started_at >= :since AND outcome = 'answered' AND answered_at IS NOT NULL) AS answerMs
  FROM attempts WHERE outcome IS NULL OR outcome NOT IN ('limited', 'refused')
  GROUP BY dial, trunk`

/** An attempt that lasts. */
export interface OpenAttempt extends AttemptRecord {
  /** Who has taken the target's place by a transfer or a pickup; null: the target has it. */
  readonly who: string | null
}

/** Those that have not ended, of calls that have not. */
export function readOpenAttempts(sqlite: SqliteDatabase): readonly OpenAttempt[] {
  const rows = sqlite.prepare<[], AttemptRow & { readonly who: string | null }>(open).all()
  return rows.map((row) => ({ ...attemptFromRow(row), who: row.who }))
}

const open = `
  SELECT attempts.*,
    (SELECT who FROM replacements WHERE replacements.call = calls.id AND replacements.step = attempts.step
      AND replacements.target = attempts.target ORDER BY position DESC LIMIT 1) AS who
  FROM calls JOIN attempts ON attempts.call = calls.id
  WHERE calls.ended_at IS NULL AND attempts.ended_at IS NULL
  ORDER BY attempts.started_at`

/** The attempts through trunks of calls that followme itself has had since then, in the order of their ends. */
export function readTrunkAttempts(sqlite: SqliteDatabase, since: number): readonly AttemptRecord[] {
  const rows = sqlite.prepare<{ since: string }, AttemptRow>(throughTrunks).all({ since: instant(since) })
  return rows.map((row) => attemptFromRow(row))
}

const throughTrunks = `
  SELECT attempts.* FROM calls JOIN attempts ON attempts.call = calls.id
  WHERE calls.started_at >= :since AND attempts.trunk IS NOT NULL AND attempts.leg <> '' AND attempts.ended_at IS NOT NULL
  ORDER BY attempts.ended_at`
