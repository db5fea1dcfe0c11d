// Reads everything that decides a call to a number from SQLite, in one snapshot.
import { callerOf, entriesFor } from '../../rules/caller'
import type { Log, RuleStore } from '../../ports'
import type { Caller } from '../../rules/number'
import type { DialPolicy } from '../../rules/dial-policy'
import { buildNumberRules } from '../../rules/number-rules'
import type { NumberRules, Override, RuleBook } from '../../rules/rule'
import { nearOf } from '../../rules/rule-book'
import type { Schedule } from '../../rules/schedule/schedule'
import { type OpenDatabase, retryWhileBusy } from '../database/database'
import { policyReader } from './dial-policy'
import { expiryOf } from './override-store'
import { ruleQueries, type RowOf, type RuleQueries } from './rule-queries'
import { withFlag } from './rule-tables'
import { ScheduleCache } from './schedule-cache'

/** Well below the claim timeout. */
const patienceMs = 2_000

/** Reads rules for each call, so an edit takes effect from the next call; only compiled schedules are cached. */
export class SqliteRuleStore implements RuleStore {
  private queries!: RuleQueries
  private readPolicy!: () => DialPolicy
  private readBook!: (number: string, caller?: Caller) => RuleBook
  private readonly schedules: ScheduleCache

  constructor(database: OpenDatabase, log: Log) {
    this.schedules = new ScheduleCache(log)
    this.use(database)
  }

  /** Reads through this connection from now on. */
  use({ db, sqlite }: OpenDatabase): void {
    this.queries = ruleQueries(db, sqlite)
    this.readPolicy = policyReader(sqlite)
    // A few short searches without an `await`, so no other statement can get into the snapshot.
    this.readBook = sqlite.transaction((number: string, caller?: Caller) => this.bookOf(number, caller))
  }

  /** Rejects only if the database cannot be read; if another program has locked it, retries for two seconds. */
  async rulesFor(number: string, caller?: Caller): Promise<RuleBook> {
    return retryWhileBusy(patienceMs, () => this.readBook(number, caller))
  }

  async numbersAmong(numbers: readonly string[]): Promise<readonly string[]> {
    return retryWhileBusy(patienceMs, () => this.queries.numbersAmong('', numbers).map(({ number }) => number))
  }

  /** The current policy on what may be dialled. Throws if the database cannot be read. */
  policyNow(): DialPolicy {
    return this.readPolicy()
  }

  /** How many compiled schedules are cached. */
  get schedulesKept(): number {
    return this.schedules.size
  }

  private bookOf(first: string, caller?: Caller): RuleBook {
    let entries: readonly string[] | undefined
    const entriesOfCaller = caller && (() => (entries ??= entriesFor(callerOf(caller.number, first))))
    const policy = this.readPolicy()
    return nearOf(first, (number) => this.numberRules(number, policy, entriesOfCaller))
  }

  private numberRules(number: string, policy: DialPolicy, entriesOfCaller: EntriesOfCaller): NumberRules | undefined {
    const row = this.queries.number(number)[0]
    if (row === undefined) return undefined
    const rules = this.queries.rules(number)
    const schedules = rules.some(({ schedule }) => schedule !== null) ? this.schedulesOf(number) : undefined
    const callers = rules.some(({ callers }) => callers !== null) ? this.callersOf(number, entriesOfCaller) : undefined
    return buildNumberRules(
      {
        number: withFlag(row),
        override: overrideOf(row),
        rules: rules.map(withFlag),
        targets: rules.length === 0 ? [] : this.queries.targets(number).map(withFlag),
        policy
      },
      { schedule: (name) => schedules?.get(name), callers: (name) => callers?.get(name) ?? [] }
    )
  }

  private schedulesOf(number: string): Map<string, Schedule> {
    return new Map(this.queries.schedules(number).map((text) => [text.name, this.schedules.compile(text)]))
  }

  private callersOf(number: string, entriesOfCaller: EntriesOfCaller): Map<string, string[]> {
    const entries = entriesOfCaller
      ? this.queries.entriesAmong(number, entriesOfCaller())
      : this.queries.entries(number)
    const patterns = new Map<string, string[]>()
    for (const { list, pattern } of entries) {
      const known = patterns.get(list)
      if (known === undefined) patterns.set(list, [pattern])
      else known.push(pattern)
    }
    return patterns
  }
}

/** The entries that can match the caller; undefined: all entries. */
type EntriesOfCaller = (() => readonly string[]) | undefined

function overrideOf(row: RowOf<'number'>): Override | null {
  if (row.kind === null) return null
  return {
    kind: row.kind,
    value: row.value,
    expiresAt: expiryOf(row.expiresAt),
    setBy: row.setBy
  }
}
