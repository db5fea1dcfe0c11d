// Virtual numbers that lead on for longer, or to more others, than a plan follows. PURE.
import type { Links } from './cycles'
import { type Fault, warning, faultsOf, error } from '../finding'
import { maxHops } from '../decide'
import { maxNumbersBehind } from '../rule-book'

/** The longest way from a number: how many others it goes through, and which comes next; Infinity where it goes in a circle. */
interface LongestPath {
  readonly hops: number
  readonly next: string | undefined
}

/** One fault for each number from which a way is one too long; those further up are too long for the same reason. */
export function chainFaults(links: Links, full: ReadonlyMap<string, string>): Fault[] {
  const paths = longestPaths(links)
  return [...paths].flatMap(([number, own]) => {
    const to = full.get(number)
    // A full number leads to its fallback_full instead. If the way is too long from there on, that number is reported.
    const whenFull = to === undefined ? own : { hops: 1 + (paths.get(to)?.hops ?? 0), next: to }
    const way = own.hops === maxHops + 1 ? own : whenFull
    const { hops } = way
    if (hops !== maxHops + 1) return []
    const path = [number]
    for (let at = way.next; at !== undefined; at = paths.get(at)?.next) path.push(at)
    return faultsOf('virtual_numbers', number, [
      warning(
        `a call may go through ${hops} other numbers, one after another, and is not followed beyond ${maxHops}: ${path.join(' → ')}`,
        'let a shorter way lead to the last'
      )
    ])
  })
}

/** One fault for each number that has more numbers behind it than are read for one call. */
export function crowdFaults(links: Links, full: ReadonlyMap<string, string>): Fault[] {
  return [...links.keys()].flatMap((number) => {
    const behind = numbersBehind(links, number, full.get(number))
    if (behind <= maxNumbersBehind) return []
    return faultsOf('virtual_numbers', number, [
      error(
        `more than ${maxNumbersBehind} other numbers stand behind it, and those beyond are not rung`,
        'let fewer number: targets and fallbacks lead on, or name the phones themselves'
      )
    ])
  })
}

/** How many others a plan may go on with, no further than it is followed; not counted beyond one too many. */
function numbersBehind(links: Links, number: string, full: string | undefined): number {
  const hops = new Map([[number, 0]])
  if (full !== undefined) hops.set(full, 1)
  // A Map gives also what is added while it is walked through.
  for (const [each, hop] of hops) {
    if (hop >= maxHops || hops.size > maxNumbersBehind + 1) break
    for (const next of nextsOf(links, each)) if (!hops.has(next)) hops.set(next, hop + 1)
  }
  return hops.size - 1
}

function longestPaths(links: Links): Map<string, LongestPath> {
  const paths = new Map<string, LongestPath>()
  const onPath = new Set<string>()
  for (const start of links.keys()) {
    // The path is kept here, not on the stack of calls: a chain may be thousands of numbers long.
    const path = [start]
    for (let number = path.at(-1); number !== undefined; number = path.at(-1)) {
      const nexts = nextsOf(links, number)
      const unknown = paths.has(number) ? undefined : nexts.find((next) => !paths.has(next) && !onPath.has(next))
      onPath.add(number)
      if (unknown !== undefined) {
        path.push(unknown)
        continue
      }
      if (!paths.has(number)) paths.set(number, longest(nexts, paths))
      onPath.delete(number)
      path.pop()
    }
  }
  return paths
}

// A number on the path, whose way is not known yet, closes a circle.
function longest(nexts: readonly string[], ways: ReadonlyMap<string, LongestPath>): LongestPath {
  let way: LongestPath = { hops: 0, next: undefined }
  for (const next of nexts) {
    const hops = 1 + (ways.get(next)?.hops ?? Infinity)
    if (hops > way.hops) way = { hops, next }
  }
  return way
}

function nextsOf(links: Links, number: string): string[] {
  return [...(links.get(number) ?? [])].filter(([, rows]) => rows.some(({ inPlan }) => inPlan)).map(([next]) => next)
}
