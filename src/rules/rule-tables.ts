// All that people have written in the tables of rules, as plain data, and ways to look things up in it. PURE.
import { DialPolicy, type PolicyRow } from './dial-policy'
import type { Override } from './rule'
import {
  type ExceptionDefinition,
  type Schedule,
  type ScheduleDefinition,
  type WindowDefinition,
  compileSchedule,
  missingSchedule
} from './schedule/schedule'
import type { CallerIdRules } from './shown-caller'
import { type TargetLimit, TargetLimits } from './target-limits'
import { type TrunkRow, Trunks } from './trunks'

/** Every list in the order of its table's key. References may lead nowhere: nothing has been checked. */
export interface RuleSet {
  readonly schedules: readonly { readonly name: string; readonly timeZone: string }[]
  readonly windows: readonly (WindowDefinition & { readonly schedule: string })[]
  readonly exceptions: readonly (ExceptionDefinition & { readonly schedule: string })[]
  readonly callerLists: readonly { readonly name: string }[]
  readonly callerEntries: readonly { readonly list: string; readonly pattern: string }[]
  readonly numbers: readonly NumberDefinition[]
  readonly rules: readonly RuleDefinition[]
  readonly targets: readonly TargetDefinition[]
  readonly overrides: readonly OverrideDefinition[]
  readonly dialPolicy: readonly PolicyRow[]
  /** By position. */
  readonly trunks: readonly TrunkRow[]
  readonly targetLimits: readonly TargetLimit[]
}

export interface NumberDefinition extends CallerIdRules {
  readonly number: string
  readonly label: string
  readonly enabled: boolean
  readonly timeZone: string
  readonly fallback: string
  readonly maxCalls: number | null
  readonly fallbackFull: string | null
}

export interface RuleDefinition {
  readonly number: string
  readonly name: string
  readonly position: number
  readonly schedule: string | null
  readonly callers: string | null
  readonly validFrom: string | null
  readonly validUntil: string | null
  readonly enabled: boolean
  readonly fallback: string | null
}

export interface TargetDefinition {
  readonly number: string
  readonly rule: string
  readonly step: number
  readonly dial: string
  readonly ringSeconds: number
  readonly enabled: boolean
}

/** `expiresAt` in milliseconds since the epoch. */
export interface OverrideDefinition extends Override {
  readonly number: string
}

/** A rule's key, for people and for maps: a number holds no comma. */
export function ruleKey(number: string, name: string): string {
  return `${number}, ${name}`
}

/** A rule set with its lookups. */
export interface RuleIndex {
  readonly set: RuleSet
  readonly schedules: ReadonlyMap<string, ScheduleDefinition>
  /** Patterns by the name of their list; a list without any is there, too. */
  readonly callerLists: ReadonlyMap<string, readonly string[]>
  /** The patterns of a list, also where the list itself has no row: calls are matched against them all the same. */
  readonly patternsOf: (list: string) => readonly string[]
  readonly numbers: ReadonlyMap<string, NumberDefinition>
  /** By {@link ruleKey}. */
  readonly rules: ReadonlyMap<string, RuleDefinition>
  /** By number. */
  readonly overrides: ReadonlyMap<string, OverrideDefinition>
  readonly policy: DialPolicy
  /** The rules of a number by position. */
  readonly rulesOf: (number: string) => readonly RuleDefinition[]
  /** The targets of a rule, by step, the disabled ones too. */
  readonly targetsOf: (rule: RuleDefinition) => readonly TargetDefinition[]
  /** The schedule of that name, compiled when first asked for; one that is missing or wrong is never open. */
  readonly compiled: (schedule: string) => Schedule
}

export function indexOf(set: RuleSet): RuleIndex {
  const schedules = new Map<string, ScheduleDefinition>()
  const windows = grouped(set.windows, (window) => window.schedule)
  const exceptions = grouped(set.exceptions, (exception) => exception.schedule)
  for (const { name, timeZone } of set.schedules) {
    const definition = { windows: windows.get(name) ?? [], exceptions: exceptions.get(name) ?? [] }
    schedules.set(name, { name, timeZone, ...definition })
  }
  const patterns = new Map<string, string[]>()
  for (const [list, entries] of grouped(set.callerEntries, (entry) => entry.list)) {
    patterns.set(
      list,
      entries.map(({ pattern }) => pattern)
    )
  }
  const rulesOf = grouped(set.rules, (rule) => rule.number)
  for (const rules of rulesOf.values()) rules.sort((a, b) => a.position - b.position)
  const targetsOf = grouped(set.targets, (target) => ruleKey(target.number, target.rule))
  const compiled = new Map<string, Schedule>()
  return {
    set,
    schedules,
    callerLists: new Map(set.callerLists.map(({ name }) => [name, patterns.get(name) ?? []])),
    patternsOf: (list) => patterns.get(list) ?? [],
    numbers: new Map(set.numbers.map((number) => [number.number, number])),
    rules: new Map(set.rules.map((rule) => [ruleKey(rule.number, rule.name), rule])),
    overrides: new Map(set.overrides.map((override) => [override.number, override])),
    policy: new DialPolicy(
      set.dialPolicy,
      set.numbers.map(({ number }) => number),
      new Trunks(set.trunks),
      new TargetLimits(set.targetLimits)
    ),
    rulesOf: (number) => rulesOf.get(number) ?? [],
    targetsOf: ({ number, name }) => targetsOf.get(ruleKey(number, name)) ?? [],
    compiled: (name) => {
      const known = compiled.get(name)
      if (known !== undefined) return known
      const definition = schedules.get(name)
      const schedule = definition === undefined ? missingSchedule(name) : compileSchedule(definition)
      compiled.set(name, schedule)
      return schedule
    }
  }
}

/** Things by a key of theirs, in their order. */
export function grouped<Thing>(things: readonly Thing[], keyOf: (thing: Thing) => string): Map<string, Thing[]> {
  const groups = new Map<string, Thing[]>()
  for (const thing of things) {
    const key = keyOf(thing)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [thing])
    else group.push(thing)
  }
  return groups
}
