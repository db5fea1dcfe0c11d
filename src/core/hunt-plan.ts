// The hunt plan: what one call will do, frozen when the call starts and recorded with it. PURE.

/** One target of a step. `dial` is a target as the rules write it (never `number:`, those are expanded). */
export interface PlannedTarget {
  readonly dial: string
  readonly ringSeconds: number
}

/** Targets that ring together. */
export interface PlannedStep {
  readonly targets: readonly PlannedTarget[]
}

/** Steps run one after another; then the fallback, as the rules write it (never `number:`, that is expanded). */
export interface HuntPlan {
  readonly steps: readonly PlannedStep[]
  readonly fallback: string
}
