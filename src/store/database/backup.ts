// Copies a database with SQLite itself, so that the copy is correct even while other programs write.
import { existsSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { AppError, hasCode, reasonOf } from '../../errors'
import { openDatabase, sqliteCode } from './database'
import { integrityFault } from './integrity'
import { giveName, makeFile } from './new-file'

/**
 * Copies a database to a new file beside it, with the same permissions, and returns its path:
 * `followme.db.20261122T134500Z.backup`. If it throws `unavailable` because the file cannot be written, it leaves no file.
 */
export async function backUp(database: string, at: number): Promise<string> {
  const stamp = new Date(at).toISOString().replace(/[-:]|\.\d+/g, '')
  const file = claim(database, stamp)
  try {
    await copyDatabase(database, file)
  } catch (error) {
    rmSync(file, { force: true })
    throw error instanceof AppError ? error : cannotWrite(file, error, migrateCure)
  }
  return file
}

export interface Backup {
  readonly bytes: number
  readonly numbers: number
  readonly calls: number
}

/** The path of a backup until it is complete and checked. */
export const unfinished = (file: string): string => `${file}.unfinished`

/**
 * Copies a database to a new file with the same permissions while other programs write, then checks the copy. The copy is a
 * single file without a write-ahead log. Throws `conflict` if the file exists, `unavailable` if it cannot be created or the
 * database is damaged; it then leaves no file.
 */
export async function backUpTo(database: string, file: string, onCopied?: () => void): Promise<Backup> {
  // Before any file is created, and so that faults of the database itself are reported.
  openDatabase(database, { readOnly: true }).close()
  if (existsSync(file)) throw isThere(file)
  const copy = unfinished(file)
  try {
    makeFile(copy, statSync(database).mode & 0o777, dirname(copy))
  } catch (error) {
    throw hasCode(error, 'EEXIST') ? isThere(copy) : cannotWrite(file, error, placeCure)
  }
  try {
    await copyDatabase(database, copy)
    onCopied?.()
    const backup = lookedThrough(database, copy)
    giveName(copy, file)
    return backup
  } catch (error) {
    if (hasCode(error, 'EEXIST')) throw isThere(file)
    throw error instanceof AppError ? error : cannotWrite(file, error, placeCure)
  } finally {
    for (const each of ['', '-journal', '-wal', '-shm']) rmSync(`${copy}${each}`, { force: true })
  }
}

const placeCure = 'make room for it, or name a file in a directory that you may write'

function isThere(file: string): AppError {
  return new AppError('conflict', `${file} already exists: name another file, or remove it`)
}

function lookedThrough(database: string, copy: string): Backup {
  const { sqlite, close } = openDatabase(copy)
  try {
    // Keeps the copy a single file when it is opened.
    sqlite.pragma('journal_mode = DELETE')
    const found = integrityFault(sqlite)
    if (found !== null) throw damaged(database, found.replace(/^\*\*\*.*\n/, ''))
    const isThere = sqlite.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?')
    const count = (table: string): number =>
      isThere.get(table) === undefined ? 0 : Number(sqlite.prepare(`SELECT count(*) FROM ${table}`).pluck().get())
    return { bytes: statSync(copy).size, numbers: count('virtual_numbers'), calls: count('calls') }
  } catch (error) {
    throw sqliteCode(error)?.startsWith('SQLITE_CORRUPT') === true ? damaged(database, reasonOf(error)) : error
  } finally {
    close()
  }
}

function damaged(database: string, reason: string): AppError {
  return new AppError(
    'unavailable',
    `database ${database} is damaged (${reason}), and no backup was made: restore an earlier backup, or save what is still readable (sqlite3 ${database} .recover)`
  )
}

// Copies everything committed, including the write-ahead log; the database is only read.
async function copyDatabase(database: string, to: string): Promise<void> {
  const { sqlite, close } = openDatabase(database, { readOnly: true })
  try {
    // All pages in one step: otherwise each write by another program would restart the copy.
    await sqlite.backup(to, { progress: () => 0x7fff_ffff })
  } finally {
    close()
  }
}

// The file is created here, so that an existing backup can never be overwritten, even by two backups at the same moment.
function claim(database: string, stamp: string): string {
  const mode = statSync(database).mode & 0o777
  for (let count = 1; ; count++) {
    const file = `${database}.${stamp}${count === 1 ? '' : `-${count}`}.backup`
    try {
      makeFile(file, mode, database)
      return file
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw cannotWrite(file, error, migrateCure)
    }
  }
}

const migrateCure = "make room for it, or run 'followme migrate --no-backup'"

function cannotWrite(file: string, error: unknown, cure: string): AppError {
  return new AppError('unavailable', `backup ${file} cannot be written (${reasonOf(error)}): ${cure}`, { cause: error })
}
