// One followme per database: the process that serves it has a lock, which the operating system releases when the process dies,
// however it dies.
import { readdirSync, readlinkSync, realpathSync } from 'node:fs'
import { hostname } from 'node:os'
import { AppError, reasonOf } from '../../errors'
import { checkPlace, isBusy, sqliteCode } from './database'
import { openSqlite, type SqliteDatabase } from './driver'
import { makeIfMissing } from './new-file'

/** Who serves a database. */
export interface LockOwner {
  readonly pid: number
  readonly host: string
  /** Since when, in UTC: `2026-11-22T11:48:12.345Z`. */
  readonly since: string
}

export interface InstanceLock {
  release(): void
}

/** How long another process may take to write its pid and host. */
const patienceMs = 1000

/**
 * Acquires the lock of a database, or returns its owner. The lock is on a small file beside the database, `followme.db-serve`,
 * which is never deleted. Throws `unavailable` if the database does not exist or the file is unusable.
 */
export function acquireLock(database: string, at: number): InstanceLock | LockOwner {
  checkPlace(database, {})
  const file = `${database}-serve`
  let sqlite: SqliteDatabase | undefined
  try {
    makeIfMissing(file, database)
    sqlite = openSqlite(file, { timeout: 0 })
    return tryLock(sqlite, at) ?? ownerIn(sqlite)
  } catch (error) {
    sqlite?.close()
    const cure = isDisk(error) ? 'make room on its disk' : 'remove it'
    throw new AppError('unavailable', `${file} cannot be used to lock the database (${reasonOf(error)}): ${cure}`, {
      cause: error
    })
  }
}

/** Whether the owner can be signalled from here: a process of the same machine, container and user. */
export function isWithinReach({ pid, host }: LockOwner, database: string): boolean {
  if (host !== hostname() || pid === process.pid) return false
  try {
    const file = realpathSync(`${database}-serve`)
    return readdirSync(`/proc/${String(pid)}/fd`).some((fd) => linkOf(`/proc/${String(pid)}/fd/${fd}`) === file)
  } catch {
    return false
  }
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    // Closed in the meantime.
    return undefined
  }
}

export function isLockOwner(result: InstanceLock | LockOwner): result is LockOwner {
  return 'pid' in result
}

// The lock is a write transaction without writes, which is never ended: others can read, but not begin one.
function tryLock(sqlite: SqliteDatabase, at: number): InstanceLock | undefined {
  try {
    sqlite.exec('BEGIN IMMEDIATE')
    sqlite.pragma(`busy_timeout = ${String(patienceMs)}`)
    try {
      writeName(sqlite, at)
    } catch (error) {
      // A full disk is no reason to refuse calls: the lock is ours, even if the file still names the previous owner.
      if (!isDisk(error)) throw error
      if (sqlite.inTransaction) sqlite.exec('ROLLBACK')
    }
    sqlite.exec('BEGIN IMMEDIATE')
    return { release: () => sqlite.close() }
  } catch (error) {
    if (isBusy(error)) return undefined
    throw error
  }
}

/** Whether the disk is full or cannot be written. */
function isDisk(error: unknown): boolean {
  return /^SQLITE_(FULL|IOERR)/.test(sqliteCode(error) ?? '')
}

function writeName(sqlite: SqliteDatabase, at: number): void {
  sqlite.exec('CREATE TABLE IF NOT EXISTS holder (pid, host, since); DELETE FROM holder')
  sqlite
    .prepare('INSERT INTO holder (pid, host, since) VALUES (?, ?, ?)')
    .run(process.pid, hostname(), new Date(at).toISOString())
  sqlite.exec('COMMIT')
}

function ownerIn(sqlite: SqliteDatabase): LockOwner {
  sqlite.pragma(`busy_timeout = ${String(patienceMs)}`)
  const owner = sqlite.prepare<[], LockOwner>('SELECT pid, host, since FROM holder').get()
  sqlite.close()
  if (owner === undefined) throw new Error('its owner cannot be identified')
  return owner
}
