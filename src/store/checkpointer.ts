// Moves what is in the write-ahead log into the database, in a thread of its own: that waits for the disk, and after a
// long reading by another program it is seconds' worth of work.
import { Worker } from 'node:worker_threads'
import { reasonOf } from '../core/errors'
import type { Log } from '../core/ports'
import type { OpenDatabase } from './database'
import { driver, type Driver, type Sqlite as Library } from './driver'

/** What is worth a checkpoint: SQLite's own measure, about 4 MB. */
const pages = 1000
/** A log that has grown beyond this is cut back to it. */
const mostBytes = 16 << 20
const lookEveryMs = 1000

/** While it runs, no commit on its connection does a checkpoint. Should the thread end, they do so again. */
export class Checkpointer {
  private worker: Worker | undefined

  constructor(
    database: OpenDatabase,
    private readonly log: Log
  ) {
    this.use(database)
  }

  /** From now on this is the connection that writes, and its file the one to look after. */
  use({ sqlite }: OpenDatabase): void {
    sqlite.pragma('wal_autocheckpoint = 0')
    // The first commit after a complete checkpoint begins the log anew, and cuts it.
    sqlite.pragma(`journal_size_limit = ${String(mostBytes)}`)
    void this.stop()
    const worker = new Worker(`(${checkpoints.toString()})(require, require('node:worker_threads').workerData)`, {
      eval: true,
      workerData: { ...driver(), file: sqlite.name, pages, lookEveryMs }
    })
    this.worker = worker
    worker.unref()
    let reason = 'its thread has ended'
    worker.on('error', (error) => (reason = reasonOf(error)))
    worker.on('exit', () => {
      if (this.worker !== worker) return
      this.log.warn(`the write-ahead log is no longer checkpointed beside the calls, but by them: ${reason}`)
      if (sqlite.open) sqlite.pragma(`wal_autocheckpoint = ${String(pages)}`)
    })
  }

  /** To be waited for before its connection is closed. */
  async stop(): Promise<void> {
    const { worker } = this
    this.worker = undefined
    await worker?.terminate()
  }
}

interface Given extends Driver {
  readonly file: string
  readonly pages: number
  readonly lookEveryMs: number
}

/** Runs in the thread, from its text: it knows nothing but what it is given. */
function checkpoints(load: NodeJS.Require, { library, options, file, pages, lookEveryMs }: Given): void {
  const Sqlite = load(library) as Library
  // Opened once: where another file takes its place, the log of this one must not go into that.
  const database = new Sqlite(file, { ...options, fileMustExist: true, timeout: 0 })
  const waiting = (): number => {
    // NOOP only tells: since SQLite 3.51.
    const [state] = database.pragma('wal_checkpoint(NOOP)') as { log: number; checkpointed: number }[]
    return state === undefined ? 0 : state.log - state.checkpointed
  }
  setInterval(() => {
    try {
      if (waiting() < pages) return
      // Until nothing was written meanwhile: only then the log can begin anew. PASSIVE makes nobody wait.
      for (let pass = 0; pass < 5 && waiting() > 0; pass++) database.pragma('wal_checkpoint(PASSIVE)')
    } catch {
      // Whatever is wrong with the database is noticed and told by those who write the records. The next second again.
    }
  }, lookEveryMs)
}
