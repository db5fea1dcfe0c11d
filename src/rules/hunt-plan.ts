// The hunt plan: what one call will do, frozen when the call starts and recorded with it. PURE.
import type { ConsideredRule, PlannedOverride } from './rule'
import type { ShownCaller } from './shown-caller'
import type { TargetLimit } from './target-limits'

/** One target of a step. `dial` is a target as the rules write it (never `number:`, those are expanded). */
export interface PlannedTarget {
  readonly dial: string
  readonly ringSeconds: number
  /** Why it must not be dialled (gate.ts); absent if it may be. */
  readonly refused?: string
  /** The virtual number whose rules name it, where digits without a plus are read by its country; absent: the one dialled. */
  readonly from?: string
  /** The caller ID that it is shown; absent: the caller's own. */
  readonly shown?: ShownCaller
  /** How many calls it may have at once, for all numbers together; absent: any number. */
  readonly limit?: Omit<TargetLimit, 'dial'>
  /** It is at a PBX of the site; absent: it is a phone, or behind a carrier. */
  readonly isPrivate?: true
  /** The trunks that a number is tried through, in order; absent: a phone, or the number goes through FOLLOWME_TRUNK. */
  readonly trunks?: readonly PlannedTrunk[]
}

/** One way out to a number. */
export interface PlannedTrunk {
  readonly name: string
  /** What is dialled there: `PJSIP/+442071838750@carrier`. */
  readonly dial: string
  /** The caller ID that it is shown; absent: the caller's own. */
  readonly shown?: ShownCaller
  /** The reason in the SIP header Diversion; absent: no such header. */
  readonly diversion?: string
  /** How many calls it carries at once; absent: any number. */
  readonly maxCalls?: number
  readonly isPrivate?: true
}

/** Targets that ring together. */
export interface PlannedStep {
  readonly targets: readonly PlannedTarget[]
}

/** Steps run one after another; then the fallback, as the rules write it (never `number:`, that is expanded). */
export interface HuntPlan {
  readonly steps: readonly PlannedStep[]
  readonly fallback: string
  /** The override of the dialled number that made this plan; absent where its rules did. */
  readonly override?: PlannedOverride
  /** Why, as `reasonsOf` (rule.ts) keeps it with a call. */
  readonly considered?: readonly ConsideredRule[]
  /** Why a call was refused to a number that there is not, and what to do. */
  readonly refusal?: string
}

/** The target at a place in the plan, counted from 1; undefined: the plan has no such place. */
export function plannedAt(
  { steps }: Pick<HuntPlan, 'steps'>,
  { step, target }: { readonly step: number; readonly target: number }
): PlannedTarget | undefined {
  return steps[step - 1]?.targets[target - 1]
}

/** Who rings, step by step, without what must not be dialled. */
export function ringingIn({ steps }: HuntPlan): readonly (readonly PlannedTarget[])[] {
  return steps
    .map(({ targets }) => targets.filter(({ refused }) => refused === undefined))
    .filter((targets) => targets.length > 0)
}
