// Moves what is in the write-ahead log into the database, in a thread of its own: that waits for the disk, and after a
// long reading by another program it is seconds' worth of work.
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { reasonOf } from '../../errors'
import type { Log } from '../../ports'
import type { OpenDatabase } from './database'
import { driver, type Driver } from './driver'

/** What is worth a checkpoint: SQLite's own measure, about 4 MB. */
const pages = 1000
/** A log that has grown beyond this is cut back to it. */
const maxBytes = 16 << 20
const lookEveryMs = 1000

/** What the thread is given. */
export interface CheckpointsOf extends Driver {
  readonly file: string
  readonly pages: number
  readonly lookEveryMs: number
}

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
    sqlite.pragma(`journal_size_limit = ${String(maxBytes)}`)
    void this.stop()
    const workerData: CheckpointsOf = { ...driver(), file: sqlite.name, pages, lookEveryMs }
    const worker = new Worker(join(__dirname, 'checkpoint-thread.js'), { workerData })
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
