// Creates files that the service's user can use even if root creates them.
import { closeSync, existsSync, fchmodSync, fchownSync, openSync, renameSync, rmSync, statSync } from 'node:fs'

/**
 * Creates an empty file; throws EEXIST if it exists. If root creates it beside another user's file, it gets the owner and group
 * of `like` and, within `mode`, its permissions: a file that only root may write would lock out the service.
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
 * Like {@link makeFile}, if the file is missing. The group may write, within the umask, because Asterisk may have to. SQLite
 * alone would not allow it, and gives the same mode to the files beside it.
 */
export function makeIfMissing(path: string, like: string): void {
  if (existsSync(path)) return
  try {
    makeFile(path, 0o664, like)
  } catch (error) {
    // Another process was faster, or it is a link to a file that does not exist yet.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    closeSync(openSync(path, 'a', 0o664))
  }
}

/**
 * Gives a finished file its name; throws EEXIST if the name is taken. Renaming replaces any existing file, so an empty file is
 * created first to claim the name. Hard links would also do, but exFAT and network shares, where backups go, have none.
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
