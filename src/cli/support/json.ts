// Calls and instants as --json prints them.
import type { CallRecord } from '../../call/record'

/**
 * A call as `--json` shows it: the record, with its instants in ISO 8601. The reasons for its plan are included only on
 * request.
 */
export function callJson(call: CallRecord, explained = false): object {
  const { considered = null, ...plan } = call.plan
  return {
    ...call,
    plan,
    ...(explained && { considered }),
    startedAt: isoOrNull(call.startedAt),
    answeredAt: isoOrNull(call.answeredAt),
    endedAt: isoOrNull(call.endedAt),
    failsafeAt: isoOrNull(call.failsafeAt)
  }
}

/** An instant in ISO 8601, in UTC. */
export function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
