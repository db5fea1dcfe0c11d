// Whether a trunk works, as far as its latest calls tell: one that keeps failing is passed over for a while. PURE.

/** So many failures, with no call between them that got through, */
const failuresToRest = 3
/** each within so long of the one before, */
const withinMs = 30_000
/** let it rest for so long. Then one call at a time tries it, until one gets through. */
const restMs = 60_000

export class TrunkHealth {
  private failures = 0
  private failedAt = -Infinity
  private restsUntil: number | null = null
  /** The leg that tries it after a rest. */
  private probe: string | undefined

  /** A call failed before it rang, by the fault of the trunk. True if it rests from now on, and did not before. */
  failed(at: number): boolean {
    this.failures = at - this.failedAt > withinMs && this.restsUntil === null ? 1 : this.failures + 1
    this.failedAt = at
    this.probe = undefined
    if (this.failures < failuresToRest) return false
    const isNew = this.restsUntil === null
    this.restsUntil = at + restMs
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
