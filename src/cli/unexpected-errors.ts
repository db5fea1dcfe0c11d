// Errors that the code that met them does not explain: SQLite or the system may refuse anything to any command.
import { databasePath } from '../config/config'
import { AppError, isError, systemCure } from '../errors'
import { databaseFault, sqliteCode } from '../store/database/database-fault'

/** As `unavailable`, with the cure, if the disk, the permissions or the database are to blame; any other error unchanged. */
export function explained(error: unknown): unknown {
  if (!isError(error) || error instanceof AppError) return error
  if (sqliteCode(error) !== undefined) return databaseFault(databasePath(), error) ?? error
  if (!('syscall' in error)) return error
  const cure = systemCure(error)
  // The message of Node.js includes the path.
  return new AppError('unavailable', `${error.message}${cure === undefined ? '' : `; ${cure}`}`, { cause: error })
}
