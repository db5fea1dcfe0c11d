// Logs what each statement of a migration does to rows, with temporary triggers. So it sees every spelling, including cascades,
// conflict clauses and triggers. It lasts for one transaction.
import type { SqliteDatabase } from '../database/driver'

/** The tables that people write, each with its natural key. All other tables of followme contain its own records. */
export const ruleTables = {
  schedules: ['name'],
  schedule_windows: ['schedule', 'opens', 'minutes'],
  schedule_exceptions: ['schedule', 'from_date', 'opens_at'],
  caller_lists: ['name'],
  caller_list_entries: ['list', 'pattern'],
  virtual_numbers: ['number'],
  rules: ['number', 'name'],
  targets: ['number', 'rule', 'step', 'dial'],
  overrides: ['number'],
  dial_policy: ['prefix'],
  trunks: ['name'],
  trunk_prefixes: ['trunk', 'prefix'],
  target_limits: ['dial']
} as const satisfies Readonly<Record<string, readonly string[]>>

export type RuleTable = keyof typeof ruleTables

export function isRuleTable(table: string): table is RuleTable {
  return Object.hasOwn(ruleTables, table)
}

/** A table in the log: its key is in the columns k0…, its columns in c0…. */
export interface WatchedTable {
  readonly name: RuleTable
  readonly key: readonly string[]
  readonly columns: readonly string[]
}

/**
 * What happened to a row. Its key is the one it had before, and after an INSERT or a renaming the one that it has now; its
 * columns are what it was before, and of what was tried what it should become (an INSERT that was done has none).
 */
export const did = {
  insert: 1,
  update: 2,
  remove: 3,
  /** Like `update`, with a changed key: k0… is the new key, c0… the old one. */
  rename: 4,
  tryInsert: 5,
  tryUpdate: 6,
  /** Like `remove`, but not named by the statement. */
  lose: 7,
  /** One of followme's own records. */
  record: 8
} as const

export interface RowWatch {
  readonly tables: readonly WatchedTable[]
  /** The position in the log; 0 if it is empty. */
  position(): number
  /** Removes the triggers and the log. */
  end(): void
}

export interface WatchOptions {
  /** Tables of followme's own records. */
  readonly records: readonly string[]
  /** Whether to log attempts that had no effect; without them, an INSERT of many rows is faster. */
  readonly tries: boolean
}

/** The columns of the log that a key takes, and those that a row takes. */
export const keyColumns = ['k0', 'k1', 'k2', 'k3'] as const
export const rowColumns = Array.from({ length: 12 }, (_, at) => `c${at}`)

type Values = Readonly<Record<string, string>>

/** Starts it within a transaction; a rollback also ends it. */
export function watchRows(sqlite: SqliteDatabase, { records, tries }: WatchOptions): RowWatch {
  const tables = Object.entries(ruleTables).map(([name, key]) => ({
    name: name as RuleTable,
    key,
    columns: sqlite.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(name)
  }))
  const triggers: string[] = []
  sqlite.exec(
    `CREATE TEMP TABLE followme_log (id INTEGER PRIMARY KEY, tbl TEXT, did INTEGER, line INTEGER, ${[...keyColumns, ...rowColumns].join(', ')})`
  )
  const trigger = (event: string, table: string, values: Values): void => {
    const name = `followme_watch_${triggers.length}`
    triggers.push(name)
    sqlite.exec(`CREATE TEMP TRIGGER ${name} ${event} BEGIN
      INSERT INTO followme_log (tbl, ${Object.keys(values).join(', ')}) VALUES ('${table}', ${Object.values(values).join(', ')});
    END`)
  }
  for (const { name, key, columns } of tables) {
    const keyOf = (row: string) => valuesOf(keyColumns, row, key)
    const rowOf = (row: string) => valuesOf(rowColumns, row, columns)
    const entry = (what: keyof typeof did, ...values: Values[]): Values =>
      values.reduce((all, each) => ({ ...all, ...each }), { did: String(did[what]) })
    const changed = key.map((column) => `OLD.${column} IS NOT NEW.${column}`).join(' OR ')
    trigger(`AFTER INSERT ON main.${name}`, name, entry('insert', keyOf('NEW')))
    trigger(`AFTER DELETE ON main.${name}`, name, entry('remove', keyOf('OLD'), rowOf('OLD')))
    trigger(`AFTER UPDATE ON main.${name}`, name, entry('update', keyOf('OLD'), rowOf('OLD')))
    trigger(
      `AFTER UPDATE ON main.${name} WHEN ${changed}`,
      name,
      entry('rename', keyOf('NEW'), valuesOf(rowColumns, 'OLD', key))
    )
    if (!tries) continue
    trigger(`BEFORE INSERT ON main.${name}`, name, entry('tryInsert', keyOf('NEW'), rowOf('NEW')))
    trigger(`BEFORE UPDATE ON main.${name}`, name, entry('tryUpdate', keyOf('OLD'), rowOf('NEW')))
  }
  for (const table of records) {
    // Triggers of the rules write there.
    if (table === 'rule_versions') continue
    for (const event of ['INSERT', 'UPDATE', 'DELETE']) {
      trigger(`AFTER ${event} ON main.${table}`, table, { did: String(did.record) })
    }
  }
  // Otherwise rows that REPLACE removes would not be logged.
  sqlite.pragma(`recursive_triggers = ${tries ? 'ON' : 'OFF'}`)
  const last = sqlite.prepare<[], number>('SELECT ifnull(max(id), 0) FROM followme_log').pluck()
  return {
    tables,
    position: () => last.get() ?? 0,
    end: () => {
      for (const name of triggers) sqlite.exec(`DROP TRIGGER IF EXISTS temp.${name}`)
      sqlite.exec('DROP TABLE temp.followme_log')
    }
  }
}

function valuesOf(
  places: readonly string[],
  row: string,
  columns: readonly string[]
): Readonly<Record<string, string>> {
  return Object.fromEntries(columns.map((column, at) => [places[at] ?? '', `${row}.${column}`]))
}

/** A value in a column of SQLite. */
export type SqlValue = string | number | bigint | Buffer | null

/** A natural key as shown in messages: `+14155550100, day`. */
export function keyText(values: readonly SqlValue[]): string {
  return values
    .filter((value) => value !== null)
    .map(String)
    .join(', ')
}

/** That row `t` of a table is the one that the entry `log` has in its columns. */
export function same(columns: readonly string[]): string {
  return columns.map((column, at) => `t.${column} IS log.c${at}`).join(' AND ')
}

/** That row `t` of a table has the key of the entry `log`. */
export function sameKey(key: readonly string[]): string {
  return key.map((column, at) => `t.${column} IS log.k${at}`).join(' AND ')
}
