// A copy of a database in memory, for trial runs.
import { existsSync } from 'node:fs'
import { AppError } from '../../errors'
import { openDatabase, type OpenDatabase } from './database'

// SQLite limits a database in memory to 1 GiB.
const maxInMemory = 900_000_000

/**
 * Opens a copy in memory of everything committed, including the write-ahead log; empty if there is no database. It leaves
 * nothing behind, however the process ends. Throws `unavailable` if the database is larger than 900 MB.
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
        `database ${database} is ${megabytes(size)}, but a copy in memory is limited to ${megabytes(most)}: delete old calls and VACUUM it, or migrate your own copy (sqlite3 ${database} ".backup copy.db")`
      )
    }
    if (size === 0) return openDatabase(':memory:')
    const bytes = sqlite.serialize()
    // A database in memory cannot have a write-ahead log (2 in the header), so mark it as having a rollback journal (1).
    bytes.fill(1, 18, 20)
    return openDatabase(bytes)
  } finally {
    close()
  }
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1_000_000)} MB`
}
