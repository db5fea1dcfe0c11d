// Notices when the process stood still: no call is served meanwhile, and Asterisk waits for nobody.
import { performance } from 'node:perf_hooks'

export interface Stalls {
  stop(): void
}

/** How often to look, and how much too late is a stall. */
const beatMs = 100
const stallMs = 250
/** The worst of so long is one report. */
const reportMs = 10_000

/**
 * Calls `report` with the longest stall, in milliseconds, and how many there were: at once with the first, then for each ten
 * seconds that had any.
 */
export function watchForStalls(report: (longestMs: number, count: number) => void): Stalls {
  let last = performance.now()
  let reportedAt = -Infinity
  let longestMs = 0
  let count = 0
  const timer = setInterval(() => {
    const now = performance.now()
    const lateMs = now - last - beatMs
    last = now
    if (lateMs >= stallMs) {
      longestMs = Math.max(longestMs, lateMs)
      count += 1
    }
    if (count === 0 || now - reportedAt < reportMs) return
    report(Math.round(longestMs), count)
    reportedAt = now
    longestMs = 0
    count = 0
  }, beatMs)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
