// Prints the timelines of calls while they happen, from the records that followme writes: each line once, when it is known.
import { caller, timeline } from '../../src/cli/support/call-timeline'
import { printable } from '../../src/cli/support/text'
import type { RecordedCall } from '../../src/ports'
import { listCalls, readCall } from '../../src/store/records/call-history'
import { openDatabase } from '../../src/store/database/database'

const EVERY_MS = 100

export interface LiveTimeline {
  /** Resolves with the first call that ends after this is asked. */
  nextEnded(): Promise<RecordedCall>
  stop(): Promise<void>
}

/** Follows all calls that arrive from now on; `print` is given a line at a time. */
export function followCalls(database: string, print: (line: string) => void): LiveTimeline {
  const records = openDatabase(database, { readOnly: true })
  const since = Date.now()
  const printed = new Map<string, Set<string>>()
  const over = new Set<string>()
  let waiting: ((call: RecordedCall) => void)[] = []
  const stopping = new AbortController()

  const look = async (): Promise<void> => {
    const calls = await listCalls(records.db, { since, limit: 100 })
    for (const { id } of calls.reverse()) {
      if (over.has(id)) continue
      const stored = await readCall(records.db, id)
      show(stored)
      if (stored.call.endedAt === null) continue
      over.add(id)
      for (const resolve of waiting) resolve(stored)
      waiting = []
    }
  }
  const show = (recorded: RecordedCall): void => {
    const { call } = recorded
    let known = printed.get(call.id)
    if (known === undefined) {
      known = new Set()
      printed.set(call.id, known)
      print(`call ${call.id} to ${printable(call.number)} from ${caller(call)}`)
    }
    for (const { at, text } of timeline(recorded)) {
      const line = `${((at - call.startedAt) / 1000).toFixed(3).padStart(8)} s  ${text}`
      if (known.has(line)) continue
      known.add(line)
      print(line)
    }
  }
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      await look()
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS))
    }
    records.close()
  })()
  // Whoever waits for a call hears of it; nobody may be waiting.
  loop.catch(() => undefined)
  return {
    nextEnded: () =>
      Promise.race([
        new Promise<RecordedCall>((resolve) => waiting.push(resolve)),
        // Never ends by itself while followed; where reading fails, whoever waits is to hear of it.
        loop.then(() => Promise.reject(new Error('calls are not followed any more')))
      ]),
    stop: async () => {
      stopping.abort()
      await loop.catch(() => records.close())
    }
  }
}
