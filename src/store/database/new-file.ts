// Files that followme creates. The service's user must be able to use them even if root created them.
import { closeSync, existsSync, fchmodSync, fchownSync, openSync, renameSync, rmSync, statSync } from 'node:fs'

/**
 * Makes an empty file; throws EEXIST where there is one. Where root makes it beside what belongs to another user, it gets
 * `like`'s owner, group and, as far as `mode` goes, permissions: what only root may write would lock the service out.
 */
export function makeFile(path: string, mode: number, like: string): void {
  const file = openSync(path, 'ax', mode)
  try {
    const owner = statSync(like)
    if (process.geteuid?.() !== 0 || owner.uid === 0) return
    fchownSync(file, owner.uid, owner.gid)
    fchmodSync(file, owner.mode & mode)
  } finally {
    closeSync(file)
  }
}

/**
 * As {@link makeFile}, where there is none. The group may write, as far as the umask lets it, and Asterisk may have to; SQLite
 * never would, and gives the files beside it the same mode.
 */
export function makeIfMissing(path: string, like: string): void {
  if (existsSync(path)) return
  try {
    makeFile(path, 0o664, like)
  } catch (error) {
    // Another has been faster; or it is a link to a file that is not there yet.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    closeSync(openSync(path, 'a', 0o664))
  }
}

/**
 * Gives a whole file its name; throws EEXIST where another has it. A renaming takes the place of any file, so an empty one is
 * made first, where there is none. Hard links would do as well, but exFAT and network shares, where backups go, have none.
 */
export function giveName(file: string, name: string): void {
  closeSync(openSync(name, 'wx'))
  try {
    renameSync(file, name)
  } catch (error) {
    rmSync(name, { force: true })
    throw error
  }
}
