// Which numbers ring differently under another rule set, and when: both decide at every instant at which either changes.
// PURE: no clock, no I/O; imports only core/.
import { covers } from './check-callers'
import { type Decision, decide } from './hunt-plan'
import { anonymous } from './number'
import type { NumberRules, RuleBook } from './rule'
import { bookOf, reachOf } from './rule-book'
import { type RuleSet, indexOf } from './rule-set'

/** What one kind of caller gets instead, and when: from `from` (inclusive) to `to` (exclusive), in order, never touching. */
export interface RingChange {
  readonly number: string
  readonly label: string
  readonly timeZone: string
  /** The pattern of the lists that the caller is on; null: on none. */
  readonly callers: string | null
  readonly before: string
  readonly after: string
  readonly spans: readonly { readonly from: number; readonly to: number }[]
}

/** From `from` to `to`, in milliseconds since the epoch. Callers of a list are shown where they fare differently from others. */
export function ringChanges(before: RuleSet, after: RuleSet, from: number, to: number): RingChange[] {
  const books = [bookOf(indexOf(before)), bookOf(indexOf(after))] as const
  const changed = changedNumbers(before, after)
  const numbers = new Set([...books[0].keys(), ...books[1].keys()])
  return [...numbers].sort().flatMap((number) => {
    const reached = books.flatMap((book) => [...reachOf(book, number)])
    if (!reached.some((each) => changed.has(each))) return []
    const patterns = patternsOf(books, reached)
    const common = changesFor(books, number, null, callerOnNone(patterns), from, to)
    const said = new Set(common.map(sayingOf))
    const special = patterns.flatMap((pattern) => changesFor(books, number, pattern, callerOn(pattern), from, to))
    return [...common, ...special.filter((change) => !said.has(sayingOf(change)))]
  })
}

/** A change whose last span may still grow. */
interface Growing extends RingChange {
  readonly spans: { readonly from: number; to: number }[]
}

type Books = readonly [before: RuleBook, after: RuleBook]

function changesFor(
  books: Books,
  number: string,
  callers: string | null,
  caller: string,
  from: number,
  to: number
): RingChange[] {
  const changes = new Map<string, Growing>()
  const { label = '', timeZone = 'UTC' }: Partial<NumberRules> = books[1].get(number) ?? books[0].get(number) ?? {}
  let next: number
  for (let at = from; at < to; at = next) {
    const [was, is] = books.map((book) => decide(number, { number: caller, name: '' }, at, book))
    next = Math.min(to, was?.nextChangeAt ?? to, is?.nextChangeAt ?? to)
    const before = planText(was)
    const after = planText(is)
    if (before === after) continue
    const key = JSON.stringify([before, after])
    const change: Growing = changes.get(key) ?? { number, label, timeZone, callers, before, after, spans: [] }
    changes.set(key, change)
    const last = change.spans.at(-1)
    if (last?.to === at) last.to = next
    else change.spans.push({ from: at, to: next })
  }
  return [...changes.values()]
}

/** A plan in words: `PJSIP/alice for 15 s, then PJSIP/bob for 20 s and PJSIP/carol for 20 s, then busy`. */
function planText(decision: Decision | undefined): string {
  if (decision === undefined || decision.outcome === 'unknown-number' || decision.outcome === 'disabled') {
    return 'the call is refused'
  }
  const { steps, fallback } = decision.plan
  const rung = steps.map(({ targets }) =>
    targets.map(({ dial, ringSeconds }) => `${dial} for ${ringSeconds} s`).join(' and ')
  )
  return [...rung, fallback].join(', then ')
}

/** The numbers whose own rows, or the schedules and lists that they name, are not the same. */
function changedNumbers(before: RuleSet, after: RuleSet): Set<string> {
  const old = signatures(before)
  const now = signatures(after)
  const all = new Set([...old.keys(), ...now.keys()])
  return new Set([...all].filter((number) => old.get(number) !== now.get(number)))
}

function signatures(set: RuleSet): Map<string, string> {
  const index = indexOf(set)
  return new Map(
    set.numbers.map((number) => {
      const rules = index.rulesOf(number.number).map((rule) => {
        const { schedule, callers } = rule
        const named = [index.schedules.get(schedule ?? ''), index.callerLists.get(callers ?? '')]
        return [rule, index.targetsOf(rule), schedule === null ? null : named[0], callers === null ? null : named[1]]
      })
      return [number.number, JSON.stringify([number, rules, index.overrides.get(number.number)])]
    })
  )
}

// Each pattern costs a walk through the weeks: of a list of thousands, these stand for the others.
const patternsShown = 20

function patternsOf(books: Books, numbers: readonly string[]): string[] {
  const patterns = new Set<string>()
  for (const number of numbers) {
    for (const book of books) {
      for (const { callers } of book.get(number)?.rules ?? []) {
        for (const pattern of callers?.patterns ?? []) patterns.add(pattern)
      }
    }
  }
  return [...patterns].slice(0, patternsShown)
}

function callerOn(pattern: string): string {
  if (pattern === anonymous) return ''
  return pattern.endsWith('*') ? pattern.slice(0, -1).padEnd(8, '5') : pattern
}

function callerOnNone(patterns: readonly string[]): string {
  const candidates = ['+999000000', '+888000000', '0', '5']
  return candidates.find((candidate) => !covers(patterns, [candidate])) ?? ''
}

function sayingOf({ before, after, spans }: RingChange): string {
  return JSON.stringify([before, after, spans])
}
