// As which user Asterisk runs: what its next start may write is judged by that.
import { existsSync, readdirSync, readFileSync } from 'node:fs'

export interface Identity {
  readonly uid: number
  readonly gids: readonly number[]
}

export interface AsteriskUser extends Identity {
  /** For people; its number where it has no name here. */
  readonly name: string
}

/** A user of this machine, by its files; undefined where it is none, as when Asterisk is elsewhere. */
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

/** The processes of this machine that are called so, as far as they can be seen from here (Linux). */
export function processesNamed(name: string): number[] {
  if (!existsSync('/proc/self/comm')) return []
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && textOf(`/proc/${entry}/comm`).trim() === name)
    .map(Number)
}

// Uid and Gid: real, effective, saved, of the file system.
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
    // It has ended meanwhile, or is not ours to see.
    return ''
  }
}
