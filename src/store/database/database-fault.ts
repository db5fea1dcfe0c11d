// What SQLite and the system refuse about a database, in words that a person can act on.
import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { AppError, reasonOf } from '../../errors'
import { holderText, holdersOf, type LockHolder, oldLogCure } from './lock-holders'
import { unreadableFault, unwritableFault } from './writable'

/** SQLite's code of an error (`SQLITE_BUSY`, `SQLITE_CONSTRAINT_CHECK`…), or undefined where it is none of SQLite's. */
export function sqliteCode(error: unknown): string | undefined {
  const code = codeOf(error)
  return code?.startsWith('SQLITE_') === true ? code : undefined
}

/** Whether the error says that another connection holds the database, so that trying again may succeed. */
export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error)
  return code?.startsWith('SQLITE_BUSY') === true || code?.startsWith('SQLITE_LOCKED') === true
}

/**
 * An error about the file itself (full, damaged, locked, not allowed…) as `unavailable`, naming it and the cure; undefined for
 * any other, such as a constraint. The error may come from opening it or from any statement.
 */
export function databaseFault(file: string, error: unknown, isForReading = false): AppError | undefined {
  const code = codeOf(error) ?? ''
  const fault = (text: string): AppError => new AppError('unavailable', `database ${file} ${text}`, { cause: error })
  if (isBusy(error)) return fault(lockText(file))
  if (/^SQLITE_(CANTOPEN|READONLY|PERM|AUTH)|^E(ACCES|PERM|ROFS)$/.test(code)) {
    const refused = isForReading ? unreadableFault(file) : unwritableFault(file)
    return refused ?? fault(`cannot be ${isForReading ? 'read' : 'opened for writing'} (${reasonOf(error)}); ${opened}`)
  }
  // SQLite calls it an I/O error where there is no room for the index of its log.
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
      `cannot be written: its disk is full, or your quota on it; make room there (df -h ${directory}; df -i ${directory}), then run the command again`
  ],
  [
    /^SQLITE_IOERR|^E(IO|FBIG)$/,
    (directory, code) =>
      `cannot be read or written: the system reports an error (${code}); look at its log (dmesg), at the room in ${directory} and at the limits of this process (ulimit -a)`
  ],
  [/^SQLITE_NOTADB/, () => 'is not an SQLite database; set FOLLOWME_DATABASE to the right file, or move this one away'],
  [/^SQLITE_CORRUPT/, () => "is damaged; stop followme and restore a backup (sqlite3 FILE '.restore BACKUP')"],
  [/^SQLITE_(PROTOCOL|NOLFS)/, () => 'cannot be used on its file system; put it on a local disk'],
  [/^SQLITE_NOMEM/, () => 'needs more memory than there is; end other programs, then run the command again']
]

function lockText(file: string): string {
  const holders = holdersOf(file).filter(({ pid }) => pid !== process.pid)
  const old = holders.filter(({ hasOldLog }) => hasOldLog)
  if (old.length > 0) return `is locked: ${list(old)} has a write-ahead log open that was removed; ${oldLogCure}`
  const who = holders.length > 0 ? ` (open in ${list(holders)})` : ''
  return `is locked by another program${who}; wait until that has finished, then try again`
}

function list(holders: readonly LockHolder[]): string {
  return holders.slice(0, 5).map(holderText).join(', ')
}

// By what it carries, not by its class: that may have been loaded twice.
function codeOf(error: unknown): string | undefined {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}
