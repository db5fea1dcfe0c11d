// Detects when the event loop was blocked: until it runs again, calls are delayed.
import { performance } from 'node:perf_hooks'

export interface EventLoopMonitor {
  stop(): void
}

/** How often to check, and how late a check must be to count as a blocked event loop. */
const beatMs = 100
const blockedMs = 250
/** The longest block within this time makes one report. */
const reportMs = 10_000

/**
 * Calls `report` with the longest block, in milliseconds, and the number of blocks: immediately for the first, then once for
 * every ten seconds that had any.
 */
export function monitorEventLoop(report: (longestMs: number, count: number) => void): EventLoopMonitor {
  let last = performance.now()
  let reportedAt = -Infinity
  let longestMs = 0
  let count = 0
  const timer = setInterval(() => {
    const now = performance.now()
    const lateMs = now - last - beatMs
    last = now
    if (lateMs >= blockedMs) {
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
