// followme check: every fault of a rule set at once. PURE: no clock, no I/O.
import { callerFaults } from './callers'
import { chainFaults, crowdFaults } from './chains'
import { cycleFaults, fullCycleFaults, fullLinksIn, linksIn } from './cycles'
import { numberFaults, overrideFaults, targetFaults } from './numbers'
import { policyFaults } from './policy'
import { ruleFaults } from './rules'
import { targetLimitFaults } from './target-limits'
import { trunkFaults } from './trunks'
import { scheduleFaults } from './schedules'
import { zoneFaults } from './zones'
import type { Fault } from '../finding'
import { type RuleSet, indexOf } from '../rule-tables'

/**
 * Errors first, then warnings, each by table. What depends on `now` (milliseconds since the epoch) is a warning, so that a
 * set without errors today has none tomorrow.
 */
export function checkRules(set: RuleSet, now: number): Fault[] {
  const index = indexOf(set)
  const links = linksIn(index, now)
  const full = fullLinksIn(index)
  const faults = [
    ...scheduleFaults(index),
    ...zoneFaults(index, now),
    ...callerFaults(index),
    ...numberFaults(index),
    ...ruleFaults(index, now),
    ...targetFaults(index),
    ...overrideFaults(index, now),
    ...policyFaults(index),
    ...trunkFaults(index),
    ...targetLimitFaults(index),
    ...cycleFaults(index, links, now),
    ...fullCycleFaults(index, links, full, now),
    ...chainFaults(links, full),
    ...crowdFaults(links, full)
  ]
  return [...faults.filter(({ level }) => level === 'error'), ...faults.filter(({ level }) => level === 'warning')]
}
