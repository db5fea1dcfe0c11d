// Notices that the system's time zone data have been replaced (apt upgrade) while followme runs.
import { zoneDirectory, zoneFingerprint } from './system-zones'

export interface ZoneWatch {
  stop(): void
}

const lookMs = 20_000

/**
 * Calls `replaced` within a minute of the change. A package manager replaces one file at a time, so two checks in a row must
 * see the same.
 */
export function watchZoneData(
  replaced: () => void,
  { env = process.env, everyMs = lookMs }: { readonly env?: NodeJS.ProcessEnv; readonly everyMs?: number } = {}
): ZoneWatch {
  const look = (): string => zoneFingerprint(zoneDirectory(env))
  let used = look()
  let seen = used
  const timer = setInterval(() => {
    const now = look()
    if (now === seen && now !== used) {
      used = now
      replaced()
    }
    seen = now
  }, everyMs)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
