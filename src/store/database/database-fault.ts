// Turns errors of SQLite and the system about a database into messages with a cure.
import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { AppError, reasonOf } from '../../errors'
import { holderText, holdersOf, type LockHolder, oldLogCure } from './lock-holders'
import { unreadableFault, unwritableFault } from './writable'

/** The SQLite code of an error (`SQLITE_BUSY`, `SQLITE_CONSTRAINT_CHECK`…); undefined if it is not SQLite's. */
export function sqliteCode(error: unknown): string | undefined {
  const code = codeOf(error)
  return code?.startsWith('SQLITE_') === true ? code : undefined
}

/** Whether another connection has the database locked, so that a retry may succeed. */
export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error)
  return code?.startsWith('SQLITE_BUSY') === true || code?.startsWith('SQLITE_LOCKED') === true
}

/**
 * An error about the file itself (full, damaged, locked, not permitted…) as `unavailable`, with the file and the cure;
 * undefined for any other error, such as a constraint. It may come from opening the file or from any statement.
 */
export function databaseFault(file: string, error: unknown, isForReading = false): AppError | undefined {
  const code = codeOf(error) ?? ''
  const fault = (text: string): AppError => new AppError('unavailable', `database ${file} ${text}`, { cause: error })
  if (isBusy(error)) return fault(lockText(file))
  if (/^SQLITE_(CANTOPEN|READONLY|PERM|AUTH)|^E(ACCES|PERM|ROFS)$/.test(code)) {
    const refused = isForReading ? unreadableFault(file) : unwritableFault(file)
    return refused ?? fault(`cannot be ${isForReading ? 'read' : 'opened for writing'} (${reasonOf(error)}); ${opened}`)
  }
  // SQLite reports an I/O error if there is no room for the index of its log.
  const isFull = code.startsWith('SQLITE_IOERR') && freeBytes(file) < indexBytes
  const text = texts.find(([pattern]) => pattern.test(isFull ? 'SQLITE_FULL' : code))?.[1](dirname(file), code)
  return text === undefined ? undefined : fault(text)
}

const indexBytes = 32_768

function freeBytes(file: string): number {
  try {
    const { bavail, bsize } = statfsSync(dirname(file))
    return bavail * bsize
  } catch {
    return Infinity
  }
}

type Text = (directory: string, code: string) => string

const opened = 'check that it is a file, and the permissions of the file and of its directory'

const texts: readonly (readonly [RegExp, Text])[] = [
  [
    /^SQLITE_FULL|^E(NOSPC|DQUOT)$/,
    (directory) =>
      `cannot be written: its disk or your quota is full; free some space (df -h ${directory}; df -i ${directory}), then run the command again`
  ],
  [
    /^SQLITE_IOERR|^E(IO|FBIG)$/,
    (directory, code) =>
      `cannot be read or written: the system reports an error (${code}); check the system's log (dmesg), the free space in ${directory} and the limits of this process (ulimit -a)`
  ],
  [/^SQLITE_NOTADB/, () => 'is not an SQLite database; set FOLLOWME_DATABASE to the right file, or move this one away'],
  [/^SQLITE_CORRUPT/, () => "is damaged; stop followme and restore a backup (sqlite3 FILE '.restore BACKUP')"],
  [/^SQLITE_(PROTOCOL|NOLFS)/, () => 'cannot be used on its file system; put it on a local disk'],
  [/^SQLITE_NOMEM/, () => 'needs more memory than is available; stop other programs, then run the command again']
]

function lockText(file: string): string {
  const holders = holdersOf(file).filter(({ pid }) => pid !== process.pid)
  const old = holders.filter(({ hasOldLog }) => hasOldLog)
  if (old.length > 0) return `is locked: ${list(old)} has a removed write-ahead log open; ${oldLogCure}`
  const who = holders.length > 0 ? ` (open in ${list(holders)})` : ''
  return `is locked by another program${who}; wait until that program has finished, then try again`
}

function list(holders: readonly LockHolder[]): string {
  return holders.slice(0, 5).map(holderText).join(', ')
}

// Checked by its properties, because the class may have been loaded twice.
function codeOf(error: unknown): string | undefined {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}
