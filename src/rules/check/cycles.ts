// Virtual numbers that lead to each other in a circle, through targets, fallbacks and overrides. PURE.
import { type Fault, warning } from '../finding'
import { type NumberLink, isNamed, linkWhenFull, numberLinks } from '../number-links'
import { type Override, earlier } from '../rule'
import { numberRulesIn } from '../rule-book'
import { circleFinding } from '../rule-faults'
import { type NumberDefinition, type RuleIndex, ruleKey } from '../rule-tables'
import { dayMs } from '../schedule/wall-clock'

/** One row that makes a call to a number go on with `to`; only while the schedule is open, unless that is null. */
interface Link {
  readonly table: string
  readonly key: string
  readonly to: string
  readonly schedule: string | null
  /** The plan itself goes on there; otherwise the number is dialled through the trunk, and comes back as a call of its own. */
  readonly inPlan: boolean
}

/** Numbers by the numbers that they lead to, with the rows that do it. */
export type Links = ReadonlyMap<string, ReadonlyMap<string, readonly Link[]>>

/** One fault for each link that closes a circle: without those rows, there would be none. */
export function cycleFaults(index: RuleIndex, links: Links, now: number): Fault[] {
  const done = new Set<string>()
  const faults: Fault[] = []
  for (const { number: start } of index.set.numbers) {
    // The path is kept here, not on the stack of calls: a chain may be thousands of numbers long.
    const path: { number: string; left: string[] }[] = []
    const depths = new Map<string, number>()
    const enter = (number: string) => {
      depths.set(number, path.length)
      path.push({ number, left: [...(links.get(number)?.keys() ?? [])] })
    }
    if (!done.has(start)) enter(start)
    for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
      const next = last.left.shift()
      if (next === undefined) {
        done.add(last.number)
        path.pop()
      } else if (!done.has(next)) {
        const at = depths.get(next)
        if (at === undefined) enter(next)
        else faults.push(cycleFault(index, links, [...path.slice(at).map(({ number }) => number), next], now))
      }
    }
  }
  return faults
}

/** What full numbers lead to: followed by a call to the number itself, and not by one that comes from another. */
export function fullLinksIn(index: RuleIndex): ReadonlyMap<string, string> {
  return new Map(
    index.set.numbers.flatMap((number) => {
      const to = number.enabled ? linkWhenFull(number) : undefined
      const isFollowed = to !== undefined && to !== number.number && index.numbers.get(to)?.enabled === true
      return isFollowed ? [[number.number, to] as const] : []
    })
  )
}

/**
 * One fault for each full number that leads to one from which calls come back to it. Two that help each other out make no circle: the
 * second does not ask whether it is full.
 */
export function fullCycleFaults(
  index: RuleIndex,
  links: Links,
  full: ReadonlyMap<string, string>,
  now: number
): Fault[] {
  return [...full].flatMap(([number, to]) => {
    const path = shortestPath(links, to, number)
    if (path === undefined) return []
    const link = { table: 'virtual_numbers', key: number, to, schedule: null, inPlan: true }
    const withFull = new Map([...links, [number, new Map([...(links.get(number) ?? []), [to, [link]]])]])
    return [cycleFault(index, withFull, [...path, to], now)]
  })
}

/** From one number to another, both included; undefined: no way leads there. */
function shortestPath(links: Links, from: string, to: string): string[] | undefined {
  const before = new Map<string, string | null>([[from, null]])
  // A Map gives also what is added while it is walked through.
  for (const [each] of before) {
    if (each === to) break
    for (const next of links.get(each)?.keys() ?? []) if (!before.has(next)) before.set(next, each)
  }
  if (!before.has(to)) return undefined
  const path: string[] = []
  for (let at: string | null = to; at !== null; at = before.get(at) ?? null) path.unshift(at)
  return path
}

/** `cycle` ends with the number that it begins with. */
function cycleFault(index: RuleIndex, links: Links, cycle: readonly string[], now: number): Fault {
  const hops = cycle.slice(1).map((to, at) => links.get(cycle[at] ?? '')?.get(to) ?? [])
  const closing = hops.at(-1)?.[0]
  const row = { table: closing?.table ?? 'virtual_numbers', key: closing?.key ?? cycle[0] ?? '' }
  const fault = circleFinding(cycle)
  if (openTogether(index, hops, now)) return { ...row, ...fault }
  const never = 'though their schedules are never open all at once in the next 400 days'
  const cure = 'keep the schedules apart, or let one of the numbers end it'
  return { ...row, ...warning(`${fault.message}, ${never}`, cure) }
}

/** Whether there is a moment in the next 400 days at which every hop is followed; yes where that is too long to find out. */
function openTogether(index: RuleIndex, hops: readonly (readonly Link[])[], now: number): boolean {
  const conditional = hops.filter((hop) => hop.every(({ schedule }) => schedule !== null))
  const schedules = conditional.map((hop) => hop.map(({ schedule }) => index.compiled(schedule ?? '')))
  let at: number | null = now
  for (let looked = 0; at !== null && at < now + 400 * dayMs; looked++) {
    if (looked > 20_000) return true
    let next: number | null = null
    let all = true
    for (const hop of schedules) {
      const states = hop.map((schedule) => schedule.stateAt(at ?? now))
      all &&= states.some(({ open }) => open)
      for (const { nextChangeAt } of states) next = earlier(next, nextChangeAt)
    }
    if (all) return true
    at = next
  }
  return false
}

/** What leads where, by rules, targets and numbers that are enabled, and by overrides in force at `now`. */
export function linksIn(index: RuleIndex, now: number): Links {
  return new Map(index.set.numbers.map((number) => [number.number, linksOf(index, number, now)]))
}

function linksOf(index: RuleIndex, own: NumberDefinition, now: number): Map<string, Link[]> {
  const links = new Map<string, Link[]>()
  if (!own.enabled) return links
  const rules = numberRulesIn(index, own)
  const override = (rules.override?.expiresAt ?? Infinity) > now ? rules.override : null
  for (const link of numberLinks({ ...rules, override })) {
    // A number that is ours comes back to us, even where it goes out through the trunk.
    if (link.to === own.number || index.numbers.get(link.to)?.enabled !== true) continue
    const row = { ...rowOf(own.number, link), to: link.to, schedule: scheduleOf(link, override), inPlan: link.inPlan }
    links.set(link.to, [...(links.get(link.to) ?? []), row])
  }
  return links
}

/** A rule that the override names is used whether its schedule is open or not. */
function scheduleOf(link: NumberLink, override: Override | null): string | null {
  if (link.by === 'override' || link.by === 'number' || isNamed(override, link.rule)) return null
  return link.rule.schedule?.name ?? null
}

function rowOf(number: string, link: NumberLink): { readonly table: string; readonly key: string } {
  switch (link.by) {
    case 'number':
      return { table: 'virtual_numbers', key: number }
    case 'override':
      return { table: 'overrides', key: number }
    case 'rule':
      return { table: 'rules', key: ruleKey(number, link.rule.name) }
    case 'target':
      return {
        table: 'targets',
        key: `${ruleKey(number, link.rule.name)}, ${link.target.step}, ${link.target.dial}`
      }
  }
}
