// Runs SQLite's synchronous work as the promise of a port. What may work later fails with the port's StoreError.
import { AppError, reasonOf } from '../../errors'
import { StoreError } from '../../ports'
import { isBusy, sqliteCode } from './database-fault'

/** Does it now, in this turn. Rejects with a {@link StoreError} where that may pass. */
export function promised<T>(work: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    try {
      resolve(work())
    } catch (error) {
      reject(asStoreError(error))
    }
  })
}

/** The error itself where trying again does not help. */
function asStoreError(error: unknown): Error {
  if (isBusy(error)) return new StoreError('busy', reasonOf(error), { cause: error })
  return mayPass(error) ? new StoreError('unavailable', reasonOf(error), { cause: error }) : (error as Error)
}

/** Whether trying again may help: not where the row itself is what SQLite, or its binding, refuses. */
export function mayPass(error: unknown): boolean {
  if (error instanceof StoreError) return true
  if (error instanceof AppError) return error.code === 'unavailable'
  const code = sqliteCode(error)
  return code !== undefined && !/^SQLITE_(CONSTRAINT|TOOBIG|MISMATCH|RANGE)/.test(code)
}
