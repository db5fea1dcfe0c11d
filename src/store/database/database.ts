// Opens the SQLite file with the pragmas that every connection needs; errors have a cure.
import { existsSync, statSync, type Stats } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Kysely, SqliteDialect } from 'kysely'
import { AppError, reasonOf } from '../../errors'
import { databaseFault, isBusy } from './database-fault'
import { loadDriver, openSqlite, type SqliteDatabase } from './driver'
import { makeIfMissing } from './new-file'
import type { Schema } from './schema'

export { isBusy, sqliteCode } from './database-fault'

const defaultBusyTimeoutMs = 5_000

export interface OpenOptions {
  /** Create the file if it is missing; otherwise a missing file is an error. */
  readonly create?: boolean
  /** Read-only: works without write permission, and writes nothing. */
  readonly readOnly?: boolean
  /** How long a statement waits for another writer, blocking the event loop; 0 fails immediately. Default 5,000. */
  readonly busyTimeoutMs?: number
}

/** One connection, through Kysely and directly. Both share transactions: never keep one open across an `await`. */
export interface OpenDatabase {
  readonly db: Kysely<Schema>
  readonly sqlite: SqliteDatabase
  readonly close: () => void
}

/**
 * Opens a database in WAL mode with foreign keys enforced; given its bytes, opens it in memory. Throws `unavailable`, with the
 * file and the cure, if it cannot be opened, is not a database, or cannot be written.
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

/** From here on this connection reads one snapshot until it is closed, even if others write. */
export function holdSnapshot({ sqlite }: OpenDatabase): void {
  sqlite.exec('BEGIN')
}

/**
 * Retries for a limited time while another connection has the database locked, without blocking the event loop; then throws.
 * For connections with a busy timeout of 0: waiting inside SQLite would block the event loop, and with it every call.
 */
export async function retryWhileBusy<T>(patienceMs: number, attempt: () => T | Promise<T>): Promise<T> {
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

/** Throws `unavailable`, with the cure, if the file or its directory does not exist, or it is not a file. */
export function checkPlace(file: string, options: OpenOptions): void {
  if (!existsSync(dirname(file))) {
    throw new AppError(
      'unavailable',
      `database ${file}: the directory does not exist; create it, or set FOLLOWME_DATABASE to another file`
    )
  }
  const stats = statSync(file, { throwIfNoEntry: false })
  if (stats !== undefined && !stats.isFile()) {
    throw new AppError('unavailable', `database ${file} is a ${kindOf(stats)}: set FOLLOWME_DATABASE to a file`)
  }
  if (options.create !== true && stats === undefined) {
    throw new AppError(
      'unavailable',
      `database ${file} does not exist; run 'followme migrate' to create it, or set FOLLOWME_DATABASE to the right file`
    )
  }
}

// Opening a FIFO would block forever.
function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'directory'
  if (stats.isFIFO()) return 'FIFO'
  return stats.isSocket() ? 'socket' : 'device'
}

function connect(file: string, source: string | Buffer, options: OpenOptions): SqliteDatabase {
  let sqlite: SqliteDatabase | undefined
  try {
    // First, so that a missing driver does not leave an empty file behind.
    loadDriver()
    if (options.create === true && file !== ':memory:') makeIfMissing(file, dirname(file))
    sqlite = openSqlite(source, {
      readonly: options.readOnly ?? false,
      timeout: options.busyTimeoutMs ?? defaultBusyTimeoutMs
    })
    sqlite.pragma('foreign_keys = ON')
    if (options.readOnly === true) {
      // Opening alone reads nothing. Read something now, so that a file of another kind is reported here.
      sqlite.pragma('schema_version')
    } else {
      setJournal(sqlite, file, options.busyTimeoutMs ?? defaultBusyTimeoutMs)
    }
    return sqlite
  } catch (error) {
    sqlite?.close()
    if (error instanceof AppError) throw error
    const fault = databaseFault(file, error, options.readOnly)
    throw (
      fault ?? new AppError('unavailable', `database ${file} cannot be opened: ${reasonOf(error)}`, { cause: error })
    )
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
  // With a write-ahead log this keeps the database consistent; a power cut loses only the last moments.
  sqlite.pragma('synchronous = NORMAL')
}

// If two processes switch to WAL at the same time, SQLite refuses one of them without waiting.
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
