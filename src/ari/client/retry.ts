// Retries requests to Asterisk, in the same way for every transport. The only place that decides what may be retried, and how
// often.
import { setTimeout as pause } from 'node:timers/promises'
import type { AriAnswer } from './connection'
import { operations } from './operations'
import type { AriOperation } from './operations'
import { AriRequestError } from './transport'

const firstPauseMs = 50
const longestPauseMs = 800

/** How long to wait before the nth retry, counted from 0: doubled each time, up to a maximum. */
export function repetitionPauseMs(repetition: number): number {
  return Math.min(firstPauseMs * 2 ** Math.min(repetition, 10), longestPauseMs)
}

/**
 * Retries until Asterisk answers with something other than 503 (not ready, nothing done), or until `deadlineMs` have passed.
 * `ask` gets the remaining milliseconds and whether this is a retry.
 *
 * After `cut`, Asterisk may have carried out the request. It is retried anyway: we choose the ids, so nothing is created twice.
 * The answer to the retry then shows the effect of the first request (409 to `channels.create`, 404 to `channels.hangup`), and
 * callers treat that as success. A `neverTwice` operation rejects as `cut`.
 */
export async function askUntilAnswered(
  operation: AriOperation,
  deadlineMs: number,
  ask: (leftMs: number, isRepetition: boolean) => Promise<AriAnswer>
): Promise<AriAnswer> {
  const endAt = performance.now() + deadlineMs
  for (let repetition = 0; ; repetition += 1) {
    const pauseMs = repetitionPauseMs(repetition)
    const isLast = (): boolean => performance.now() + pauseMs >= endAt
    try {
      const answer = await ask(endAt - performance.now(), repetition > 0)
      if (answer.status !== 503 || isLast()) return answer
    } catch (error) {
      const isCut = error instanceof AriRequestError && error.status === 'cut'
      if (!isCut || operations[operation].neverTwice === true || isLast()) throw error
    }
    await pause(pauseMs)
  }
}
