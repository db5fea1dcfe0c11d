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
  /** Throws where a database cannot be worked with, such as one that is not migrated. */
  readonly check: (sqlite: SqliteDatabase) => void
  readonly clock: Clock
  readonly log: Log
}

interface Connections {
  readonly reading: OpenDatabase
  readonly writing: OpenDatabase
  /** Which file it is, and which its write-ahead log and that log's index. */
  readonly identity: string
  readonly beside: ReadonlyMap<string, string>
}

const lookMs = 2000

/**
 * If its file is gone, the open connections are still used: rules are read, and Asterisk may have the same file open. If another
 * file takes its place, that is opened, and the callback of {@link start} is called. Nothing here waits for a lock.
 */
export class LiveDatabase {
  private readonly file: string
  private open: Connections
  private reason: string | null = null
  private reopened: (database: LiveDatabase) => void = () => undefined
  private cancel: () => void = () => undefined

  /** Throws `unavailable` where the database cannot be opened or worked with. Waits for a lock: nobody calls yet. */
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

  /** Why what is open is not the database that is meant, with the cure; null: it is. */
  get fault(): string | null {
    return this.reason
  }

  /** Looks after the file from now on. */
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

  /** Throws `unavailable` where what would be written now would be lost. */
  requireInPlace(): void {
    this.look()
    if (this.reason !== null) throw new AppError('unavailable', 'the database is not in its place')
  }

  /** Throws where the rules cannot be read. */
  requireReadable(): void {
    this.reading.sqlite.prepare('SELECT count(*) FROM virtual_numbers WHERE number IS NULL').get()
  }

  /** Checks whether the file is still the one that is open, logs what has changed, and opens another in its place. */
  look(): void {
    const { log } = this.options
    const found = identityOf(this.file, this.open.identity)
    if (found === this.open.identity) {
      if (this.reason !== null) log.info('the database is in its place again', { database: this.file })
      this.reason = null
    } else if (found === undefined) {
      this.report(
        `database ${this.file} is gone: calls go by the rules as they were, and records are kept in memory; put the file back, or a backup in its place`
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
        `another file has taken the place of the database, and cannot be used; calls go by the rules of the old one: ${reasonOf(error)}`
      )
      return
    }
    this.reason = null
    this.options.log.warn(
      "another file has taken the place of the database, and is used from now on. Asterisk still reads the old one: asterisk -rx 'core restart when convenient'",
      { database: this.file }
    )
    this.reopened(this)
    // SQLite sees that the file was moved, and leaves alone what lies beside the new one.
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
    // Records are added at the end of their tables: the driver's 16 MB would only fill with pages that nobody reads again.
    writing.sqlite.pragma('cache_size = -2000')
    // From now on nothing may block the event loop: callers retry if the database is locked.
    for (const { sqlite } of opened) sqlite.pragma('busy_timeout = 0')
    const identity = identityOf(file)
    if (identity === undefined) throw new AppError('unavailable', `database ${file} went away while it was opened`)
    const beside = new Map(besideOf(file).map((path) => [path, identityOf(path) ?? '']))
    return { reading, writing, identity, beside }
  } catch (error) {
    for (const { close } of opened) close()
    throw error
  }
}

/**
 * The write-ahead log of the old file must not be taken for the new one's: what it holds goes into the old file, wherever
 * that is now, and it is removed. One that is not the old file's own is left alone.
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

/** Undefined: there is none. As long as somebody has it open, no other file gets its number. */
function identityOf(path: string, unseen = ''): string | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false })
    return found && `${found.dev}:${found.ino}`
  } catch {
    // A directory that may no longer be looked into takes nothing away from what is open.
    return unseen
  }
}
