// followme check: every fault of a rule set at once. PURE: no clock, no I/O; imports only core/.
import { callerFaults } from './check-callers'
import { chainFaults, crowdFaults } from './check-chains'
import { cycleFaults, linksIn } from './check-cycles'
import { numberFaults, overrideFaults, targetFaults } from './check-numbers'
import { ruleFaults } from './check-rules'
import { scheduleFaults } from './check-schedules'
import { zoneFaults } from './check-zones'
import type { Fault } from './fault'
import { type RuleSet, indexOf } from './rule-set'

/**
 * Errors first, then warnings, each by table. What depends on `now` (milliseconds since the epoch) is a warning, so that a
 * set without errors today has none tomorrow.
 */
export function checkRules(set: RuleSet, now: number): Fault[] {
  const index = indexOf(set)
  const links = linksIn(index, now)
  const faults = [
    ...scheduleFaults(index),
    ...zoneFaults(index, now),
    ...callerFaults(index),
    ...numberFaults(index),
    ...ruleFaults(index, now),
    ...targetFaults(index),
    ...overrideFaults(index, now),
    ...cycleFaults(index, links, now),
    ...chainFaults(links),
    ...crowdFaults(links)
  ]
  return [...faults.filter(({ level }) => level === 'error'), ...faults.filter(({ level }) => level === 'warning')]
}
