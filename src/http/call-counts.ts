// Counts what becomes of calls as their records go by, for the metrics.
import type { CallStore } from '../ports'
import type { AttemptRecord, CallRecord } from '../call/record'

/** What is to be counted: each call once, when it is over, and each attempt once, when it is. */
export interface Counted {
  callEnded(call: CallRecord): void
  attemptEnded(attempt: AttemptRecord): void
}

/** A call is saved again while its last legs are cleared away, a moment after its end: in that moment end fewer others. */
const mostRemembered = 1000

/** A {@link CallStore} that hands everything on to another, and counts. */
export class CountingCallStore implements CallStore {
  /** Attempts of calls that are not over, which may have ended long ago, and have been counted. */
  private readonly open = new Map<string, ReadonlySet<string>>()
  /** The same of calls that are, the one saved last at the end. */
  private readonly over = new Map<string, ReadonlySet<string>>()

  constructor(
    private readonly store: CallStore,
    private readonly counted: Counted
  ) {}

  save(call: CallRecord, attempts: readonly AttemptRecord[]): void {
    this.store.save(call, attempts)
    const known = this.over.get(call.id) ?? this.open.get(call.id)
    const ended = attempts.filter(({ endedAt }) => endedAt !== null)
    for (const attempt of ended) if (known?.has(attempt.leg) !== true) this.counted.attemptEnded(attempt)
    const legs = new Set(ended.map(({ leg }) => leg))
    if (call.endedAt === null) return void this.open.set(call.id, legs)
    this.open.delete(call.id)
    if (!this.over.delete(call.id)) this.counted.callEnded(call)
    this.over.set(call.id, legs)
    for (const id of this.over.keys()) {
      if (this.over.size <= mostRemembered) break
      this.over.delete(id)
    }
  }

  flush(): Promise<void> {
    return this.store.flush()
  }
}
