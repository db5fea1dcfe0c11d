// Moves the write-ahead log into the database, in its own thread: it waits for the disk, and after a long read by another
// program it takes seconds.
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { reasonOf } from '../../errors'
import type { Log } from '../../ports'
import type { OpenDatabase } from './database'
import { driver, type Driver } from './driver'

/** The log size that triggers a checkpoint: SQLite's default, about 4 MB. */
const pages = 1000
/** A log larger than this is truncated to it. */
const maxBytes = 16 << 20
const lookEveryMs = 1000

/** The thread's input. */
export interface CheckpointsOf extends Driver {
  readonly file: string
  readonly pages: number
  readonly lookEveryMs: number
}

/** While it runs, commits on its connection do no checkpoints. If the thread ends, they do again. */
export class Checkpointer {
  private worker: Worker | undefined

  constructor(
    database: OpenDatabase,
    private readonly log: Log
  ) {
    this.use(database)
  }

  /** Sets the connection that writes; its file is the one to checkpoint from now on. */
  use({ sqlite }: OpenDatabase): void {
    sqlite.pragma('wal_autocheckpoint = 0')
    // The first commit after a complete checkpoint restarts the log and truncates it.
    sqlite.pragma(`journal_size_limit = ${String(maxBytes)}`)
    void this.stop()
    const workerData: CheckpointsOf = { ...driver(), file: sqlite.name, pages, lookEveryMs }
    const worker = new Worker(join(__dirname, 'checkpoint-thread.js'), { workerData })
    this.worker = worker
    worker.unref()
    let reason = 'it exited'
    worker.on('error', (error) => (reason = reasonOf(error)))
    worker.on('exit', () => {
      if (this.worker !== worker) return
      this.log.warn(`the checkpoint thread stopped (${reason}); calls now wait for checkpoints of the write-ahead log`)
      if (sqlite.open) sqlite.pragma(`wal_autocheckpoint = ${String(pages)}`)
    })
  }

  /** Await this before closing its connection. */
  async stop(): Promise<void> {
    const { worker } = this
    this.worker = undefined
    await worker?.terminate()
  }
}
