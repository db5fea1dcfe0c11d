// Which processes have a database open, from SQLite's locks on it (/proc/locks, which every user may read; Linux only).
import { readFileSync, statSync } from 'node:fs'

export interface LockHolder {
  readonly pid: number
  /** Its name, or `?` if unknown. */
  readonly name: string
  /** Whether it has a removed write-ahead log open: it and other programs do not see each other's writes. */
  readonly hasOldLog: boolean
}

/** The bytes that SQLite locks: in the database (os.h, PENDING_BYTE), and in the index of its log (os_unix.c, UNIX_SHM_DMS). */
const databaseFrom = 0x40000000
const indexByte = 128

interface Lock {
  readonly pid: number
  readonly inode: number
  readonly from: number
}

/** The processes that hold a lock now; empty if unknown. */
export function holdersOf(file: string): LockHolder[] {
  const inode = inodeOf(file)
  if (inode === undefined) return []
  const locks = allLocks()
  const index = inodeOf(`${file}-shm`)
  const pids = new Set(locks.flatMap((each) => (each.inode === inode && each.from >= databaseFrom ? [each.pid] : [])))
  return [...pids].map((pid) => ({
    pid,
    name: nameOf(pid),
    hasOldLog:
      locks.some((each) => each.pid === pid && each.from === indexByte && each.inode !== index) &&
      !locks.some((each) => each.pid === pid && each.from === indexByte && each.inode === index)
  }))
}

/** `process 123 (asterisk)`. */
export function holderText({ pid, name }: LockHolder): string {
  return `process ${String(pid)} (${name})`
}

/** The cure if a process has a removed log open. */
export const oldLogCure =
  "writes may be lost, and waiting does not help: stop followme, end that process (asterisk -rx 'core restart now'), then start followme; restore backups with sqlite3 FILE '.restore BACKUP', never by removing files"

// 1: POSIX  ADVISORY  READ 27257 fe:00:2204673 128 128
function allLocks(): Lock[] {
  try {
    return readFileSync('/proc/locks', 'utf8')
      .split('\n')
      .flatMap((line) => {
        const [, pid, inode, from] = /POSIX +\S+ +\S+ (\d+) \w+:\w+:(\d+) (\d+)/.exec(line) ?? []
        return from === undefined ? [] : [{ pid: Number(pid), inode: Number(inode), from: Number(from) }]
      })
  } catch {
    return []
  }
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino
}

function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${String(pid)}/comm`, 'utf8').trim()
  } catch {
    return '?'
  }
}
