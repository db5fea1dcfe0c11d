// Which rule answers for (number, caller, instant), and why the others did not. PURE: imports only core/.
import type { Schedule } from './schedule'

/** One row of `targets`. */
export interface RuleTarget {
  readonly step: number
  readonly dial: string
  readonly ringSeconds: number
}

/** One row of `rules` with what hangs on it; disabled rules are read too, so that `explain` can say so. */
export interface Rule {
  readonly name: string
  readonly position: number
  readonly enabled: boolean
  /** Null is always open. */
  readonly schedule: { readonly name: string; readonly compiled: Schedule } | null
  /** Null is everyone. */
  readonly callers: { readonly name: string; readonly patterns: readonly string[] } | null
  /** ISO dates (YYYY-MM-DD, both inclusive) in the number's zone, or null. */
  readonly validFrom: string | null
  readonly validUntil: string | null
  /** Null falls back to the number's. */
  readonly fallback: string | null
  /** Enabled targets only, by step then by dial. */
  readonly targets: readonly RuleTarget[]
}

/** A temporary switch. */
export interface Override {
  readonly kind: 'closed' | 'forward' | 'rule'
  /** forward: a target; rule: a rule's name; closed: null. */
  readonly value: string | null
  /** Milliseconds since the epoch, or null for until cleared. */
  readonly expiresAt: number | null
  readonly setBy: string | null
}

/** Everything that decides about one virtual number. */
export interface NumberRules {
  readonly number: string
  readonly label: string
  readonly enabled: boolean
  readonly timeZone: string
  readonly fallback: string
  readonly rules: readonly Rule[]
  readonly override: Override | null
}

/** Virtual numbers by number: the one that was dialled, and those that its `number:` targets and fallbacks lead to. */
export type RuleBook = ReadonlyMap<string, NumberRules>
