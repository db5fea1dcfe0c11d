// Refuses a migration that silently loses rows: skipped by a conflict clause, replaced, removed by a cascade or all at once, or
// not matched by a statement. Changes that a statement names explicitly are allowed, and so are those that a directive of the
// file allows.
import { AppError } from '../../errors'
import type { SqliteDatabase } from '../database/driver'
import { type Directives, directive } from './migration-directives'
import { type LeftOutRow, leftOutSince } from './left-out-rows'
import { excerpt } from './migration-faults'
import { namesRows } from './named-rows'
import {
  did,
  isRuleTable,
  keyColumns,
  keyText,
  type RowWatch,
  type RuleTable,
  ruleTables,
  same,
  sameKey,
  type SqlValue,
  type WatchedTable
} from './row-watch'
import { isLimitedAtRandom, type RowChange, rowChangeOf, type Statement } from './sql-script'

/**
 * A statement that affects every row of a table is refused from this many rows on; the second limit is for a WHERE that names
 * the rows.
 */
const everyRow = 2
const everyRowNamed = 10

const maxShown = 20

export interface LossGuardOptions {
  readonly sqlite: SqliteDatabase
  /** The path of the migration, for messages. */
  readonly path: string
  readonly directives: Directives
  readonly watch: RowWatch
  /** Tables with followme's own records. */
  readonly records: readonly string[]
  /** Whether the watch logs attempts. */
  readonly tries: boolean
}

export class LossGuard {
  private position: number
  /** Rows skipped because their place was taken, which the file allows. */
  private readonly leftOut: string[] = []
  private readonly why = new Map<number, string>()

  /** How many rows the statement itself changed, without cascades and triggers. */
  private readonly changes

  constructor(private readonly options: LossGuardOptions) {
    this.changes = options.sqlite.prepare<[], number>('SELECT changes()').pluck()
    this.position = options.watch.position()
  }

  /** Lines about rows that were skipped because the file allows it. */
  skippedText(): string[] {
    const more = this.leftOut.length - maxShown
    const lines = this.leftOut.slice(0, maxShown).map((row) => `  leaves out ${row}`)
    return more > 0 ? [...lines, `  and leaves out ${more} rows more`] : lines
  }

  /** Checks what the last statement did to rows. Throws `invalid`. */
  after(statement: Statement): void {
    const { watch, tries } = this.options
    const from = this.position
    const to = (this.position = watch.position())
    const changes = this.changes.get() ?? 0
    const change = rowChangeOf(statement)
    const record = this.options.records.find((table) => table === change?.table)
    if (record !== undefined) throw this.recordFault(statement, record)
    const target = change !== undefined && isRuleTable(change.table) ? change.table : undefined
    if (change !== undefined && target !== undefined) this.requireOrder(statement, change)
    if (from === to) {
      if (change !== undefined && target !== undefined) this.requireMatch(statement, change, target)
      return
    }
    // It inserted exactly as many rows as it reports, so nothing else happened.
    if (change?.verb === 'INSERT' && target !== undefined && !tries && changes === to - from) return
    this.requireNoRecord(statement, from)
    this.markLost(statement, from, change?.verb === 'DELETE' ? target : undefined)
    if (change !== undefined && target !== undefined) this.lookForEveryRow(statement, change, target, changes, from)
    if (tries) this.requireNoneLeftOut(statement, from)
  }

  /** Checks the result: rows that are gone although no statement named them. Throws `invalid`. */
  finish(): void {
    const { watch, directives } = this.options
    const lost = watch.tables
      .filter(({ name }) => !directives.removes.has(name))
      .flatMap((table) => this.lostFrom(table).map((row) => ({ ...row, table: table.name })))
    if (lost.length === 0) return
    const line = Math.min(...lost.map((row) => row.line))
    const tables = [...new Set(lost.map(({ table }) => table))]
    const rows = lost.map(
      ({ table, key, replaced, line }) =>
        `${table} (${key}), ${replaced ? 'with other values in its place' : 'gone'}, by line ${line}`
    )
    throw this.fault(
      line,
      `${this.why.get(line) ?? 'this statement removes rows that it does not name'}:${shown(rows)}`,
      `change a row with UPDATE or INSERT … ON CONFLICT (…) DO UPDATE, delete first what hangs on a row, or, if they are meant to go, write this line into the file:\n  ${directive('removes', tables)}`
    )
  }

  private requireMatch(statement: Statement, { verb }: RowChange, table: RuleTable): void {
    if (this.options.directives.skips.has(table)) return
    throw this.fault(
      statement.line,
      `this ${verb} ${verb === 'INSERT' ? 'adds no row to' : 'matches no row of'} ${table}\n  at: ${excerpt(statement.text)}`,
      `correct it, or, if it may find nothing, write this line into the file:\n  ${directive('skips', [table])}`
    )
  }

  private requireOrder(statement: Statement, { verb }: RowChange): void {
    if (verb === 'INSERT' || !isLimitedAtRandom(statement)) return
    throw this.fault(
      statement.line,
      `this ${verb} has a LIMIT and no ORDER BY, so that nobody knows which rows it hits\n  at: ${excerpt(statement.text)}`,
      'say which rows in its WHERE, or add an ORDER BY'
    )
  }

  private requireNoRecord(statement: Statement, from: number): void {
    const table = this.options.sqlite
      .prepare<[number, number], string>('SELECT tbl FROM temp.followme_log WHERE id > ? AND did = ? LIMIT 1')
      .pluck()
      .get(from, did.record)
    if (table !== undefined) throw this.recordFault(statement, table)
  }

  private recordFault(statement: Statement, table: string): AppError {
    return this.fault(
      statement.line,
      `this changes ${table}, which holds followme's own records\n  at: ${excerpt(statement.text)}`,
      /^(calls|attempts)$/.test(table)
        ? 'remove the statement (FOLLOWME_RETENTION_DAYS says how long calls are kept)'
        : 'remove the statement: followme itself keeps them right'
    )
  }

  private markLost(statement: Statement, from: number, own: RuleTable | undefined): void {
    const { changes } = this.options.sqlite
      .prepare('UPDATE temp.followme_log SET did = ?, line = ? WHERE id > ? AND did = ? AND tbl IS NOT ?')
      .run(did.lose, statement.line, from, did.remove, own ?? null)
    if (changes === 0) return
    const also = own === undefined ? '' : `, beside those of ${own}`
    this.why.set(statement.line, `this removes rows that it does not name${also}\n  at: ${excerpt(statement.text)}`)
  }

  private lookForEveryRow(
    statement: Statement,
    { verb }: RowChange,
    table: RuleTable,
    changes: number,
    from: number
  ): void {
    if (verb === 'INSERT' || changes < everyRow) return
    if (changes < everyRowNamed && namesRows(statement, ruleTables[table])) return
    const { sqlite, directives } = this.options
    const left = sqlite.prepare<[], number>(`SELECT count(*) FROM main.${table}`).pluck().get()
    const said = `this ${verb === 'DELETE' ? 'removes' : 'changes'} every row of ${table}, ${changes} of them\n  at: ${excerpt(statement.text)}`
    if (verb === 'DELETE' && left === 0 && !directives.removes.has(table)) {
      sqlite
        .prepare('UPDATE temp.followme_log SET did = ?, line = ? WHERE id > ? AND did = ? AND tbl = ?')
        .run(did.lose, statement.line, from, did.remove, table)
      this.why.set(statement.line, said)
    }
    if (verb === 'UPDATE' && left === changes && !directives.changes.has(table)) {
      throw this.fault(
        statement.line,
        said,
        `say which rows in its WHERE, or, if all are meant, write this line into the file:\n  ${directive('changes', [table])}`
      )
    }
  }

  private requireNoneLeftOut(statement: Statement, from: number): void {
    const { sqlite, watch, directives } = this.options
    const faults: LeftOutRow[] = []
    for (const row of leftOutSince(sqlite, watch, from)) {
      if (row.taken && directives.skips.has(row.table)) this.leftOut.push(leftOutText(row))
      else faults.push(row)
      if (faults.length > maxShown) break
    }
    if (faults.length === 0) return
    const tables = [...new Set(faults.map(({ table }) => table))]
    throw this.fault(
      statement.line,
      `this leaves rows out, or as they were, in silence:${shown(faults.map(leftOutText))}\n  at: ${excerpt(statement.text)}`,
      faults.every(({ taken }) => taken)
        ? `correct them, or, if a row that is there already is to stay, write this line into the file:\n  ${directive('skips', tables)}`
        : 'correct these rows'
    )
  }

  private lostFrom({ name, key, columns }: WatchedTable): { line: number; key: string; replaced: boolean }[] {
    return this.options.sqlite
      .prepare<[number, string], [number, number, ...SqlValue[]]>(
        `SELECT log.line, EXISTS (SELECT 1 FROM main.${name} AS t WHERE ${sameKey(key)}) AS replaced, ${keyColumns
          .slice(0, key.length)
          .map((column) => `log.${column}`)
          .join(', ')}
        FROM temp.followme_log AS log
        WHERE log.did = ? AND log.tbl = ? AND NOT EXISTS (SELECT 1 FROM main.${name} AS t WHERE ${sameKey(key)} AND ${same(columns)})
        ORDER BY log.id`
      )
      .raw()
      .all(did.lose, name)
      .map(([line, replaced, ...values]) => ({ line, key: keyText(values), replaced: replaced === 1 }))
  }

  private fault(line: number, what: string, cure: string): AppError {
    return new AppError(
      'invalid',
      `migration ${this.options.path}, line ${line}: ${what}\nNothing of this migration was kept; ${cure}`
    )
  }
}

function leftOutText({ table, key, reason }: LeftOutRow): string {
  return `${table} (${key}): ${reason}`
}

function shown(rows: readonly string[]): string {
  const more = rows.length > maxShown ? '\n  and more' : ''
  return rows
    .slice(0, maxShown)
    .map((row) => `\n  ${row}`)
    .join('')
    .concat(more)
}
