// Whether a trunk or a target works, as far as its latest calls tell: one that keeps failing is passed over for a while. PURE.

export interface Patience {
  /** So many failures, with no call between them that got through, */
  readonly failures: number
  /** each within so long of the one before, */
  readonly withinMs: number
  /** let it rest for so long. Then one call at a time tries it, until one gets through. */
  readonly restMs: number
}

const withTrunks: Patience = { failures: 3, withinMs: 30_000, restMs: 60_000 }
/** A target where nothing rings costs its ring time. */
export const withTargets: Patience = { failures: 3, withinMs: 600_000, restMs: 120_000 }

export class TrunkHealth {
  private failures = 0
  private failedAt = -Infinity
  private restsUntil: number | null = null
  /** The leg that tries it after a rest. */
  private probe: string | undefined

  constructor(private readonly patience = withTrunks) {}

  /** A call failed before it rang, by the fault of the trunk. True if it rests from now on, and did not before. */
  failed(at: number): boolean {
    this.failures = at - this.failedAt > this.patience.withinMs && this.restsUntil === null ? 1 : this.failures + 1
    this.failedAt = at
    this.probe = undefined
    if (this.failures < this.patience.failures) return false
    const isNew = this.restsUntil === null
    this.restsUntil = at + this.patience.restMs
    return isNew
  }

  /** A call got through. True if the trunk had failed so often that it rested. */
  worked(): boolean {
    const hasRested = this.restsUntil !== null
    this.failures = 0
    this.restsUntil = null
    this.probe = undefined
    return hasRested
  }

  /** The leg has ended, whatever that says about the trunk. */
  ended(leg: string): void {
    if (this.probe === leg) this.probe = undefined
  }

  /** Until when it rests, in milliseconds since the epoch; null: it does not. That may be past: then the next call tries it. */
  get restingUntil(): number | null {
    return this.restsUntil
  }

  /** Whether this leg may go through it now. After a rest, the first leg that asks may. */
  allows(leg: string, now: number): boolean {
    if (this.restsUntil === null) return true
    if (now < this.restsUntil || this.probe !== undefined) return false
    this.probe = leg
    return true
  }
}
