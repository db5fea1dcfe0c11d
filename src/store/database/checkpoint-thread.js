// @ts-check
// The thread of checkpointer.ts. JavaScript, because a thread loads its file as it is, from src/ and from dist/ alike; it knows
// nothing but what it is given.
const { workerData } = require('node:worker_threads')

const given = /** @type {import('./checkpointer').CheckpointsOf} */ (workerData)
const { library, options, file, pages, lookEveryMs } = given
const Sqlite = /** @type {import('./driver').Sqlite} */ (require(library))
// Opened once: where another file takes its place, the log of this one must not go into that.
const database = new Sqlite(file, { ...options, fileMustExist: true, timeout: 0 })

/** How many pages of the log are not in the database yet. NOOP only tells: since SQLite 3.51. */
function waiting() {
  const [state] = /** @type {{ log: number, checkpointed: number }[]} */ (database.pragma('wal_checkpoint(NOOP)'))
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
