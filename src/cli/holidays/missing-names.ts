// Finds holidays missing from a year because the library's table of their dates ends too early: their names occur only in
// earlier years.
import { dayMs } from '../../rules/schedule/wall-clock'
import { type Ruled, daysOf } from './correct'

export interface MissingName {
  readonly name: string
  /** The last year in which the holiday has a date. */
  readonly lastYear: number
}

// If a table ended longer ago than this, the holiday was abolished or renamed.
const yearsBack = 6
// A rule that skips years (not on a Sunday, every fourth year) recurs within this many years.
const yearsAhead = 6

/**
 * The public holidays of the last years that have no date in this one, by name. `around` are those of the year before and of
 * the year; `byRules` gives those of other years for some rules only, because calculating a whole year may take seconds.
 */
export function missingNames(
  around: readonly Ruled[],
  year: number,
  byRules: (accept: (rule: string) => boolean, years: readonly number[]) => readonly Ruled[]
): readonly MissingName[] {
  const present = new Set(around.filter((each) => isIn(each, year)).map(nameOf))
  const gone = around.filter((each) => isIn(each, year - 1) && !present.has(nameOf(each)))
  const before = new Set(around.filter((each) => isIn(each, year - 1)).map(nameOf))
  const fresh = around.filter((each) => isIn(each, year) && !before.has(nameOf(each)))
  const renamed = new Set(gone.filter((each) => fresh.some((other) => standsFor(other, each))).map(nameOf))
  const lastYears = new Map<string, number>()
  const add = (name: string, last: number) => lastYears.set(name, Math.max(last, lastYears.get(name) ?? 0))

  const tables = new Map<string, Set<number>>()
  for (const each of byRules(isDated, span(year - yearsBack, year - 1))) {
    if (each.type !== 'public' || present.has(nameOf(each))) continue
    tables.set(nameOf(each), (tables.get(nameOf(each)) ?? new Set()).add(new Date(each.from).getUTCFullYear()))
    // A single date from a law that we cite was meant for that year only.
    if (isIn(each, year - 1) && each.law === undefined) add(nameOf(each), year - 1)
  }
  for (const [name, years] of tables) if (years.size >= 3) add(name, Math.max(...years))

  // Substitute days occur only in years that need one.
  const ruled = gone.filter(({ rule }) => !isDated(rule) && !rule.startsWith('substitutes '))
  const rules = new Set(ruled.map(({ rule }) => rule))
  const ahead = rules.size === 0 ? [] : byRules((rule) => rules.has(rule), span(year + 1, year + yearsAhead))
  const again = new Set(ahead.map(({ rule }) => rule))
  for (const each of ruled) if (!again.has(each.rule)) add(nameOf(each), year - 1)

  for (const name of renamed) lastYears.delete(name)
  return [...lastYears].map(([name, lastYear]) => ({ name, lastYear })).sort((a, b) => (a.name < b.name ? -1 : 1))
}

function isDated(rule: string): boolean {
  return /^(substitutes )?\d{4}-\d\d-\d/.test(rule)
}

function isIn(holiday: Ruled, year: number): boolean {
  return holiday.type === 'public' && daysOf(holiday).some((day) => new Date(day * dayMs).getUTCFullYear() === year)
}

/** Whether it is the same holiday under another name: a year later, give or take a lunar month, with a word in common. */
function standsFor(later: Ruled, earlier: Ruled): boolean {
  const days = (later.from - earlier.from) / dayMs
  const words = new Set(wordsOf(earlier))
  return Math.abs(days - 365) <= 31 && wordsOf(later).some((word) => words.has(word))
}

function wordsOf(holiday: Ruled): string[] {
  return (
    nameOf(holiday)
      .toLowerCase()
      .match(/[\p{L}\p{M}]{4,}/gu) ?? []
  )
}

/** The name without a calendar's remark about a substitute day. */
function nameOf({ name }: Ruled): string {
  return name.replace(/ \([^()]*\)$/, '').trim()
}

function span(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at)
}
