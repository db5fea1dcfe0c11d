// Which rule answers for (number, caller, instant), and why the others did not. PURE.
import type { DialPolicy } from './dial-policy'
import { type KnownCaller, callerOf, matchesPattern } from './caller'
import { formatInstant, formatSpan } from './schedule/instant'
import { type Caller, unlistedCaller } from './number'
import { findingText } from './finding'
import { noteOf, ruleFault, validityOf } from './rule-faults'
import type { Schedule, ScheduleState } from './schedule/schedule'
import type { CallerIdRules } from './shown-caller'
import { anonymous } from './withheld'

/** One row of `targets`. */
export interface RuleTarget {
  readonly step: number
  readonly dial: string
  readonly ringSeconds: number
}

/** One row of `rules` with what hangs on it; disabled rules are read too, so that `explain` can say so. */
export interface Rule {
  readonly name: string
  readonly position: number
  readonly enabled: boolean
  /** Null is always open. */
  readonly schedule: { readonly name: string; readonly compiled: Schedule } | null
  /** Null is everyone. */
  readonly callers: { readonly name: string; readonly patterns: readonly string[] } | null
  /** ISO dates (YYYY-MM-DD, both inclusive) in the number's zone, or null. */
  readonly validFrom: string | null
  readonly validUntil: string | null
  /** Null falls back to the number's. */
  readonly fallback: string | null
  /** Enabled targets only, by step then by dial. */
  readonly targets: readonly RuleTarget[]
}

/** A temporary switch. */
export interface Override {
  readonly kind: 'closed' | 'forward' | 'rule'
  /** forward: a target; rule: a rule's name; closed: null. */
  readonly value: string | null
  /** Milliseconds since the epoch, or null for until cleared. */
  readonly expiresAt: number | null
  readonly setBy: string | null
}

/** Which override, and whose: what a plan and its record keep of it. */
export type PlannedOverride = Pick<Override, 'kind' | 'value' | 'setBy'>

/** An override in words: `closed`, `forward to PJSIP/carol`, `rule 'night', set by ann`. */
export function overrideText({ kind, value, setBy }: PlannedOverride): string {
  const what = { closed: 'closed', forward: `forward to ${value ?? ''}`, rule: `rule '${value ?? ''}'` }[kind]
  return setBy === null ? what : `${what}, set by ${setBy}`
}

/** Everything that decides about one virtual number. */
export interface NumberRules extends CallerIdRules {
  readonly number: string
  readonly label: string
  readonly enabled: boolean
  readonly timeZone: string
  readonly fallback: string
  /** How many of its calls may be in progress at once; null: any number. */
  readonly maxCalls: number | null
  /** What any more of them get; null: `fallback`. */
  readonly fallbackFull: string | null
  readonly rules: readonly Rule[]
  readonly override: Override | null
  /** Which numbers the site is willing to call: the same for all of its numbers. */
  readonly policy: DialPolicy
}

/** Virtual numbers by number: the one that was dialled, and those that its `number:` targets and fallbacks lead to. */
export type RuleBook = ReadonlyMap<string, NumberRules>

/** One rule, looked at: `why` in words for the person who wrote it. */
export interface ConsideredRule {
  readonly rule: string
  readonly matched: boolean
  readonly why: string
}

/** What a number's rules say. `nextChangeAt`: when another rule (or none) will answer; null: not as far as can be seen. */
export interface RuleMatch {
  readonly rule: Rule | null
  readonly considered: readonly ConsideredRule[]
  readonly nextChangeAt: number | null
  /** The rules that were considered and are invalid, in words. Faults of a schedule are in `Schedule.faults`. */
  readonly faults: readonly string[]
}

/**
 * The first rule by position that is enabled, meant for this caller, valid on this date and open now. A rule that is
 * nonsense (a zone or a date that does not exist, nothing that can be dialled) never matches, and says so; it never stops
 * the others. `dialled` is the
 * number whose country the caller's number is read in, where the plan of another has led here.
 */
export function matchRules(number: NumberRules, caller: Caller, at: number, dialled = number.number): RuleMatch {
  // Only lists ask who calls, and most numbers have none.
  let known: KnownCaller | undefined
  const from = () => (known ??= callerOf(caller.number, dialled))
  const considered: ConsideredRule[] = []
  const faults: string[] = []
  let rule: Rule | null = null
  let nextChangeAt: number | null = null
  for (const candidate of number.rules.toSorted((a, b) => a.position - b.position)) {
    if (rule !== null) {
      considered.push({ rule: candidate.name, matched: false, why: `not reached: rule '${rule.name}' answers first` })
      continue
    }
    const fault = candidate.enabled ? ruleFault(candidate, number) : undefined
    if (fault !== undefined) {
      considered.push({ rule: candidate.name, matched: false, why: `cannot be used: ${findingText(fault)}` })
      faults.push(noteOf.rule(number.number, candidate.name, fault))
      continue
    }
    const { matched, why, changesAt } = consider(candidate, number.timeZone, from, at)
    considered.push({ rule: candidate.name, matched, why })
    // Rules after the one that answers cannot change the answer before it does.
    nextChangeAt = earlier(nextChangeAt, changesAt)
    if (matched) rule = candidate
  }
  return { rule, considered, nextChangeAt, faults }
}

/** Every rule that would answer now were it the first, by position, and when one more or one less would. */
export function openRules(
  number: NumberRules,
  caller: Caller,
  at: number
): { readonly open: readonly Rule[]; readonly nextChangeAt: number | null } {
  const from = callerOf(caller.number, number.number)
  const looked = number.rules
    .toSorted((a, b) => a.position - b.position)
    .map((rule) => ({ rule, ...consider(rule, number.timeZone, () => from, at) }))
  return {
    open: looked.filter(({ matched }) => matched).map(({ rule }) => rule),
    nextChangeAt: looked.map(({ changesAt }) => changesAt).reduce(earlier, null)
  }
}

const maxReasons = 20

/** What a record keeps of the rules that were looked at: the first ones, and the one that answered; not those after it. */
export function reasonsOf(considered: readonly ConsideredRule[]): readonly ConsideredRule[] {
  const answered = considered.findIndex(({ matched }) => matched)
  const reached = answered < 0 ? considered : considered.slice(0, answered + 1)
  return reached.length <= maxReasons ? reached : [...reached.slice(0, maxReasons - 1), ...reached.slice(-1)]
}

/** The earlier of two instants, where null is never. */
export function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b
  return Math.min(a, b)
}

interface Consideration {
  readonly matched: boolean
  readonly why: string
  /** When `matched` next flips for this caller; null: not as far as can be seen. */
  readonly changesAt: number | null
}

function callerInWords(number: string): string {
  if (number === anonymous) return 'an anonymous caller'
  return number === unlistedCaller.number ? 'somebody' : `caller ${number}`
}

function consider(rule: Rule, timeZone: string, whoCalls: () => KnownCaller, at: number): Consideration {
  if (!rule.enabled) return never('disabled: set enabled to 1 to use it')
  const reasons: string[] = []

  if (rule.callers !== null) {
    const { name, patterns } = rule.callers
    const from = whoCalls()
    const pattern = patterns.find((each) => matchesPattern(each, from))
    const who = callerInWords(from.number)
    if (pattern === undefined) return never(`${who} is not on list '${name}'`)
    reasons.push(`${who} is on list '${name}'${pattern === from.number ? '' : ` (${pattern})`}`)
  }

  const validity = validityOf(rule, timeZone, at)
  if (at >= validity.until) return never(`no longer valid: its last day was ${rule.validUntil ?? ''} (${timeZone})`)
  if (at < validity.from) {
    const ahead = validity.from === Infinity ? '' : `, in ${formatSpan(validity.from - at)}`
    return {
      matched: false,
      why: `not valid before ${rule.validFrom ?? ''} (${timeZone})${ahead}`,
      changesAt: firstOpen(rule, validity.from, validity.until)
    }
  }
  if (rule.validFrom !== null) reasons.push(`valid since ${rule.validFrom}`)
  if (rule.validUntil !== null) reasons.push(`valid until ${rule.validUntil}`)
  const ends = validity.until === Infinity ? null : validity.until

  if (rule.schedule === null) {
    if (reasons.length === 0) reasons.push('always, and for everyone')
    return { matched: true, why: reasons.join('; '), changesAt: ends }
  }
  const state = rule.schedule.compiled.stateAt(at)
  const why = scheduleWhy(rule.schedule, state, at)
  if (!state.open) return { matched: false, why, changesAt: firstOpen(rule, at, validity.until) }
  return { matched: true, why: [why, ...reasons].join('; '), changesAt: earlier(ends, state.nextChangeAt) }
}

function never(why: string): Consideration {
  return { matched: false, why, changesAt: null }
}

/** The first instant from `from` on, before `until`, at which the rule's schedule is open. */
function firstOpen({ schedule }: Rule, from: number, until: number): number | null {
  if (from >= until) return null
  const state = schedule?.compiled.stateAt(from)
  if (state === undefined || state.open) return from
  return state.nextChangeAt !== null && state.nextChangeAt < until ? state.nextChangeAt : null
}

function scheduleWhy({ name, compiled }: NonNullable<Rule['schedule']>, found: ScheduleState, at: number): string {
  const { because, open, nextChangeAt } = found
  if (because.kind === 'fault') return `cannot be used: ${because.reason}`
  const day = because.kind === 'exception' ? `, by its exception ${because.label ?? because.fromDate}` : ''
  const { faults } = compiled
  const wrong = faults.length === 0 ? '' : ` (${faults.length === 1 ? 'a row' : `${faults.length} rows`} of it skipped)`
  const state = `schedule '${name}' is ${open ? 'open' : 'closed'}${day}${wrong}`
  if (nextChangeAt === null) return `${state}, with no end in sight`
  const when = `${formatInstant(nextChangeAt, compiled.timeZone)}, in ${formatSpan(nextChangeAt - at)}`
  return `${state}: ${open ? 'closes' : 'opens'} ${when}`
}
