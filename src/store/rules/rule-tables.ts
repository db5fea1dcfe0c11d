// Reads all tables of rules, for `check` and to compare what a migration changes.
import type { Override } from '../../rules/rule'
import type {
  NumberDefinition,
  OverrideDefinition,
  RuleDefinition,
  RuleSet,
  TargetDefinition
} from '../../rules/rule-tables'
import type { SqliteDatabase } from '../database/driver'
import { hasColumn, hasTable } from '../migrations/migration-history'
import { readPolicyRows } from './dial-policy'
import { expiryOf } from './override-store'
import { readTargetLimits } from './target-limits'
import { readTrunks } from './trunks'
import type { Flag } from '../database/schema'

/** A row with its flag as SQLite stores it. */
type Flagged<Definition extends { readonly enabled: boolean }> = Omit<Definition, 'enabled'> & {
  readonly enabled: Flag
}

/** Reads everything in one snapshot. Within a transaction it sees that transaction's changes. */
export function readRuleSet(sqlite: SqliteDatabase): RuleSet {
  const all = <Row>(query: string) => sqlite.prepare<[], Row>(query).all()
  const orElse = (column: string, value: string): string =>
    hasColumn(sqlite, 'virtual_numbers', column) ? column : value
  return sqlite.transaction((): RuleSet => ({
    schedules: all('SELECT name, time_zone AS timeZone FROM schedules ORDER BY name'),
    windows: all('SELECT schedule, opens, minutes FROM schedule_windows ORDER BY schedule, opens, minutes'),
    exceptions: all(
      `SELECT schedule, from_date AS fromDate, to_date AS toDate, opens_at AS opensAt, closes_at AS closesAt, label
         FROM schedule_exceptions ORDER BY schedule, from_date, opens_at`
    ),
    callerLists: all('SELECT name FROM caller_lists ORDER BY name'),
    callerEntries: all('SELECT list, pattern FROM caller_list_entries ORDER BY list, pattern'),
    numbers: all<Flagged<NumberDefinition>>(
      `SELECT number, label, enabled, time_zone AS timeZone, fallback, caller_id AS callerId, max_calls AS maxCalls,
           ${orElse('fallback_full', 'NULL')} AS fallbackFull, ${orElse('caller_id_policy', "'outside'")} AS callerIdPolicy,
           ${orElse('name_prefix', 'NULL')} AS namePrefix, ${orElse('alert_info', 'NULL')} AS alertInfo
         FROM virtual_numbers ORDER BY number`
    ).map(withFlag),
    rules: all<Flagged<RuleDefinition>>(
      `SELECT number, name, position, schedule, callers, valid_from AS validFrom, valid_until AS validUntil, enabled,
           fallback FROM rules ORDER BY number, position`
    ).map(withFlag),
    targets: all<Flagged<TargetDefinition>>(
      `SELECT number, rule, step, dial, ring_seconds AS ringSeconds, enabled
         FROM targets ORDER BY number, rule, step, dial`
    ).map(withFlag),
    overrides: all<OverrideRow>(
      'SELECT number, kind, value, expires_at AS expiresAt, set_by AS setBy FROM overrides ORDER BY number'
    ).map(overrideOf),
    dialPolicy: readPolicyRows(sqlite),
    trunks: readTrunks(sqlite),
    targetLimits: readTargetLimits(sqlite)
  }))()
}

/** The rule set of a database that has no tables yet. */
export const noRules: RuleSet = {
  schedules: [],
  windows: [],
  exceptions: [],
  callerLists: [],
  callerEntries: [],
  numbers: [],
  rules: [],
  targets: [],
  overrides: [],
  dialPolicy: [],
  trunks: [],
  targetLimits: []
}

/** Whether the tables of rules exist. */
export function hasRuleTables(sqlite: SqliteDatabase): boolean {
  return hasTable(sqlite, 'virtual_numbers')
}

interface OverrideRow {
  readonly number: string
  readonly kind: Override['kind']
  readonly value: string | null
  readonly expiresAt: string | null
  readonly setBy: string | null
}

function overrideOf(row: OverrideRow): OverrideDefinition {
  return { ...row, expiresAt: expiryOf(row.expiresAt) }
}

/** Converts a row to the type of rules/. */
export function withFlag<Row extends { readonly enabled: Flag }>(
  row: Row
): Omit<Row, 'enabled'> & { readonly enabled: boolean } {
  return { ...row, enabled: row.enabled === 1 }
}
