// Everything that the commands and `followme doctor` read from the database and write to it. The connection is private.
import { hourMs } from '../call/dial-ledger'
import type { CallRecord } from '../call/record'
import type { TargetFacts } from '../call/target-states'
import { AppError } from '../errors'
import type { FailsafeStore } from '../failsafe/plan-rows'
import type { DialRecords, Log, RuleStore, TracedCall } from '../ports'
import type { Override } from '../rules/rule'
import type { RuleSet } from '../rules/rule-tables'
import { holdSnapshot, type OpenDatabase, openDatabase, type OpenOptions } from './database/database'
import { DoctorMarks } from './database/doctor-marks'
import { integrityFault } from './database/integrity'
import { openCopy } from './database/memory-copy'
import type { AppliedMigration } from './migrations/apply-migration'
import { migrateCopy, type MigrateOptions, pendingOwn, requireSchema } from './migrations/migrate'
import type { MigrationDirectories } from './migrations/migration-files'
import { appliedIn } from './migrations/migration-history'
import { type SiteStanding, siteStanding } from './migrations/site-migrations'
import { type CallFilter, callsBetween, listCalls, readCall } from './records/call-history'
import { SqliteDialRecords } from './records/dial-records'
import { otherCalls } from './records/other-calls'
import { readOpenAttempts, readTrunkAttempts, readUsages } from './records/target-use'
import { SqliteFailsafeStore } from './records/failsafe-store'
import { latestInstant } from './records/latest-instant'
import { enabledNumbers, timeZonesOf } from './rules/number-list'
import { clearOverride, listOverrides, setOverride, type StoredOverride } from './rules/override-store'
import { SqliteRuleStore } from './rules/rule-store'
import { hasRuleTables, noRules, readRuleSet } from './rules/rule-tables'
import { zonesInUse } from './rules/zones-in-use'

/** Calls that arrived from `since` until before `until`, to one number or to all. */
type CallSpan = Parameters<typeof callsBetween>[1]

/** As long as FOLLOWME_MAX_CALL_SECONDS may be, or nearly: calls that began earlier do not count. */
const longestTalkSeconds = 86_400

/** Commands show the rule store's warnings in their answers. */
const silent: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore }

export class Store {
  readonly #database: OpenDatabase
  #rules: RuleStore | undefined

  private constructor(database: OpenDatabase) {
    this.#database = database
  }

  /** Throws `unavailable`, with the cure, if the file cannot be opened or is not a database. */
  static open(file: string, options: OpenOptions = {}): Store {
    return new Store(openDatabase(file, options))
  }

  /** A copy in memory, empty if there is no database. Throws `unavailable` if it is too large for that. */
  static copyOf(file: string): Store {
    return new Store(openCopy(file))
  }

  close(): void {
    this.#database.close()
  }

  /** The path of the file. */
  get file(): string {
    return this.#database.sqlite.name
  }

  /** From now on all reads use one snapshot, until the store is closed. */
  holdSnapshot(): void {
    holdSnapshot(this.#database)
  }

  /** The first damage that SQLite finds, or null. Reads the whole file; throws if even that is not possible. */
  integrityFault(): string | null {
    return integrityFault(this.#database.sqlite)
  }

  /** The latest instant that its rows mention, in ms; -Infinity if there is none. Throws without the tables. */
  latestInstant(): number {
    return latestInstant(this.#database.sqlite)
  }

  // Rules

  /** The rules as a call reads them. Logs nothing. */
  get rules(): RuleStore {
    return (this.#rules ??= new SqliteRuleStore(this.#database, silent))
  }

  /** Throws `unavailable` if there are no tables of rules yet. */
  requireRules(): void {
    if (hasRuleTables(this.#database.sqlite)) return
    throw new AppError('unavailable', `database ${this.file} holds no numbers yet: run 'followme migrate'`)
  }

  /** All rules, in one snapshot. Throws without the tables. */
  ruleSet(): RuleSet {
    return readRuleSet(this.#database.sqlite)
  }

  /** All rules, in one snapshot; none without the tables. */
  ruleSetIfAny(): RuleSet {
    return hasRuleTables(this.#database.sqlite) ? this.ruleSet() : noRules
  }

  /** The numbers that take calls, in order. */
  enabledNumbers(): Promise<readonly string[]> {
    return enabledNumbers(this.#database)
  }

  /** The time zone of each number, as written: of enabled and disabled ones alike. */
  timeZones(): Promise<ReadonlyMap<string, string>> {
    return timeZonesOf(this.#database)
  }

  /** The time zones that the rules name, each once; none without the tables. */
  zonesInUse(): readonly string[] {
    return zonesInUse(this.#database.sqlite)
  }

  /** Every override, expired or not, by number. */
  overrides(): Promise<readonly StoredOverride[]> {
    return listOverrides(this.#database)
  }

  /** Sets the override of a number that exists, and replaces the one it has. Throws `unavailable` while another program writes. */
  setOverride(number: string, override: Override, setAt: number): void {
    setOverride(this.#database, number, override, setAt)
  }

  /** Clears the override of a number; false if it has none. Throws `unavailable` while another program writes. */
  clearOverride(number: string): boolean {
    return clearOverride(this.#database, number)
  }

  // Records

  /** The latest calls, newest first. */
  calls(filter: CallFilter): Promise<readonly CallRecord[]> {
    return listCalls(this.#database.db, filter)
  }

  /** The calls of a period, oldest first, each read on demand. Do not write through this store while iterating. */
  callsBetween(span: CallSpan): Iterable<CallRecord> {
    return callsBetween(this.#database, span)
  }

  /** The call with this id, or the only one whose id begins like this. Throws `not-found`, or `usage` if there are several. */
  async call(idOrPrefix: string): Promise<TracedCall> {
    const { db } = this.#database
    const recorded = await readCall(db, idOrPrefix)
    return { ...recorded, otherCalls: await otherCalls(db, recorded) }
  }

  /** What the records say about targets: figures since then, what lasts now, and what has ended in the last hour. */
  targetFacts(since: number, now: number): Omit<TargetFacts, 'now' | 'contacts'> {
    const { sqlite } = this.#database
    return {
      usages: readUsages(sqlite, since),
      open: readOpenAttempts(sqlite),
      talked: new SqliteDialRecords(this.#database, longestTalkSeconds).talkedSince(now - hourMs),
      throughTrunks: readTrunkAttempts(sqlite, now - hourMs)
    }
  }

  /** The attempts on numbers; the longest conversation is in seconds. */
  dialRecords(maxCallSeconds: number): DialRecords {
    return new SqliteDialRecords(this.#database, maxCallSeconds)
  }

  // The failsafe

  /** The plans that the dialplan uses. `maxCallSeconds` is the longest conversation. */
  failsafe(maxCallSeconds: number): Pick<FailsafeStore, 'numbersAfter' | 'stepsOf'> {
    return new SqliteFailsafeStore(this.#database, maxCallSeconds)
  }

  /** The rows by which `followme doctor` finds out whether Asterisk uses this file. */
  get marks(): DoctorMarks {
    return new DoctorMarks(this.#database.sqlite)
  }

  // Migrations

  /** Throws `conflict`, with the cure, unless all of followme's own migrations are applied. */
  requireSchema(shipped: string): void {
    requireSchema(this.#database.sqlite, shipped)
  }

  /** The names of followme's own migrations that are not applied. Throws `conflict` if the database is newer than this followme. */
  pendingOwn(shipped: string): readonly string[] {
    return pendingOwn(this.#database.sqlite, shipped)
  }

  /** The state of the site's migrations. Never throws. */
  siteStanding(directories: MigrationDirectories): SiteStanding {
    return siteStanding(this.#database.sqlite, directories)
  }

  /** How many migrations are applied, followme's own and the site's. */
  appliedCount(): number {
    return appliedIn(this.#database.sqlite).length
  }

  /** Applies the pending migrations to a copy (see {@link Store.copyOf}), and returns them. Throws as `migrate` does. */
  applyToCopy(options: MigrateOptions): readonly AppliedMigration[] {
    return migrateCopy(this.#database, options)
  }
}

function ignore(): void {
  // See `silent`.
}
