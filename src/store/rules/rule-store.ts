// Rules in: everything that decides about a number, read from SQLite in one snapshot.
import { callerOf, entriesFor } from '../../rules/caller'
import type { Caller, Log, RuleStore } from '../../ports'
import type { NumberRules, Override, Rule, RuleBook, RuleTarget } from '../../rules/rule'
import { nearOf } from '../../rules/rule-book'
import { brokenSchedule } from '../../rules/schedule/schedule'
import { type OpenDatabase, patiently } from '../database/database'
import { expiryOf } from './override-store'
import { ruleQueries, type RowOf, type RuleQueries } from './rule-queries'
import { ScheduleCache } from './schedule-cache'

/** Well within the time that a call has at the door. */
const patienceMs = 2_000

/** Reads rules when they are needed, so an edit holds from the next call on; only compiled schedules are kept. */
export class SqliteRuleStore implements RuleStore {
  private queries!: RuleQueries
  private readBook!: (number: string, caller?: Caller) => RuleBook
  private readonly schedules: ScheduleCache

  constructor(database: OpenDatabase, log: Log) {
    this.schedules = new ScheduleCache(log)
    this.use(database)
  }

  /** Reads through this connection from now on. */
  use({ db, sqlite }: OpenDatabase): void {
    this.queries = ruleQueries(db, sqlite)
    // A few short searches: without an `await` between them, no one else's statement can come into the snapshot.
    this.readBook = sqlite.transaction((number: string, caller?: Caller) => this.bookOf(number, caller))
  }

  /** Rejects only where the database cannot be read; one that another program has for itself is tried for two seconds. */
  async rulesFor(number: string, caller?: Caller): Promise<RuleBook> {
    return patiently(patienceMs, () => this.readBook(number, caller))
  }

  async numbersAmong(numbers: readonly string[]): Promise<readonly string[]> {
    return patiently(patienceMs, () => this.queries.numbersAmong('', numbers).map(({ number }) => number))
  }

  /** How many compiled schedules are kept. */
  get schedulesKept(): number {
    return this.schedules.size
  }

  private bookOf(first: string, caller?: Caller): RuleBook {
    let entries: readonly string[] | undefined
    const entriesOfCaller = caller && (() => (entries ??= entriesFor(callerOf(caller.number, first))))
    return nearOf(first, (number) => this.numberRules(number, entriesOfCaller))
  }

  private numberRules(number: string, entriesOfCaller: EntriesOfCaller): NumberRules | undefined {
    const row = this.queries.number(number)[0]
    if (row === undefined) return undefined
    return {
      number: row.number,
      label: row.label,
      enabled: row.enabled === 1,
      timeZone: row.time_zone,
      fallback: row.fallback,
      rules: this.rulesOf(number, entriesOfCaller),
      override: overrideOf(row)
    }
  }

  private rulesOf(number: string, entriesOfCaller: EntriesOfCaller): Rule[] {
    const rows = this.queries.rules(number)
    if (rows.length === 0) return []
    const targets = grouped(this.queries.targets(number), (target) => target.rule)
    const schedules = this.schedulesOf(number, rows)
    const callers = this.callersOf(number, rows, entriesOfCaller)
    return rows.map((row) => {
      return {
        name: row.name,
        position: row.position,
        enabled: row.enabled === 1,
        schedule: row.schedule === null ? null : (schedules.get(row.schedule) ?? missingSchedule(row.schedule)),
        callers: row.callers === null ? null : { name: row.callers, patterns: callers.get(row.callers) ?? [] },
        validFrom: row.valid_from,
        validUntil: row.valid_until,
        fallback: row.fallback,
        targets: (targets.get(row.name) ?? []).map(targetOf)
      }
    })
  }

  private schedulesOf(number: string, rows: readonly RowOf<'rules'>[]): Map<string, NonNullable<Rule['schedule']>> {
    if (rows.every((row) => row.schedule === null)) return new Map()
    const texts = this.queries.schedules(number)
    return new Map(texts.map((text) => [text.name, { name: text.name, compiled: this.schedules.compile(text) }]))
  }

  private callersOf(number: string, rows: readonly RowOf<'rules'>[], entriesOfCaller: EntriesOfCaller) {
    if (rows.every((row) => row.callers === null)) return new Map<string, string[]>()
    const entries = entriesOfCaller
      ? this.queries.entriesAmong(number, entriesOfCaller())
      : this.queries.entries(number)
    const patterns = new Map<string, string[]>()
    for (const [list, group] of grouped(entries, (entry) => entry.list)) {
      patterns.set(
        list,
        group.map((entry) => entry.pattern)
      )
    }
    return patterns
  }
}

/** The entries that can mean the one who calls; undefined: whoever it is. */
type EntriesOfCaller = (() => readonly string[]) | undefined

// The sqlite3 shell does not enforce foreign keys unless it is told to.
function missingSchedule(name: string): NonNullable<Rule['schedule']> {
  const reason = `there is no schedule '${name}': add it to schedules, or correct the rule`
  return { name, compiled: brokenSchedule('UTC', reason) }
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
