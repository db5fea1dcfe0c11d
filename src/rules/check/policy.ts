// Faults of the site's policy on what may be dialled. PURE.
import type { PolicyRow } from '../dial-policy'
import { type Fault, type Finding, error, faultsOf, warning } from '../finding'
import { countryCodeOf, withoutTrunkInPrefix } from '../numbering/numbering-plan'
import type { RuleIndex } from '../rule-tables'

export function policyFaults({ set }: RuleIndex): Fault[] {
  return set.dialPolicy.flatMap((row) =>
    faultsOf('dial_policy', row.prefix, [prefixFinding(row), ...idleLimits(row, set.dialPolicy)])
  )
}

const limits = [
  ['max_calls', 'maxCalls'],
  ['max_per_hour', 'maxPerHour'],
  ['max_minutes_day', 'maxMinutesDay']
] as const

/** Limits that a limit of more numbers, and of no more calls, comes before. */
function idleLimits(row: PolicyRow, rows: readonly PolicyRow[]): Finding[] {
  const wider = rows.filter(({ prefix }) => prefix.length < row.prefix.length && row.prefix.startsWith(prefix))
  return limits.flatMap(([column, name]) => {
    const most = row[name] ?? null
    const first = wider.find((each) => (each[name] ?? Infinity) <= (most ?? -Infinity))
    if (most === null || first === undefined) return []
    const message = `${column} ${most} is never reached: the row ${first.prefix} allows no more than ${first[name] ?? most}`
    return [warning(message, `lower ${column}, or leave it out`)]
  })
}

/** An error, not a warning: its author relies on a row that has no effect. */
function prefixFinding({ prefix }: PolicyRow): Finding | undefined {
  return unusablePrefix(prefix)
}

/** Why no number begins with this; undefined: numbers do. */
export function unusablePrefix(prefix: string): Finding | undefined {
  if (!/^\+[0-9]*$/.test(prefix)) {
    return error(`no number begins with ${JSON.stringify(prefix)}`, 'write + and digits, such as +44')
  }
  const meant = withoutTrunkInPrefix(prefix)
  if (meant !== prefix) return error(`no number begins with ${prefix}: the 0 is not part of it`, `write ${meant}`)
  // Codes have three digits at most, and +3 is all that begin so.
  if (prefix.length < 4 || countryCodeOf(prefix.slice(1)) !== undefined) return undefined
  return error(`no number begins with ${prefix}: no country has this code`, 'correct the prefix, or delete this row')
}
