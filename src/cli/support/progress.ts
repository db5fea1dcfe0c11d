// One line on the terminal that shows what a long command is doing. It is drawn by a thread of its own, since SQLite and the
// rules keep the main thread busy; this file is that thread's program, too.
import { writeSync } from 'node:fs'
import { Worker, isMainThread, workerData } from 'node:worker_threads'

const afterMs = 1_000
const everyMs = 200
const erase = '\r\u001b[K'
const textBytes = 512

/** The cells of the shared array: a mutex, whether the work has ended, whether a line is drawn, the length of its text. */
const [lock, ended, drawn, length] = [0, 1, 2, 3]

interface Shared {
  readonly cells: Int32Array
  readonly bytes: Uint8Array
  readonly columns: number
}

export interface Progress {
  /** What the command is doing now: `replaying call 1200`. */
  readonly report: (text: string) => void
  /** Prints a line of the answer on standard output, and removes the progress line first. */
  readonly print: (line: string) => void
}

const quiet: Progress = { report: () => undefined, print: (line) => console.log(line) }

/**
 * Does the work. If it takes longer than a second, a line on standard error says what it is doing, and is erased at the end;
 * only where that is a terminal, and never where the answer is JSON.
 */
export async function withProgress<T>(
  { first, json }: { readonly first: string; readonly json?: boolean | undefined },
  work: (progress: Progress) => Promise<T> | T
): Promise<T> {
  if (!process.stderr.isTTY || json === true) return work(quiet)
  const shared: Shared = {
    cells: new Int32Array(new SharedArrayBuffer(16)),
    bytes: new Uint8Array(new SharedArrayBuffer(textBytes)),
    // A terminal of unknown size reports 0.
    columns: process.stderr.columns || 80
  }
  const report = (text: string): void => {
    const bytes = Buffer.from(text).subarray(0, textBytes)
    exclusively(shared, () => {
      shared.bytes.set(bytes)
      shared.cells[length] = bytes.length
    })
  }
  report(first)
  // `require` also finds the TypeScript source when tsx runs it.
  const thread = new Worker(`require(${JSON.stringify(__filename)})`, {
    eval: true,
    workerData: { progressOf: shared }
  })
  // The work does not depend on the progress line.
  thread.on('error', () => undefined).unref()
  const print = (line: string): void =>
    exclusively(shared, () => {
      clear(shared)
      console.log(line)
    })
  try {
    return await work({ report, print })
  } finally {
    exclusively(shared, () => {
      clear(shared)
      shared.cells[ended] = 1
    })
    Atomics.notify(shared.cells, ended)
  }
}

function exclusively(shared: Shared, work: () => void): void {
  while (Atomics.compareExchange(shared.cells, lock, 0, 1) !== 0) Atomics.wait(shared.cells, lock, 1)
  try {
    work()
  } finally {
    Atomics.store(shared.cells, lock, 0)
    Atomics.notify(shared.cells, lock, 1)
  }
}

function clear({ cells }: Shared): void {
  if (cells[drawn] === 1) writeSync(2, erase)
  cells[drawn] = 0
}

/** The thread: draws until the work has ended. */
function draw(shared: Shared): void {
  const { cells, bytes, columns } = shared
  const start = Date.now()
  Atomics.wait(cells, ended, 0, afterMs)
  while (Atomics.load(cells, ended) === 0) {
    exclusively(shared, () => {
      if (cells[ended] === 1) return
      const text = Buffer.from(bytes.slice(0, cells[length])).toString()
      const line = `${text} (${Math.round((Date.now() - start) / 1000)} s)`
      writeSync(2, `${erase}${line.slice(0, Math.max(1, columns - 1))}`)
      cells[drawn] = 1
    })
    Atomics.wait(cells, ended, 0, everyMs)
  }
}

const given = workerData as { readonly progressOf?: Shared } | null
if (!isMainThread && given?.progressOf !== undefined) draw(given.progressOf)
