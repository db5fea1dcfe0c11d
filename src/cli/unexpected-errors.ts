// Errors that nobody has put into words where they came about: what SQLite or the system refuses may happen to any command.
import { databasePath } from '../config/config'
import { AppError, isError, systemCure } from '../errors'
import { databaseFault, sqliteCode } from '../store/database/database-fault'

/** As `unavailable`, with the cure, where the disk, the rights or the database are to blame; any other error as it is. */
export function explained(error: unknown): unknown {
  if (!isError(error) || error instanceof AppError) return error
  if (sqliteCode(error) !== undefined) return databaseFault(databasePath(), error) ?? error
  if (!('syscall' in error)) return error
  const cure = systemCure(error)
  // Node.js has the path in its message.
  return new AppError('unavailable', `${error.message}${cure === undefined ? '' : `; ${cure}`}`, { cause: error })
}
