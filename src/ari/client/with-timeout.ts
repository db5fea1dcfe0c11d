// A deadline for a stage of connecting.
import { AppError, reasonOf } from '../../errors'

/** Rejects, in words that name what was being done, when it fails or takes too long. */
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
