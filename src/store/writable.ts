// Whether this user may write a database. SQLite itself opens one that it may only read without a word, and every record is lost.
import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, resolve } from 'node:path'
import { AppError } from '../core/errors'

/** The database, what lies beside it, and its directory: what each connection must be able to write. */
export function filesOf(database: string): string[] {
  const file = resolve(database)
  return [dirname(file), file, `${file}-wal`, `${file}-shm`].filter((each) => existsSync(each))
}

/** Those that this user may not write, with the system's reason (EACCES, EROFS). */
export function unwritable(paths: readonly string[]): { readonly path: string; readonly code: string }[] {
  return paths.flatMap((path) => {
    const isDirectory = statSync(path).isDirectory()
    try {
      accessSync(path, constants.R_OK | constants.W_OK | (isDirectory ? constants.X_OK : 0))
      return []
    } catch (error) {
      return [{ path, code: (error as NodeJS.ErrnoException).code ?? '' }]
    }
  })
}

/** Throws `unavailable`, naming what cannot be written and the cure. A database that does not exist is not looked at. */
export function requireWritable(database: string): void {
  const file = resolve(database)
  if (!existsSync(file)) return
  const refused = unwritable(filesOf(file))
  const [first] = refused
  if (first === undefined) return
  const paths = refused.map(({ path }) => path).join(', ')
  if (first.code === 'EROFS') {
    throw new AppError(
      'unavailable',
      `database ${file}: its file system is mounted read-only, so no call could be recorded: remount it, or set FOLLOWME_DATABASE to a file on another one`
    )
  }
  throw new AppError(
    'unavailable',
    `database ${file} cannot be written: user ${name()} may not write ${paths}; run this as the user of the service, or as root: chown followme:asterisk ${paths}; chmod ug+rw ${paths}`
  )
}

function name(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.())
  }
}
