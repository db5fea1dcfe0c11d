// Runs SQLite's synchronous work as a promise. A temporary failure rejects with a StoreError.
import { AppError, reasonOf } from '../../errors'
import { StoreError } from '../../ports'
import { isBusy, sqliteCode } from './database-fault'

/** Runs it synchronously. Rejects with a {@link StoreError} if a retry may succeed. */
export function storePromise<T>(work: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    try {
      resolve(work())
    } catch (error) {
      reject(asStoreError(error))
    }
  })
}

/** The error itself if a retry does not help. */
function asStoreError(error: unknown): Error {
  if (isBusy(error)) return new StoreError('busy', reasonOf(error), { cause: error })
  return isTemporary(error) ? new StoreError('unavailable', reasonOf(error), { cause: error }) : (error as Error)
}

/** Whether a retry may help; not if SQLite or its binding refuses the row itself. */
export function isTemporary(error: unknown): boolean {
  if (error instanceof StoreError) return true
  if (error instanceof AppError) return error.code === 'unavailable'
  const code = sqliteCode(error)
  return code !== undefined && !/^SQLITE_(CONSTRAINT|TOOBIG|MISMATCH|RANGE)/.test(code)
}
