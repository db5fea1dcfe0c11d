// The database as the commands open it.
import { databasePath, shippedMigrations } from '../../config/config'
import { AppError } from '../../errors'
import type { Log } from '../../ports'
import { type OpenDatabase, openDatabase } from '../../store/database/database'
import { requireSchema } from '../../store/migrations/migrate'
import { hasRuleTables } from '../../store/rules/rule-tables'

/** The database, for reading only. Throws where it is not there, or not migrated. */
export function openRecords(): OpenDatabase {
  const database = openDatabase(databasePath(), { readOnly: true })
  try {
    requireSchema(database.sqlite, shippedMigrations())
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** The database, for reading its rules, whatever version its records are of. Throws where there are none yet. */
export function openRules(): OpenDatabase {
  const database = openDatabase(databasePath(), { readOnly: true })
  try {
    if (hasRuleTables(database.sqlite)) return database
    throw new AppError('unavailable', `database ${database.sqlite.name} holds no numbers yet: run 'followme migrate'`)
  } catch (error) {
    database.close()
    throw error
  }
}

/** For stores that a command reads: what they would warn of is in the command's own answer. */
export const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined
}
