// The queries of a decision, built and type-checked with Kysely, compiled once and kept prepared, because a call waits for them.
import { type Compilable, type Kysely, sql } from 'kysely'
import type { SqliteDatabase } from '../database/driver'
import { hasColumn } from '../migrations/migration-history'
import type { Schema } from '../database/schema'
import type { CallerIdPolicy } from '../../rules/shown-caller'

/** Queries for one number; each is one indexed search, whatever the size of the tables. */
export function ruleQueries(db: Kysely<Schema>, sqlite: SqliteDatabase) {
  // Most queries have only the number as a parameter, so one placeholder is replaced wherever it occurs.
  const prepared = <Row>(query: Compilable<Row>): ((number: string, patterns?: readonly string[]) => Row[]) => {
    const { sql, parameters } = query.compile()
    const statement = sqlite.prepare<unknown[], Row>(sql)
    return (number, patterns = []) =>
      statement.all(
        parameters.map((value) => {
          if (value === theNumber) return number
          return value === thePatterns ? JSON.stringify(patterns) : value
        })
      )
  }
  const orNull = (column: string) =>
    hasColumn(sqlite, 'virtual_numbers', column) ? sql<string | null>`v.${sql.ref(column)}` : sql<null>`NULL`
  const callerIdPolicy = hasColumn(sqlite, 'virtual_numbers', 'caller_id_policy')
    ? sql<CallerIdPolicy>`v.caller_id_policy`
    : sql<CallerIdPolicy>`'outside'`
  const rulesOf = db.selectFrom('rules').where('rules.number', '=', theNumber)
  const schedulesOf = rulesOf.where('rules.schedule', 'is not', null).select('rules.schedule').distinct()
  const listsOf = rulesOf.where('rules.callers', 'is not', null).select('rules.callers').distinct()
  const entries = db
    .selectFrom('caller_list_entries')
    .where('list', 'in', listsOf.$castTo<{ callers: string }>())
    .selectAll()
    .orderBy('list')
    .orderBy('pattern')
  return {
    number: prepared(
      db
        .selectFrom('virtual_numbers as v')
        .leftJoin('overrides as o', 'o.number', 'v.number')
        .where('v.number', '=', theNumber)
        .select([
          'v.number',
          'v.label',
          'v.enabled',
          'v.time_zone as timeZone',
          'v.fallback',
          'v.max_calls as maxCalls',
          'v.caller_id as callerId'
        ])
        .select([
          orNull('fallback_full').as('fallbackFull'),
          callerIdPolicy.as('callerIdPolicy'),
          orNull('name_prefix').as('namePrefix'),
          orNull('alert_info').as('alertInfo')
        ])
        .select(['o.kind', 'o.value', 'o.expires_at as expiresAt', 'o.set_by as setBy'])
    ),
    /** The patterns that are virtual numbers. */
    numbersAmong: prepared(
      db
        .selectFrom('virtual_numbers')
        .where('number', 'in', sql<string>`(SELECT value FROM json_each(${thePatterns}))`.$castTo<string>())
        .select('number')
        .orderBy('number')
    ),
    rules: prepared(
      rulesOf
        .select(['name', 'position', 'enabled', 'schedule', 'callers', 'fallback'])
        .select(['valid_from as validFrom', 'valid_until as validUntil'])
        .orderBy('position')
    ),
    targets: prepared(
      db
        .selectFrom('targets')
        .where('number', '=', theNumber)
        .select(['rule', 'step', 'dial', 'ring_seconds as ringSeconds', 'enabled'])
        .orderBy('rule')
        .orderBy('step')
        .orderBy('dial')
    ),
    // A schedule's windows and exceptions are returned as one text each, because usually they are only compared with the cache.
    schedules: prepared(
      db
        .selectFrom('schedules as s')
        .where('name', 'in', schedulesOf.$castTo<{ schedule: string }>())
        .select(['name', 'time_zone'])
        .select((eb) => [
          eb
            .selectFrom('schedule_windows as w')
            .whereRef('w.schedule', '=', 's.name')
            .select(sql<string>`json_group_array(json_array(opens, minutes) ORDER BY opens, minutes)`.as('all'))
            .as('windows'),
          eb
            .selectFrom('schedule_exceptions as e')
            .whereRef('e.schedule', '=', 's.name')
            .select(
              sql<string>`json_group_array(json_array(from_date, to_date, opens_at, closes_at, label) ORDER BY from_date, opens_at)`.as(
                'all'
              )
            )
            .as('exceptions')
        ])
    ),
    /** Every entry of the lists. */
    entries: prepared(entries),
    /** The entries that equal one of the patterns. */
    entriesAmong: prepared(
      entries.where('pattern', 'in', sql<string>`(SELECT value FROM json_each(${thePatterns}))`.$castTo<string>())
    )
  }
}

/** The results of the queries, by name. */
export type RuleQueries = ReturnType<typeof ruleQueries>
export type RowOf<Name extends keyof RuleQueries> = ReturnType<RuleQueries[Name]>[number]

const theNumber = '(the number)'
const thePatterns = '(the patterns)'
