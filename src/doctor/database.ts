// The checks of the database: its contents, its permissions, and free disk space.
import { type Stats, statfsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Config } from '../config/config'
import { checkRules } from '../rules/check/check'
import { reasonOf } from '../errors'
import { holderText, holdersOf, type LockHolder, oldLogCure } from '../store/database/lock-holders'
import { headlineOf } from '../store/migrations/site-migrations'
import type { Store } from '../store/store'
import { filesOf, unwritable } from '../store/database/writable'
import { type AsteriskUser, type Identity, processesNamed, userNamed, userOf } from '../system/asterisk-user'
import { type Check, fault, many, ok, warning } from './check'

/** Its contents. If one of followme's own migrations is missing, later checks are skipped. */
export function databaseChecks(store: Store, config: Config): Check[] {
  return [integrityCheck(store), ...migrationChecks(store, config), ruleCheck(store)]
}

function integrityCheck(store: Store): Check {
  const damaged = (reason: string): Check =>
    fault(
      'database',
      `${store.file} is damaged: ${reason}`,
      `stop followme and restore a backup (sqlite3 ${store.file} '.restore BACKUP'), or save what is still readable (.recover)`
    )
  try {
    const found = store.integrityFault()
    return found === null ? ok('database', `${store.file} is sound`) : damaged(found.replace(/\n/g, ' '))
  } catch (error) {
    return damaged(reasonOf(error))
  }
}

function migrationChecks(store: Store, { shippedMigrations: shipped, siteMigrations: site }: Config): Check[] {
  const { pending, reason, overlooked } = store.siteStanding({ shipped, site })
  const warnings = overlooked.map(({ message, cure }) => warning('migrations', message, cure))
  try {
    return [migrationCheck([...store.pendingOwn(shipped), ...pending], reason), ...warnings]
  } catch (error) {
    return [migrationCheck(pending, reasonOf(error)), ...warnings]
  }
}

function migrationCheck(pending: readonly string[], reason: string | null): Check {
  const names = pending.join(', ')
  if (reason !== null) {
    const what = pending.length === 0 ? headlineOf(reason) : `pending: ${names}; ${headlineOf(reason)}`
    return fault(
      'migrations',
      what,
      'run followme migrate: it shows what to do; until then calls use the rules in the database'
    )
  }
  if (pending.length === 0) return ok('migrations', 'all are applied')
  return fault('migrations', `pending: ${names}`, 'followme migrate --dry-run, then followme migrate')
}

function ruleCheck(store: Store): Check {
  try {
    const faults = checkRules(store.ruleSet(), Date.now())
    const [first] = faults.filter(({ level }) => level === 'error')
    const errors = faults.filter(({ level }) => level === 'error').length
    const warnings = faults.length - errors
    if (first !== undefined)
      return fault(
        'rules',
        `${many(errors, 'error')}, ${many(warnings, 'warning')}; first: ${first.table} (${first.key}): ${first.message}`,
        'run followme check: it lists each one with its fix'
      )
    if (warnings > 0)
      return warning('rules', many(warnings, 'warning'), 'run followme check: it lists each one with its fix')
    return ok('rules', 'no faults')
  } catch (error) {
    return fault('rules', `they cannot be read: ${reasonOf(error)}`, 'followme check')
  }
}

/** The cure that lets both programs write. */
export const share =
  "give followme and Asterisk one group, the files mode 0660 and the directory 0770 (docs/failsafe.md, 'Permissions')"

/** Whether this user may write the database, the files beside it, and the directory. */
export function permissionCheck(database: string): Check {
  if (isRoot()) {
    return ok(
      'permissions',
      "root may write the database; run followme doctor as the service's user to check that user's permissions"
    )
  }
  const refused = unwritable(filesOf(database)).map(({ path }) => path)
  if (refused.length === 0) return ok('permissions', 'this user may write the database and its directory')
  return fault(
    'permissions',
    `this user may not write ${refused.join(', ')}`,
    `run followme doctor as the service's user, or ${share}`
  )
}

/**
 * The user Asterisk runs as: the one that it reports over ARI if asterisk.conf names one; otherwise the user of the process
 * that has the database open; otherwise the user of the processes named asterisk.
 */
export function asteriskUser(reported: string, database: string): AsteriskUser | undefined {
  if (reported !== '') return userNamed(reported)
  const holders = holdersOf(resolve(database)).filter(({ name }) => name === 'asterisk')
  return userOf(holders.length > 0 ? holders.map(({ pid }) => pid) : processesNamed('asterisk'))
}

/** Whether Asterisk may write, according to the modes of the files: that is what its next start will find. */
export function asteriskPermissionCheck(database: string, user: AsteriskUser | undefined): Check[] {
  const name = "Asterisk's permissions"
  if (user === undefined) {
    const reason = 'Asterisk does not report its user, and no single user runs processes named asterisk here'
    return [ok(name, `not checked: ${reason} (it may run on another machine or in a container)`)]
  }
  const closed = filesOf(database).filter((each) => !mayWrite(statSync(each), user))
  if (closed.length === 0) return [ok(name, `user ${user.name} may write the database after its next start`)]
  return [
    warning(
      name,
      `user ${user.name} may not write ${closed.join(', ')}: after Asterisk restarts or followme stops, the failsafe may be unreadable`,
      share
    )
  ]
}

/** Whether a process still has a write-ahead log open that was removed or replaced. */
export async function oldLogChecks(database: string): Promise<Check[]> {
  const file = resolve(database)
  const look = (): LockHolder[] => holdersOf(file).filter(({ hasOldLog }) => hasOldLog)
  let found = look()
  // A process that is just opening the database has one lock but not yet the other.
  for (let more = 1; more <= 3 && found.length > 0; more++) {
    await new Promise((after) => setTimeout(after, 100))
    const pids = new Set(look().map(({ pid }) => pid))
    found = found.filter(({ pid }) => pids.has(pid))
  }
  if (found.length === 0) return []
  const who = found.map(holderText).join(', ')
  return [
    fault('write-ahead log', `${who} has a write-ahead log of ${file} open that was removed or replaced`, oldLogCure)
  ]
}

function isRoot(): boolean {
  return process.getuid?.() === 0
}

/** Whether the mode lets this user read and write. As in the kernel, the first matching class decides. */
export function mayWrite({ mode, uid, gid }: Pick<Stats, 'mode' | 'uid' | 'gid'>, who: Identity): boolean {
  if (who.uid === 0) return true
  const bits = uid === who.uid ? mode >> 6 : who.gids.includes(gid) ? mode >> 3 : mode
  return (bits & 0o6) === 0o6
}

const faultBytes = 20_000_000
const warningBytes = 200_000_000

/** The free space of the database's file system. */
export function diskCheck(database: string): Check {
  const directory = dirname(resolve(database))
  try {
    const { bavail, bsize } = statfsSync(directory)
    const free = bavail * bsize
    const message = `${Math.floor(free / 1_000_000)} MB are free in ${directory}`
    const cure = `free some space: remove old backups of the database (*.backup) or logs, or keep records for a shorter time (FOLLOWME_RETENTION_DAYS)`
    if (free < faultBytes) return fault('disk', message, cure)
    return free < warningBytes ? warning('disk', message, cure) : ok('disk', message)
  } catch (error) {
    return fault(
      'disk',
      `${directory} cannot be checked: ${reasonOf(error)}`,
      'set FOLLOWME_DATABASE to the right file'
    )
  }
}
