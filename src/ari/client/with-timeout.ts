// A deadline for a stage of connecting.
import { AppError, reasonOf } from '../../errors'

/** Rejects if the work fails or takes too long; the message says what was being done. */
export async function withTimeout<T>(timeoutMs: number, doing: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${String(timeoutMs / 1000)} s`)), timeoutMs)
  })
  try {
    return await Promise.race([promise, late])
  } catch (error) {
    throw new AppError('unavailable', `Asterisk answers, but ${doing} failed: ${reasonOf(error)}`, { cause: error })
  } finally {
    clearTimeout(timer)
  }
}
