// Faults of caller lists, and whom the patterns of one take. PURE.
import { type Fault, type Finding, warning, faultsOf, error } from '../finding'
import { currentForm } from '../numbering/read-number'
import { withoutTrunkInPrefix } from '../numbering/numbering-plan'
import type { RuleIndex } from '../rule-tables'
import { anonymous } from '../withheld'

export function callerFaults(index: RuleIndex): Fault[] {
  const used = new Set(index.set.rules.map((rule) => rule.callers))
  return [
    ...index.set.callerLists.flatMap(({ name }) =>
      faultsOf('caller_lists', name, [
        used.has(name) ? undefined : warning('no rule refers to it', 'name it in rules.callers, or delete it')
      ])
    ),
    ...index.set.callerEntries.flatMap(({ list, pattern }) =>
      faultsOf('caller_list_entries', `${list}, ${pattern}`, [
        index.callerLists.has(list)
          ? undefined
          : error(`there is no list '${list}'`, 'add it to caller_lists, or delete this row'),
        neverMatches(pattern)
      ])
    )
  ]
}

/** Why no caller can match a pattern, as their numbers are read before they are compared. */
function neverMatches(pattern: string): Finding | undefined {
  if (pattern === anonymous) return undefined
  const prefix = pattern.endsWith('*')
  const digits = prefix ? pattern.slice(0, -1) : pattern
  const never = (why: string, cure: string) => error(`no caller matches ${pattern}: ${why}`, cure)
  if (!/^\+?[0-9]*$/.test(digits)) {
    return never('it is not a number', 'write a number (+14155550100), a prefix (+1415*) or anonymous')
  }
  if (digits.startsWith('+0')) return never('no country code begins with 0', 'write + and the country code')
  const current = prefix ? prefixAsRead(digits) : currentForm(digits)
  if (current !== undefined && current !== digits) {
    const star = prefix ? '*' : ''
    return never(`callers are read as ${current}${star}`, `write ${current}${star}`)
  }
  if ((digits.startsWith('+') && digits.length > 16) || pattern.length > 64) {
    return never('no number has more than 15 digits', 'write the number as the callers show it')
  }
  return undefined
}

/** `+440`: a prefix that has the trunk prefix after the country code, without it. */
function prefixAsRead(digits: string): string | undefined {
  return digits.startsWith('+') ? withoutTrunkInPrefix(digits) : undefined
}

/** Tells, of a pattern or a caller's number, whether these patterns take all that it takes; proved, so a no may be wrong. */
export function takerOf(patterns: readonly string[]): (pattern: string) => boolean {
  const exact = new Set(patterns.map(canonical))
  const longest = [...exact].reduce((most, pattern) => Math.max(most, pattern.length), 0)
  return (pattern) => {
    const own = canonical(pattern)
    if (exact.has(own)) return true
    if (own === anonymous) return false
    const digits = own.endsWith('*') ? own.slice(0, -1) : own
    for (let length = Math.min(digits.length, longest); length >= 0; length--) {
      if (exact.has(`${digits.slice(0, length)}*`)) return true
    }
    return false
  }
}

function canonical(pattern: string): string {
  return pattern === anonymous || pattern.endsWith('*') ? pattern : pattern.replace(/^00(?=[1-9])/, '+')
}
