// Which user Asterisk runs as, which decides what it may write after its next start.
import { existsSync, readdirSync, readFileSync } from 'node:fs'

export interface Identity {
  readonly uid: number
  readonly gids: readonly number[]
}

export interface AsteriskUser extends Identity {
  /** For people; the number if the user has no name here. */
  readonly name: string
}

/** A user of this machine, from its user files; undefined if there is none, for example because Asterisk runs elsewhere. */
export function userNamed(name: string): AsteriskUser | undefined {
  const [, , uid, gid] = linesOf('/etc/passwd').find(([each]) => each === name) ?? []
  if (name === '' || uid === undefined) return undefined
  const others = linesOf('/etc/group').filter(([, , , members = '']) => members.split(',').includes(name))
  return { name, uid: Number(uid), gids: [gid, ...others.map(([, , each]) => each)].map(Number) }
}

/** The user these processes run as; undefined if there are none, or they belong to several users. */
export function userOf(pids: readonly number[]): AsteriskUser | undefined {
  const [first, ...others] = pids.flatMap((pid) => identityOf(pid) ?? [])
  if (first === undefined || others.some(({ uid }) => uid !== first.uid)) return undefined
  const name = linesOf('/etc/passwd').find(([, , uid]) => Number(uid) === first.uid)?.[0]
  return { name: name ?? String(first.uid), ...first }
}

/** The processes of this machine with that name, as far as they are visible from here (Linux). */
export function processesNamed(name: string): number[] {
  if (!existsSync('/proc/self/comm')) return []
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && textOf(`/proc/${entry}/comm`).trim() === name)
    .map(Number)
}

// The fields Uid and Gid contain four ids: real, effective, saved, file system.
function identityOf(pid: number): Identity | undefined {
  const status = textOf(`/proc/${pid}/status`)
  const numbers = (field: string): number[] => {
    const [, text = ''] = new RegExp(`^${field}:\\s*(.*)$`, 'm').exec(status) ?? []
    return text.split(/\s+/).filter(Boolean).map(Number)
  }
  const [, uid] = numbers('Uid')
  const [, gid] = numbers('Gid')
  return uid === undefined || gid === undefined ? undefined : { uid, gids: [gid, ...numbers('Groups')] }
}

function linesOf(path: string): string[][] {
  return textOf(path)
    .split('\n')
    .map((line) => line.split(':'))
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // The process has ended, or may not be read.
    return ''
  }
}
