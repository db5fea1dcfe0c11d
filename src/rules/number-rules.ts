// Builds what decides about one number from its rows: the one place that does, for live calls and for whole rule sets. PURE.
import type { DialPolicy } from './dial-policy'
import type { NumberRules, Override, Rule, RuleTarget } from './rule'
import type { NumberDefinition, RuleDefinition, TargetDefinition } from './rule-tables'
import { type Schedule, missingSchedule } from './schedule/schedule'

/** The rows of one number, as the tables hold them, each list in the order of its key. */
export interface NumberRows {
  readonly number: NumberDefinition
  readonly override: Override | null
  /** By position. */
  readonly rules: readonly Omit<RuleDefinition, 'number'>[]
  /** Of all its rules, by rule, step and dial; disabled ones are left out here. */
  readonly targets: readonly Omit<TargetDefinition, 'number'>[]
  readonly policy: DialPolicy
}

/** What the rules of a number refer to by name. */
export interface Referenced {
  /** Undefined where it does not exist. */
  readonly schedule: (name: string) => Schedule | undefined
  /** The patterns of a list; none where it does not exist. */
  readonly callers: (name: string) => readonly string[]
}

/** A rule whose schedule does not exist is never open; one whose list does not exist, or is empty, matches nobody. */
export function buildNumberRules(
  { number, override, rules, targets, policy }: NumberRows,
  named: Referenced
): NumberRules {
  const targetsOf = enabledTargets(targets)
  return {
    number: number.number,
    label: number.label,
    enabled: number.enabled,
    timeZone: number.timeZone,
    fallback: number.fallback,
    maxCalls: number.maxCalls,
    fallbackFull: number.fallbackFull,
    callerIdPolicy: number.callerIdPolicy,
    callerId: number.callerId,
    namePrefix: number.namePrefix,
    alertInfo: number.alertInfo,
    rules: rules.map((row): Rule => ({
      name: row.name,
      position: row.position,
      enabled: row.enabled,
      schedule:
        row.schedule === null
          ? null
          : { name: row.schedule, compiled: named.schedule(row.schedule) ?? missingSchedule(row.schedule) },
      callers: row.callers === null ? null : { name: row.callers, patterns: named.callers(row.callers) },
      validFrom: row.validFrom,
      validUntil: row.validUntil,
      fallback: row.fallback,
      targets: targetsOf.get(row.name) ?? []
    })),
    override:
      override === null
        ? null
        : { kind: override.kind, value: override.value, expiresAt: override.expiresAt, setBy: override.setBy },
    policy
  }
}

function enabledTargets(rows: NumberRows['targets']): Map<string, RuleTarget[]> {
  const targets = new Map<string, RuleTarget[]>()
  for (const { rule, step, dial, ringSeconds, enabled } of rows) {
    if (!enabled) continue
    const target = { step, dial, ringSeconds }
    const known = targets.get(rule)
    if (known === undefined) targets.set(rule, [target])
    else known.push(target)
  }
  return targets
}
