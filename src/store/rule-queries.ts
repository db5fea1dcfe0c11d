// The queries of a decision, built and checked by Kysely, compiled once and kept prepared: a call waits for them.
import type { Compilable, Kysely } from 'kysely'
import type { SqliteDatabase } from './database'
import type { Schema } from './schema'

/** Reads for one number; each is one indexed search, whatever the size of the tables. */
export function ruleQueries(db: Kysely<Schema>, sqlite: SqliteDatabase) {
  // The only parameter of each query is the number, so one text stands for every place that it is used in.
  const prepared = <Row>(query: Compilable<Row>): ((number: string) => Row[]) => {
    const { sql, parameters } = query.compile()
    const statement = sqlite.prepare<unknown[], Row>(sql)
    return (number) => statement.all(parameters.map((value) => (value === theNumber ? number : value)))
  }
  const rulesOf = db.selectFrom('rules').where('rules.number', '=', theNumber)
  const schedulesOf = rulesOf.where('rules.schedule', 'is not', null).select('rules.schedule').distinct()
  return {
    number: prepared(
      db
        .selectFrom('virtual_numbers as v')
        .leftJoin('overrides as o', 'o.number', 'v.number')
        .where('v.number', '=', theNumber)
        .select(['v.number', 'v.label', 'v.enabled', 'v.time_zone', 'v.fallback'])
        .select(['o.kind', 'o.value', 'o.expires_at', 'o.set_by'])
    ),
    rules: prepared(rulesOf.selectAll().orderBy('position')),
    targets: prepared(
      db
        .selectFrom('targets')
        .where('number', '=', theNumber)
        .where('enabled', '=', 1)
        .select(['rule', 'step', 'dial', 'ring_seconds'])
        .orderBy('rule')
        .orderBy('step')
        .orderBy('dial')
    ),
    schedules: prepared(
      db.selectFrom('schedules').where('name', 'in', schedulesOf.$castTo<{ schedule: string }>()).selectAll()
    ),
    windows: prepared(
      db
        .selectFrom('schedule_windows')
        .where('schedule', 'in', schedulesOf.$castTo<{ schedule: string }>())
        .selectAll()
        .orderBy('schedule')
        .orderBy('opens')
        .orderBy('minutes')
    ),
    exceptions: prepared(
      db
        .selectFrom('schedule_exceptions')
        .where('schedule', 'in', schedulesOf.$castTo<{ schedule: string }>())
        .selectAll()
        .orderBy('schedule')
        .orderBy('from_date')
        .orderBy('opens_at')
    ),
    callers: prepared(
      db
        .selectFrom('caller_list_entries')
        .where(
          'list',
          'in',
          rulesOf
            .where('rules.callers', 'is not', null)
            .select('rules.callers')
            .distinct()
            .$castTo<{ callers: string }>()
        )
        .selectAll()
        .orderBy('list')
        .orderBy('pattern')
    )
  }
}

/** What the queries give, by name. */
export type RuleQueries = ReturnType<typeof ruleQueries>
export type RowOf<Name extends keyof RuleQueries> = ReturnType<RuleQueries[Name]>[number]

const theNumber = '(the number)'
