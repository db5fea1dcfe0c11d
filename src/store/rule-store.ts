// Rules in: everything that decides about a number, read from SQLite in one snapshot.
import type { Log, RuleStore } from '../core/ports'
import type { NumberRules, Override, Rule, RuleBook, RuleTarget } from '../core/rule'
import { brokenSchedule, type Schedule, type ScheduleDefinition } from '../core/schedule'
import type { OpenDatabase } from './database'
import { expiryOf } from './override-store'
import { ruleQueries, type RowOf, type RuleQueries } from './rule-queries'
import { ScheduleCache } from './schedule-cache'

/** How many numbers one decision may lead through; a chain that is longer ends there, as if the next did not exist. */
export const maxNumbersInBook = 32

/** Reads rules when they are needed, so an edit holds from the next call on; only compiled schedules are kept. */
export class SqliteRuleStore implements RuleStore {
  private readonly queries: RuleQueries
  private readonly readBook: (number: string) => RuleBook
  private readonly schedules: ScheduleCache

  constructor({ db, sqlite }: OpenDatabase, log: Log) {
    this.queries = ruleQueries(db, sqlite)
    this.schedules = new ScheduleCache(log)
    // Seven short searches: without an `await` between them, no one else's statement can come into the snapshot.
    this.readBook = sqlite.transaction((number: string) => this.bookOf(number))
  }

  /** Rejects only where the database cannot be read. */
  async rulesFor(number: string): Promise<RuleBook> {
    return Promise.resolve(this.readBook(number))
  }

  private bookOf(first: string): RuleBook {
    const book = new Map<string, NumberRules>()
    const seen = new Set([first])
    // A Set gives also what is added while it is walked through.
    for (const number of seen) {
      const rules = this.numberRules(number)
      if (rules === undefined) continue
      book.set(number, rules)
      for (const next of leadsTo(rules)) {
        if (seen.size < maxNumbersInBook) seen.add(next)
      }
    }
    return book
  }

  private numberRules(number: string): NumberRules | undefined {
    const row = this.queries.number(number)[0]
    if (row === undefined) return undefined
    return {
      number: row.number,
      label: row.label,
      enabled: row.enabled === 1,
      timeZone: row.time_zone,
      fallback: row.fallback,
      rules: this.rulesOf(number),
      override: overrideOf(row)
    }
  }

  private rulesOf(number: string): Rule[] {
    const rows = this.queries.rules(number)
    if (rows.length === 0) return []
    const targets = grouped(this.queries.targets(number), (target) => target.rule)
    const schedules = this.schedulesOf(number, rows)
    const callers = rows.some((row) => row.callers !== null)
      ? grouped(this.queries.callers(number), (entry) => entry.list)
      : new Map<string, RowOf<'callers'>[]>()
    return rows.map((row) => {
      return {
        name: row.name,
        position: row.position,
        enabled: row.enabled === 1,
        schedule:
          row.schedule === null
            ? null
            : { name: row.schedule, compiled: this.compiled(row.schedule, schedules.get(row.schedule)) },
        callers:
          row.callers === null
            ? null
            : { name: row.callers, patterns: (callers.get(row.callers) ?? []).map((entry) => entry.pattern) },
        validFrom: row.valid_from,
        validUntil: row.valid_until,
        fallback: row.fallback,
        targets: (targets.get(row.name) ?? []).map(targetOf)
      }
    })
  }

  private compiled(name: string, definition: ScheduleDefinition | undefined): Schedule {
    if (definition !== undefined) return this.schedules.compile(definition)
    // The sqlite3 shell does not enforce foreign keys unless it is told to.
    return brokenSchedule('UTC', `there is no schedule '${name}': add it to schedules, or correct the rule`)
  }

  private schedulesOf(number: string, rows: readonly RowOf<'rules'>[]): Map<string, ScheduleDefinition> {
    const definitions = new Map<string, ScheduleDefinition>()
    if (rows.every((row) => row.schedule === null)) return definitions
    const windows = grouped(this.queries.windows(number), (window) => window.schedule)
    const exceptions = grouped(this.queries.exceptions(number), (exception) => exception.schedule)
    for (const { name, time_zone } of this.queries.schedules(number)) {
      definitions.set(name, {
        name,
        timeZone: time_zone,
        windows: (windows.get(name) ?? []).map(({ opens, minutes }) => ({ opens, minutes })),
        exceptions: (exceptions.get(name) ?? []).map((row) => ({
          fromDate: row.from_date,
          toDate: row.to_date,
          opensAt: row.opens_at,
          closesAt: row.closes_at,
          label: row.label
        }))
      })
    }
    return definitions
  }
}

function targetOf(row: RowOf<'targets'>): RuleTarget {
  return { step: row.step, dial: row.dial, ringSeconds: row.ring_seconds }
}

function overrideOf(row: RowOf<'number'>): Override | null {
  if (row.kind === null) return null
  return {
    kind: row.kind,
    value: row.value,
    expiresAt: expiryOf(row.expires_at),
    setBy: row.set_by
  }
}

/** The numbers that a number's targets, fallbacks and override continue with. */
function leadsTo(rules: NumberRules): string[] {
  const texts = [rules.fallback, rules.override?.value ?? '']
  for (const rule of rules.rules) {
    texts.push(rule.fallback ?? '')
    for (const target of rule.targets) texts.push(target.dial)
  }
  return texts.filter((text) => text.startsWith('number:')).map((text) => text.slice('number:'.length))
}

function grouped<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  return groups
}
