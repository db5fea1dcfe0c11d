// Whether this user may read and write a database. SQLite silently opens a database that it may only read, and every record
// would be lost.
import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, resolve } from 'node:path'
import { AppError } from '../../errors'

/** The paths that each connection must be able to write: the database, the files beside it, and its directory. */
export function filesOf(database: string): string[] {
  const file = resolve(database)
  return [dirname(file), file, `${file}-wal`, `${file}-shm`].filter((each) => existsSync(each))
}

interface Refused {
  readonly path: string
  readonly code: string
}

/** The paths that this user may not write, with the system's reason (EACCES, EROFS). */
export function unwritable(paths: readonly string[]): Refused[] {
  return refused(paths, constants.R_OK | constants.W_OK)
}

function refused(paths: readonly string[], wanted: number): Refused[] {
  return paths.flatMap((path) => {
    const isDirectory = statSync(path).isDirectory()
    try {
      accessSync(path, wanted | (isDirectory ? constants.X_OK : 0))
      return []
    } catch (error) {
      return [{ path, code: (error as NodeJS.ErrnoException).code ?? '' }]
    }
  })
}

/** Throws `unavailable`, with the paths that cannot be written and the cure. A missing database is not checked. */
export function requireWritable(database: string): void {
  const fault = existsSync(resolve(database)) ? unwritableFault(database) : undefined
  if (fault !== undefined) throw fault
}

/** Why this user cannot write or create a database; undefined if no reason is visible from outside. */
export function unwritableFault(database: string): AppError | undefined {
  const file = resolve(database)
  const found = unwritable(filesOf(file))
  if (found.length === 0) return undefined
  if (found[0]?.code === 'EROFS') {
    return fault(
      file,
      'cannot be written: its file system is mounted read-only: remount it, or set FOLLOWME_DATABASE to a file on another one'
    )
  }
  return fault(file, `cannot be written: ${mayNot('write', file, found)}`)
}

/**
 * Why this user cannot read a database; undefined if no reason is visible from outside. SQLite needs an index file for a
 * write-ahead log, and the first process to open the database must create it, even for reading.
 */
export function unreadableFault(database: string): AppError | undefined {
  const file = resolve(database)
  const found = refused(filesOf(file), constants.R_OK)
  if (found.length > 0) return fault(file, `cannot be read: ${mayNot('read', file, found)}`)
  const [place] = existsSync(`${file}-shm`) ? [] : unwritable([dirname(file)])
  if (place === undefined) return undefined
  const copy = `copy it (cp ${file}* DIRECTORY) and set FOLLOWME_DATABASE to the copy`
  return place.code === 'EROFS'
    ? fault(
        file,
        `cannot be read where its file system is mounted read-only: SQLite needs the file ${file}-shm beside it to read a write-ahead log. Remount it writable, or ${copy}`
      )
    : fault(
        file,
        `cannot be read by this user while no other program has it open: SQLite needs the file ${file}-shm beside it to read a write-ahead log, and user ${currentUserName()} may not write ${place.path}. Run this as the user of the service, or ${copy}`
      )
}

function fault(file: string, text: string): AppError {
  return new AppError('unavailable', `database ${file} ${text}`)
}

function mayNot(what: string, file: string, found: readonly Refused[]): string {
  const paths = found.map(({ path }) => path).join(' ')
  const isRoots = found.some(({ path }) => path === file) && statSync(file).uid === 0
  const named = found
    .map(({ path }) => path)
    .join(', ')
    .replace(/, ([^,]*)$/, ' and $1')
  const who = `user ${currentUserName()} may not ${what} ${named}${isRoots ? ', which root created' : ''}`
  return `${who}; run this as the user of the service, or as root: chown followme:asterisk ${paths}; chmod ug+rw ${paths}`
}

/** The name of this user, or its number if it has no name here. */
export function currentUserName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.())
  }
}
