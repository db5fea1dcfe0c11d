// Faults of the limits of targets. PURE.
import { type Fault, faultsOf, findingOf, warning } from '../finding'
import { parseTarget } from '../number'
import type { RuleIndex } from '../rule-tables'

export function targetLimitFaults({ set }: RuleIndex): Fault[] {
  if (set.targetLimits.length === 0) return []
  const named = new Set([...set.targets.map(({ dial }) => dial), ...set.overrides.map(({ value }) => value)])
  return set.targetLimits.flatMap(({ dial }) => {
    const malformed = findingOf(() => parseTarget(dial))
    const unused = named.has(dial)
      ? undefined
      : warning('it limits nothing: no rule has this target', 'write it as the rules do, or delete this row')
    return faultsOf('target_limits', dial, [malformed ?? unused])
  })
}
