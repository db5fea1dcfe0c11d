// Opens the SQLite file: the pragmas that every connection needs, and faults in words a person can act on.
import { closeSync, existsSync, openSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Kysely, SqliteDialect } from 'kysely'
import { AppError, reasonOf } from '../core/errors'
import { openSqlite, type SqliteDatabase } from './driver'
import { holderText, holdersOf, type LockHolder, oldLogCure } from './lock-holders'
import type { Schema } from './schema'

const defaultBusyTimeoutMs = 5_000

export interface OpenOptions {
  /** Make the file where there is none; otherwise a missing file is a fault. */
  readonly create?: boolean
  /** For reading only: works without the right to write, and writes nothing. */
  readonly readOnly?: boolean
  /** How long a statement waits for another writer, standing still meanwhile; 0 fails at once. Default 5,000. */
  readonly busyTimeoutMs?: number
}

/** One connection, seen through Kysely and bare. They share transactions: hold none open across an `await`. */
export interface OpenDatabase {
  readonly db: Kysely<Schema>
  readonly sqlite: SqliteDatabase
  readonly close: () => void
}

/**
 * Opens a database in WAL mode with foreign keys enforced; the bytes of one are opened in memory. Throws `unavailable`,
 * naming the file and the cure, where it cannot be opened, is not a database, or cannot be written.
 */
export function openDatabase(source: string | Buffer, options: OpenOptions = {}): OpenDatabase {
  const file = typeof source === 'string' && source !== ':memory:' ? resolve(source) : ':memory:'
  if (file !== ':memory:') checkPlace(file, options)
  const sqlite = connect(file, typeof source === 'string' ? file : source, options)
  return {
    db: new Kysely<Schema>({ dialect: new SqliteDialect({ database: sqlite }) }),
    sqlite,
    close: () => sqlite.close()
  }
}

/** SQLite's code of an error (`SQLITE_BUSY`, `SQLITE_CONSTRAINT_CHECK`…), or undefined where it is none of SQLite's. */
export function sqliteCode(error: unknown): string | undefined {
  // By what it carries, not by its class: that may have been loaded twice.
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : undefined
}

/** Whether the error says that another connection holds the database, so that trying again may succeed. */
export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error)
  return code?.startsWith('SQLITE_BUSY') === true || code?.startsWith('SQLITE_LOCKED') === true
}

/**
 * Tries again for so long as another connection holds the database, letting others have their turn meanwhile; then throws.
 * For connections whose busy timeout is 0: what waits inside of SQLite stops the event loop, and with it every call.
 */
export async function patiently<T>(patienceMs: number, attempt: () => T | Promise<T>): Promise<T> {
  const deadline = Date.now() + patienceMs
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (!isBusy(error) || Date.now() >= deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

/** Throws `unavailable`, with the cure, where there is no such file, or no directory to make it in. */
export function checkPlace(file: string, options: OpenOptions): void {
  if (!existsSync(dirname(file))) {
    throw new AppError(
      'unavailable',
      `database ${file}: the directory does not exist; create it, or set FOLLOWME_DATABASE to another file`
    )
  }
  if (options.create !== true && !existsSync(file)) {
    throw new AppError(
      'unavailable',
      `database ${file} does not exist; run 'followme migrate' to create it, or set FOLLOWME_DATABASE to the right file`
    )
  }
}

function connect(file: string, source: string | Buffer, options: OpenOptions): SqliteDatabase {
  let sqlite: SqliteDatabase | undefined
  try {
    // SQLite never lets the group write, and Asterisk may have to: the umask decides, as for any file. SQLite gives the
    // files beside it the same mode.
    if (options.create === true && file !== ':memory:') closeSync(openSync(file, 'a', 0o664))
    sqlite = openSqlite(source, {
      readonly: options.readOnly ?? false,
      timeout: options.busyTimeoutMs ?? defaultBusyTimeoutMs
    })
    sqlite.pragma('foreign_keys = ON')
    if (options.readOnly === true) {
      // Opening alone reads nothing: look inside now, so that a file of another kind is named here.
      sqlite.pragma('schema_version')
    } else {
      setJournal(sqlite, file, options.busyTimeoutMs ?? defaultBusyTimeoutMs)
    }
    return sqlite
  } catch (error) {
    sqlite?.close()
    throw error instanceof AppError ? error : explained(file, error, options)
  }
}

function setJournal(sqlite: SqliteDatabase, file: string, busyTimeoutMs: number): void {
  const mode = withPatience(busyTimeoutMs, () => sqlite.pragma('journal_mode = WAL', { simple: true }))
  if (mode !== 'wal' && file !== ':memory:') {
    throw new AppError(
      'unavailable',
      `database ${file}: its file system cannot hold a write-ahead log (SQLite chose '${String(mode)}'); put it on a local disk`
    )
  }
  // With a write-ahead log this loses no consistency, only the last moments before a power cut.
  sqlite.pragma('synchronous = NORMAL')
}

// Where two make the file a write-ahead log at once, SQLite refuses one of them without waiting.
function withPatience<T>(patienceMs: number, attempt: () => T): T {
  const deadline = Date.now() + patienceMs
  for (;;) {
    try {
      return attempt()
    } catch (error) {
      if (!isBusy(error) || Date.now() >= deadline) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
    }
  }
}

function explained(file: string, error: unknown, options: OpenOptions): AppError {
  const code = sqliteCode(error) ?? ''
  const fault = (text: string): AppError => new AppError('unavailable', `database ${file} ${text}`, { cause: error })
  if (code === 'SQLITE_NOTADB') {
    return fault('is not an SQLite database; set FOLLOWME_DATABASE to the right file, or move this one away')
  }
  if (code.startsWith('SQLITE_CORRUPT')) return fault('is damaged; restore it from a backup')
  if (code.startsWith('SQLITE_READONLY')) {
    // Whoever is the first to open it must make the index of the write-ahead log, even for reading.
    if (options.readOnly === true) {
      return fault('cannot be read by this user while no other program has it open; try as the user who runs followme')
    }
    return fault('cannot be written; give the user who runs followme the right to write the file and its directory')
  }
  if (code.startsWith('SQLITE_CANTOPEN')) {
    return fault('cannot be opened; check that it is a file, and the permissions of the file and of its directory')
  }
  if (isBusy(error)) {
    const holders = holdersOf(file).filter(({ pid }) => pid !== process.pid)
    const old = holders.filter(({ hasOldLog }) => hasOldLog)
    if (old.length > 0)
      return fault(`is locked: ${list(old)} has a write-ahead log open that was removed; ${oldLogCure}`)
    const who = holders.length > 0 ? ` (open in ${list(holders)})` : ''
    return fault(`is locked by another program${who}; wait until that has finished, then try again`)
  }
  return fault(`cannot be opened: ${reasonOf(error)}`)
}

function list(holders: readonly LockHolder[]): string {
  return holders.slice(0, 5).map(holderText).join(', ')
}
