// How long to wait before the link to Asterisk is tried again. Pure: chance is given, between 0 and 1.

const firstMs = 200
/** The longest wait between two attempts; there is no last attempt. */
export const maxRetryMs = 5000
const firstReplacedMs = 10_000
export const maxTakenNameRetryMs = 300_000

/**
 * After so many failures in a row (from 0). Half of it is chance: when Asterisk comes back, controllers that have lost it
 * in the same instant do not all knock in the same instant.
 */
export function retryMs(failures: number, chance: number): number {
  return spread(Math.min(maxRetryMs, firstMs * 2 ** Math.min(failures, 10)), chance)
}

/**
 * After another program has taken our application name for the `times`-th time in a row (from 1). Two programs that retried at a fixed
 * interval would take it from each other forever, so each waits longer every time.
 */
export function takenNameRetryMs(times: number, chance: number): number {
  return spread(Math.min(maxTakenNameRetryMs, firstReplacedMs * 2 ** Math.min(times - 1, 10)), chance)
}

function spread(ceilingMs: number, chance: number): number {
  return ceilingMs * (0.5 + chance / 2)
}
