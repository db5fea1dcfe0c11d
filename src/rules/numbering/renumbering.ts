// Numbers that a plan has since changed, which carriers and lists go on writing the old way. PURE.
import { renumberingsInAfrica } from './renumbering-africa'
import type { Change, Renumbering } from './renumbering-change'
import { renumberingsElsewhere } from './renumbering-table'

/** By country code. Dates are those of the change; both forms were in use for months, and some carriers still send the old. */
export const renumberings: readonly Renumbering[] = [...renumberingsElsewhere, ...renumberingsInAfrica]

interface Indexed extends Change {
  readonly isOver: boolean
}

/** Changes by the first two digits of what they are looked up by: a call has its number looked up among a few, not all. */
function index(key: 'was' | 'is'): ReadonlyMap<string, readonly Indexed[]> {
  const found = new Map<string, Indexed[]>()
  for (const { changes, isOver = false } of renumberings) {
    for (const change of changes) {
      const start = change[key].source.slice(1, 3)
      found.set(start, [...(found.get(start) ?? []), { ...change, isOver }])
    }
  }
  return found
}

const byOld = index('was')
const byCurrent = index('is')

/**
 * The number as its plan has it now: `+5215512345678` is `+525512345678`; undefined where the plan has not changed it.
 * `isAssigned` tells of a number that was given out anew in what looks like the old form.
 */
export function renumbered(e164: string, isAssigned: (e164: string) => boolean): string | undefined {
  const digits = e164.slice(1)
  const change = byOld.get(digits.slice(0, 2))?.find(({ was }) => was.test(digits))
  if (change === undefined || (!change.isOver && isAssigned(e164))) return undefined
  return `+${digits.replace(change.was, change.now)}`
}

/** How a number was written before its plan was changed. */
export function formerly(e164: string, isAssigned: (e164: string) => boolean): string[] {
  const digits = e164.slice(1)
  const changes = byCurrent.get(digits.slice(0, 2))?.filter(({ is }) => is.test(digits)) ?? []
  const olds = changes.map(({ is, then }) => `+${digits.replace(is, then)}`)
  return [...new Set(olds)].filter((old) => renumbered(old, isAssigned) === e164)
}
