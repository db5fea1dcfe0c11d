// Counts what becomes of calls as their records go by, for the metrics; imports only core/.
import type { CallStore } from '../core/ports'
import type { AttemptRecord, CallRecord } from '../core/record'

/** What is to be counted: each call once, when it is over, and each attempt once, when it is. */
export interface Counted {
  callEnded(call: CallRecord): void
  attemptEnded(attempt: AttemptRecord): void
}

/** A call is saved again while its last legs are cleared away, a moment after its end: no longer than this many others. */
const mostRemembered = 10_000

/** A {@link CallStore} that hands everything on to another, and counts. */
export class CountingCallStore implements CallStore {
  /** How far each call has been counted, the one saved last at the end. */
  private readonly seen = new Map<string, { readonly attempts: ReadonlySet<string>; readonly isOver: boolean }>()

  constructor(
    private readonly store: CallStore,
    private readonly counted: Counted
  ) {}

  save(call: CallRecord, attempts: readonly AttemptRecord[]): void {
    this.store.save(call, attempts)
    const before = this.seen.get(call.id)
    const ended = attempts.filter(({ endedAt }) => endedAt !== null)
    const isOver = call.endedAt !== null
    if (isOver && before?.isOver !== true) this.counted.callEnded(call)
    const known = before?.attempts ?? new Set()
    for (const attempt of ended) if (!known.has(attempt.leg)) this.counted.attemptEnded(attempt)
    this.seen.delete(call.id)
    this.seen.set(call.id, { attempts: new Set(ended.map(({ leg }) => leg)), isOver })
    for (const id of this.seen.keys()) {
      if (this.seen.size <= mostRemembered) break
      this.seen.delete(id)
    }
  }

  flush(): Promise<void> {
    return this.store.flush()
  }
}
