// Copies of a database, made by SQLite itself: right also while other programs write to it.
import { closeSync, existsSync, openSync, rmSync, statSync } from 'node:fs'
import { AppError, isError, reasonOf } from '../core/errors'
import { openDatabase, type OpenDatabase } from './database'

/**
 * Copies a database to a file beside it, which is new and as private as the database is, and returns its path:
 * `followme.db.20261122T134500Z.backup`. Throws `unavailable` where it cannot be written, and then leaves nothing.
 */
export async function backUp(database: string, at: number): Promise<string> {
  const stamp = new Date(at).toISOString().replace(/[-:]|\.\d+/g, '')
  const file = claim(`${database}.${stamp}`, statSync(database).mode & 0o777)
  try {
    await copyDatabase(database, file)
  } catch (error) {
    rmSync(file, { force: true })
    throw error instanceof AppError ? error : cannotWrite(file, error)
  }
  return file
}

// Copies what is committed, the write-ahead log included; the database is only read.
async function copyDatabase(database: string, to: string): Promise<void> {
  const { sqlite, close } = openDatabase(database, { readOnly: true })
  try {
    // All pages in one go: a program that writes meanwhile would make it begin again and again.
    await sqlite.backup(to, { progress: () => 0x7fff_ffff })
  } finally {
    close()
  }
}

// SQLite lets what it holds in memory grow to 1 GiB.
const mostInMemory = 900_000_000

/**
 * Opens a copy in memory of what is committed, the write-ahead log included; it is empty where there is no database. Nothing
 * is left of it, however the process ends. Throws `unavailable` where the database is above 900 MB.
 */
export function openCopy(database: string, most = mostInMemory): OpenDatabase {
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

// Made here, so that a backup which is there already can never be overwritten, whoever makes another at the same moment.
function claim(path: string, mode: number): string {
  for (let count = 1; ; count++) {
    const file = `${path}${count === 1 ? '' : `-${count}`}.backup`
    try {
      closeSync(openSync(file, 'wx', mode))
      return file
    } catch (error) {
      if (!(isError(error) && 'code' in error && error.code === 'EEXIST')) throw cannotWrite(file, error)
    }
  }
}

function cannotWrite(file: string, error: unknown): AppError {
  return new AppError(
    'unavailable',
    `backup ${file} cannot be written (${reasonOf(error)}): make room for it, or run 'followme migrate --no-backup'`,
    { cause: error }
  )
}
