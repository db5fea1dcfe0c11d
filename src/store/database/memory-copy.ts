// A copy of a database in memory, to try something out on.
import { existsSync } from 'node:fs'
import { AppError } from '../../errors'
import { openDatabase, type OpenDatabase } from './database'

// SQLite lets what it holds in memory grow to 1 GiB.
const maxInMemory = 900_000_000

/**
 * Opens a copy in memory of what is committed, the write-ahead log included; it is empty where there is no database. Nothing
 * is left of it, however the process ends. Throws `unavailable` where the database is above 900 MB.
 */
export function openCopy(database: string, most = maxInMemory): OpenDatabase {
  if (!existsSync(database)) return openDatabase(':memory:')
  const { sqlite, close } = openDatabase(database, { readOnly: true })
  try {
    const size =
      Number(sqlite.pragma('page_count', { simple: true })) * Number(sqlite.pragma('page_size', { simple: true }))
    if (size > most) {
      throw new AppError(
        'unavailable',
        `database ${database} is ${megabytes(size)}, and a copy in memory may be ${megabytes(most)}: delete old calls and VACUUM it, or migrate a copy of your own (sqlite3 ${database} ".backup copy.db")`
      )
    }
    if (size === 0) return openDatabase(':memory:')
    const bytes = sqlite.serialize()
    // The header's mark of a write-ahead log (2), which memory cannot have, becomes that of a rollback journal (1).
    bytes.fill(1, 18, 20)
    return openDatabase(bytes)
  } finally {
    close()
  }
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1_000_000)} MB`
}
