// @ts-check The thread of checkpointer.ts. It is JavaScript because a thread loads its file directly, from src/ as well as
// dist/. It depends only on its input.
const { workerData } = require('node:worker_threads')

const given = /** @type {import('./checkpointer').CheckpointsOf} */ (workerData)
const { library, options, file, pages, lookEveryMs } = given
const Sqlite = /** @type {import('./driver').Sqlite} */ (require(library))
// Opened once: if another file replaces the database, this log must not be written into it.
const database = new Sqlite(file, { ...options, fileMustExist: true, timeout: 0 })

/** How many pages of the log are not in the database yet. NOOP only reports (SQLite 3.51 and later). */
function waiting() {
  const [state] = /** @type {{ log: number, checkpointed: number }[]} */ (database.pragma('wal_checkpoint(NOOP)'))
  return state === undefined ? 0 : state.log - state.checkpointed
}

setInterval(() => {
  try {
    if (waiting() < pages) return
    // Repeat until nothing was written in between: only then can the log start over. PASSIVE blocks nobody.
    for (let pass = 0; pass < 5 && waiting() > 0; pass++) database.pragma('wal_checkpoint(PASSIVE)')
  } catch {
    // The code that writes records notices and reports faults of the database. Try again in a second.
  }
}, lookEveryMs)
