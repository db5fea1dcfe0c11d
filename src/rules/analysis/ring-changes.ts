// Which numbers ring differently under another rule set, and when: both decide at every instant at which either changes.
// PURE: no clock, no I/O.
import { takerOf } from '../check/callers'
import { type Decision, decide } from '../decide'
import { numbersIn } from '../gate'
import type { NumberRules, RuleBook } from '../rule'
import { bookOf, reachOf } from '../rule-book'
import { type RuleSet, grouped, indexOf } from '../rule-tables'

/** What one kind of caller gets instead, and when: from `from` (inclusive) to `to` (exclusive), in order, never touching. */
export interface RingChange {
  readonly number: string
  readonly label: string
  readonly timeZone: string
  /** Callers on a list, by their patterns: `+33*, +34* and 8 more`; null: callers on none. */
  readonly callers: string | null
  readonly before: string
  readonly after: string
  readonly spans: readonly { readonly from: number; readonly to: number }[]
}

export interface RingComparison {
  readonly changes: readonly RingChange[]
  /** How many more numbers may ring differently: too many to compare. */
  readonly notCompared: number
}

// Each takes some milliseconds: the first few hundred show what a migration does to ten thousand.
const maxNumbers = 500

/** From `from` to `to`, in milliseconds since the epoch. Callers of a list are shown where they fare differently from others. */
export function ringChanges(before: RuleSet, after: RuleSet, from: number, to: number): RingComparison {
  const books = [bookOf(indexOf(before)), bookOf(indexOf(after))] as const
  const changed = changedNumbers(before, after)
  const numbers = [...new Set([...books[0].keys(), ...books[1].keys()])].sort()
  const affected = numbers
    .map((number) => ({ number, reached: books.flatMap((book) => [...reachOf(book, number)]) }))
    .filter(({ reached }) => reached.some((each) => changed.has(each)))
  const changes = affected.slice(0, maxNumbers).flatMap(({ number, reached }) => {
    const [others, ...listed] = callersOf(books, reached)
    const common = changesFor(books, number, others, from, to)
    const known = new Set(common.map(changeKey))
    const special = listed.flatMap((callers) => changesFor(books, number, callers, from, to))
    return [...common, ...special.filter((change) => !known.has(changeKey(change)))]
  })
  return { changes, notCompared: Math.max(0, affected.length - maxNumbers) }
}

/** A change whose last span may still grow. */
interface Growing extends RingChange {
  readonly spans: { readonly from: number; to: number }[]
}

type Books = readonly [before: RuleBook, after: RuleBook]

function changesFor(
  books: Books,
  number: string,
  { callers, caller }: Callers,
  from: number,
  to: number
): RingChange[] {
  const changes = new Map<string, Growing>()
  const { label = '', timeZone = 'UTC' }: Partial<NumberRules> = books[1].get(number) ?? books[0].get(number) ?? {}
  const asked = { number: caller, name: '' }
  let next: number
  for (let at = from; at < to; at = next) {
    const was = decide(number, asked, at, books[0])
    const is = decide(number, asked, at, books[1])
    next = Math.min(to, was.nextChangeAt ?? to, is.nextChangeAt ?? to)
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
function planText({ outcome, plan: { steps, fallback } }: Decision): string {
  if (outcome === 'unknown-number' || outcome === 'disabled') return 'the call is refused'
  const rung = steps.map(({ targets }) =>
    targets
      .map(({ dial, ringSeconds, refused }) =>
        refused === undefined ? `${dial} for ${ringSeconds} s` : `${dial} is refused`
      )
      .join(' and ')
  )
  return [...rung, fallback].join(', then ')
}

/** The numbers whose own rows, the schedules and lists that they name, or the policy on what they dial are not the same. */
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
        return [rule, index.targetsOf(rule), ...named]
      })
      const override = index.overrides.get(number.number)
      const dials = [
        override?.value ?? '',
        ...index
          .rulesOf(number.number)
          .flatMap(index.targetsOf)
          .map(({ dial }) => dial)
      ]
      const policy = dials.some((dial) => numbersIn(dial).length > 0) ? index.policy.key : null
      return [number.number, JSON.stringify([number, rules, override, policy])]
    })
  )
}

/** Callers who are on the same lists, before and after, and one of them to ask for. */
interface Callers {
  readonly callers: string | null
  readonly caller: string
}

// Of a list of thousands of patterns, these stand for the others.
const maxPatterns = 500

/** Those on no list come first. */
function callersOf(books: Books, numbers: readonly string[]): readonly [Callers, ...Callers[]] {
  const lists = books.flatMap((book) => {
    const named = numbers.flatMap((number) => book.get(number)?.rules.map(({ callers }) => callers) ?? [])
    return [...new Map(named.flatMap((list) => (list === null ? [] : [[list.name, list.patterns]]))).values()]
  })
  const takers = lists.map(takerOf)
  const patterns = [...new Set(lists.flat())].slice(0, maxPatterns)
  const alike = grouped(patterns, (pattern) => takers.map((takes) => (takes(pattern) ? 1 : 0)).join(''))
  const groups = [...alike.values()].map(([first = '', ...more]) => {
    const shown = [first, ...more.slice(0, 2)].join(', ')
    return { callers: more.length > 2 ? `${shown} and ${more.length - 2} more` : shown, caller: callerOn(first) }
  })
  return [
    { callers: null, caller: unlistedNumbers.find((each) => !takers.some((takes) => takes(each))) ?? '' },
    ...groups
  ]
}

// No country has these codes; the short ones are for lists that take whoever shows an international number.
const unlistedNumbers = ['+999000000', '+888000000', '9', '5']

/** `anonymous` is such a caller's number as it stands. */
function callerOn(pattern: string): string {
  return pattern.endsWith('*') ? pattern.slice(0, -1).padEnd(8, '5') : pattern
}

function changeKey({ before, after, spans }: RingChange): string {
  return JSON.stringify([before, after, spans])
}
