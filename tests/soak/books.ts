// Whether the records of a soak tell what was done: every call once, closed, with the outcome and the attempts it must have.
import type { OpenDatabase } from '../../src/store/database/database'
import { callers, countOf } from './callers'

interface Recorded {
  readonly number: string
  readonly record: string
  readonly calls: number
}

/** How many records say what, by number. */
export function recorded({ sqlite }: OpenDatabase): readonly Recorded[] {
  return sqlite
    .prepare<[], Recorded>(
      `SELECT number, ifnull(outcome, 'open') || ' ' || ifnull(ended_by, '-') || ' ' || attempts AS record, count(*) AS calls
       FROM (SELECT number, outcome, ended_by,
               (SELECT ifnull(group_concat(ifnull(outcome, 'open')), 'nobody') FROM attempts WHERE call = calls.id) AS attempts
             FROM calls)
       GROUP BY number, record ORDER BY number, calls DESC`
    )
    .all()
}

/** What is wrong with them, in words, where so many calls were placed; empty: nothing. */
export function wrongIn(all: readonly Recorded[], placed: readonly number[]): string[] {
  const wrong = all.filter(({ number, record }) => {
    return callers.find((each) => each.number === number)?.records.includes(record) !== true
  })
  const miscounted = callers.flatMap((each) => {
    const expected = placed.reduce((sum, calls) => sum + countOf(each, calls), 0)
    const found = all.reduce((sum, { number, calls }) => sum + (number === each.number ? calls : 0), 0)
    return found === expected ? [] : [`${each.number}: ${found} records of ${expected} calls`]
  })
  return [...wrong.map(({ number, record, calls }) => `${number}: ${calls} × ${record}`), ...miscounted]
}

/** How long callers waited until somebody rang, beyond what the phones take to answer: median and p99, in milliseconds. */
export function setUpMs({ sqlite }: OpenDatabase, answerMs: number): { readonly median: number; readonly p99: number } {
  const waited = sqlite
    .prepare<[], number>('SELECT ring_ms FROM calls WHERE answered_at IS NOT NULL ORDER BY ring_ms')
    .pluck()
    .all()
  const at = (share: number) => (waited[Math.floor(share * waited.length)] ?? 0) - answerMs
  return { median: at(0.5), p99: at(0.99) }
}
