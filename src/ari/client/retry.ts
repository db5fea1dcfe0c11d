// Asks Asterisk again, the same way over every transport. The one place that says what may be asked again, and how often.
import { setTimeout as pause } from 'node:timers/promises'
import type { AriAnswer } from './connection'
import { operations } from './operations'
import type { AriOperation } from './operations'
import { AriRequestError } from './transport'

const firstPauseMs = 50
const longestPauseMs = 800

/** How long to wait before the repetition of this number, from 0: doubled from the first to the longest. */
export function repetitionPauseMs(repetition: number): number {
  return Math.min(firstPauseMs * 2 ** Math.min(repetition, 10), longestPauseMs)
}

/**
 * Asks until Asterisk answers with something other than 503 (not ready: it has done nothing), or until `deadlineMs` have
 * passed. `ask` gets the milliseconds that are left and whether this is a repetition.
 *
 * After `cut`, Asterisk may have carried the request out. It is asked again all the same: we choose the ids, so nothing is
 * made twice. The answer to the repetition then reports what the first one did (409 to `channels.create`, 404 to
 * `channels.hangup`), and callers take that for success. An operation that is `neverTwice` rejects as `cut`.
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
