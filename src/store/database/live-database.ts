// The database of a running followme: one connection reads, one writes. Notices when the file at the path is no longer the one that is
// open; SQLite alone would keep writing to the old file without an error.
import { rmSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { AppError, reasonOf } from '../../errors'
import type { Clock, Log } from '../../ports'
import { type OpenDatabase, openDatabase } from './database'
import type { SqliteDatabase } from './driver'

export interface LiveDatabaseOptions {
  readonly file: string
  /** Throws if the database cannot be used, for example because it is not migrated. */
  readonly check: (sqlite: SqliteDatabase) => void
  readonly clock: Clock
  readonly log: Log
}

interface Connections {
  readonly reading: OpenDatabase
  readonly writing: OpenDatabase
  /** The identities of the file, its write-ahead log and the log's index. */
  readonly identity: string
  readonly beside: ReadonlyMap<string, string>
}

const lookMs = 2000

/**
 * If the file is gone, the open connections are still used: rules can be read, and Asterisk may have the same file open. If
 * another file replaces it, that file is opened, and the callback of {@link start} is called. Nothing here waits for a lock.
 */
export class LiveDatabase {
  private readonly file: string
  private open: Connections
  private reason: string | null = null
  private reopened: (database: LiveDatabase) => void = () => undefined
  private cancel: () => void = () => undefined

  /** Throws `unavailable` if the database cannot be opened or used. May wait for a lock, because no calls are taken yet. */
  constructor(private readonly options: LiveDatabaseOptions) {
    this.file = resolve(options.file)
    this.open = connect(this.file, options.check, undefined)
  }

  /** Its busy timeout is 0. */
  get reading(): OpenDatabase {
    return this.open.reading
  }

  /** Its busy timeout is 0. */
  get writing(): OpenDatabase {
    return this.open.writing
  }

  /** Why the open file is not the configured database, with the cure; null if it is. */
  get fault(): string | null {
    return this.reason
  }

  /** Watches the file from now on. */
  start(reopened: (database: LiveDatabase) => void): void {
    this.reopened = reopened
    this.cancel = this.options.clock.after(lookMs, () => {
      this.look()
      this.start(reopened)
    })
  }

  close(): void {
    this.cancel()
    this.open.writing.close()
    this.open.reading.close()
  }

  /** Throws `unavailable` if anything written now would be lost. */
  requireInPlace(): void {
    this.look()
    if (this.reason !== null) throw new AppError('unavailable', 'the database file is missing or was replaced')
  }

  /** Throws if the rules cannot be read. */
  requireReadable(): void {
    this.reading.sqlite.prepare('SELECT count(*) FROM virtual_numbers WHERE number IS NULL').get()
  }

  /** Checks whether the file is still the open one; logs changes, and opens a replacement. */
  look(): void {
    const { log } = this.options
    const found = identityOf(this.file, this.open.identity)
    if (found === this.open.identity) {
      if (this.reason !== null) log.info('the database file is back', { database: this.file })
      this.reason = null
    } else if (found === undefined) {
      this.report(
        `database ${this.file} is gone: calls use the rules as they were, and records are kept in memory; restore the file, or put a backup in its place`
      )
    } else {
      this.takeOther()
    }
  }

  private takeOther(): void {
    const old = this.open
    try {
      leaveNothingBeside(this.file, old)
      this.open = connect(this.file, this.options.check, 0)
    } catch (error) {
      this.report(
        `the database file was replaced by one that cannot be used; calls use the rules of the old file: ${reasonOf(error)}`
      )
      return
    }
    this.reason = null
    this.options.log.warn(
      "the database file was replaced; followme uses the new file from now on, but Asterisk still reads the old one: asterisk -rx 'core restart when convenient'",
      { database: this.file }
    )
    this.reopened(this)
    // SQLite notices that the file was moved, and does not touch the files beside the new one.
    old.writing.close()
    old.reading.close()
  }

  private report(reason: string): void {
    if (this.reason !== reason) this.options.log.error(reason)
    this.reason = reason
  }
}

function connect(file: string, check: LiveDatabaseOptions['check'], busyTimeoutMs: number | undefined): Connections {
  const patience = busyTimeoutMs === undefined ? {} : { busyTimeoutMs }
  const opened: OpenDatabase[] = []
  const openOne = (): OpenDatabase => {
    const database = openDatabase(file, patience)
    opened.push(database)
    return database
  }
  try {
    const reading = openOne()
    check(reading.sqlite)
    const writing = openOne()
    // Records are appended to their tables: the driver's 16 MB would only fill with pages that are not read again.
    writing.sqlite.pragma('cache_size = -2000')
    // From now on nothing may block the event loop; callers retry if the database is locked.
    for (const { sqlite } of opened) sqlite.pragma('busy_timeout = 0')
    const identity = identityOf(file)
    if (identity === undefined)
      throw new AppError('unavailable', `database ${file} disappeared while it was being opened`)
    const beside = new Map(besideOf(file).map((path) => [path, identityOf(path) ?? '']))
    return { reading, writing, identity, beside }
  } catch (error) {
    for (const { close } of opened) close()
    throw error
  }
}

/**
 * The old file's write-ahead log must not be taken for the new file's. Its contents go into the old file, wherever that is now,
 * and it is removed. A log that does not belong to the old file is not touched.
 */
function leaveNothingBeside(file: string, { writing, beside }: Connections): void {
  const ours = besideOf(file).filter((path) => identityOf(path) !== undefined && identityOf(path) === beside.get(path))
  if (ours.length === 0) return
  const [done] = writing.sqlite.pragma('wal_checkpoint(TRUNCATE)') as { readonly busy: number }[]
  if (done?.busy !== 0) throw new AppError('unavailable', 'the old file is being read or written by another program')
  for (const path of ours) rmSync(path, { force: true })
}

function besideOf(file: string): readonly string[] {
  return [`${file}-wal`, `${file}-shm`]
}

/** The file's device and inode; undefined if it does not exist. While the file is open, no other file can get its inode. */
function identityOf(path: string, unseen = ''): string | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false })
    return found && `${found.dev}:${found.ino}`
  } catch {
    // If the directory may no longer be read, the open file still works.
    return unseen
  }
}
