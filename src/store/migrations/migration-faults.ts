// Why a migration failed, with the line and the row, which SQLite does not report.
import { AppError, reasonOf } from '../../errors'
import type { Fault } from '../../rules/finding'
import { sqliteCode } from '../database/database'
import type { SqliteDatabase } from '../database/driver'
import { hintFor } from './foreign-sql'
import type { MigrationFile } from './migration-files'
import { insertsOfOneRow, parameterIn, type Statement, unclosedIn } from './sql-script'

/** The error of a failed statement, with its line and, if one of several rows is faulty, that row. */
export function statementFault(
  sqlite: SqliteDatabase,
  file: MigrationFile,
  statement: Statement,
  error: unknown
): AppError {
  const guilty = sqlite.inTransaction ? guiltyRow(sqlite, statement) : undefined
  const { line, text } = reasonFor(statement, guilty?.line ?? statement.line, error)
  const shown = guilty === undefined ? statement.text : `${guilty.row} in ${statement.text}`
  return new AppError(
    'invalid',
    `migration ${file.path}, line ${line}: ${text}\n  at: ${excerpt(shown)}\nNothing of this migration was kept; correct it and run 'followme migrate' again`,
    { cause: error }
  )
}

interface Reason {
  readonly line: number
  readonly text: string
}

/** Why SQLite refused a statement. Its own message has no line, and does not explain parameters. */
function reasonFor(statement: Statement, line: number, error: unknown): Reason {
  const reason = reasonOf(error)
  const parameter = /parameter/i.test(reason) ? parameterIn(statement) : undefined
  if (parameter !== undefined) {
    const text = `${parameter.what} is a parameter, and nothing fills it in; write the value itself, in quotes where it is a text`
    return { line: parameter.line, text }
  }
  const hint = hintFor(statement, reason)
  if (hint !== undefined) return { line, text: `${sqliteReason(error)}; ${hint}` }
  const unclosed = /syntax error|unrecognized token|incomplete input/.test(reason) ? unclosedIn(statement) : undefined
  if (unclosed === undefined) return { line, text: sqliteReason(error) }
  // SQLite's message would quote the rest of the file.
  if (!reason.includes('syntax error'))
    return { line: unclosed.line, text: `${unclosed.what} begins here and never ends; close it` }
  const never = `${unclosed.what} begins in line ${unclosed.line} and never ends`
  return { line, text: `${sqliteReason(error)}; ${never}: is a quote missing, or not doubled ('O''Neil')?` }
}

/** One error for all rows that refer to a missing row; undefined if there are none. */
export function foreignKeyFault(sqlite: SqliteDatabase, file: MigrationFile): AppError | undefined {
  const faults = danglingRows(sqlite)
  if (faults.length === 0) return undefined
  const shown = faults.slice(0, 20).map((fault) => `\n  ${fault}`)
  const more = faults.length > shown.length ? `\n  and ${faults.length - shown.length} more` : ''
  return new AppError(
    'invalid',
    `migration ${file.path} leaves rows that refer to something missing:${shown.join('')}${more}\nNothing of this migration was kept; correct it and run 'followme migrate' again`
  )
}

/** The findings of the validation, as one error. */
export function validationFault(file: MigrationFile, faults: readonly Fault[]): AppError {
  const shown = faults.slice(0, 20).map(({ table, key, message, cure }) => `\n  ${table} (${key}): ${message}; ${cure}`)
  const more = faults.length > shown.length ? `\n  and ${faults.length - shown.length} more` : ''
  return new AppError(
    'invalid',
    `migration ${file.path} leaves faults:${shown.join('')}${more}\nNothing of this migration was kept; correct it and run 'followme migrate' again`
  )
}

/** One line about faults that existed before a migration and that it has not corrected. */
export function oldFaults(file: MigrationFile, faults: readonly Fault[]): string {
  const shown = faults.slice(0, 3).map(({ table, key }) => `${table} (${key})`)
  const more = faults.length > shown.length ? ` and ${faults.length - shown.length} more` : ''
  const what = faults.length === 1 ? 'a fault that was' : `${faults.length} faults that were`
  return `warning: ${file.name} leaves ${what} there before: ${shown.join(', ')}${more}; run 'followme check' for the cure`
}

// A statement of many rows fails as a whole. Run it again one row at a time: the first to fail is the faulty one.
function guiltyRow(sqlite: SqliteDatabase, statement: Statement): (Statement & { row: string }) | undefined {
  const rows = insertsOfOneRow(statement) ?? []
  if (rows.length < 2) return undefined
  sqlite.exec('SAVEPOINT search')
  try {
    return rows.find((row) => {
      try {
        sqlite.prepare(row.text).run()
        return false
      } catch {
        return true
      }
    })
  } finally {
    // An INSERT OR ROLLBACK has also removed the savepoint.
    if (sqlite.inTransaction) sqlite.exec('ROLLBACK TO search; RELEASE search')
  }
}

/** Why SQLite refused a row, in words. */
export function sqliteReason(error: unknown): string {
  const reason = reasonOf(error)
  const code = sqliteCode(error)
  // The names of the schema's constraints are messages.
  if (code === 'SQLITE_CONSTRAINT_CHECK') return reason.replace(/^.*?CHECK constraint failed: /, '')
  if (code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY') {
    return `there is already a row with the same ${reason.replace(/^.*?UNIQUE constraint failed: /, '')}`
  }
  if (code === 'SQLITE_CONSTRAINT_NOTNULL') {
    return `${reason.replace(/^.*?NOT NULL constraint failed: /, '')} must be given`
  }
  return reason
}

/** A statement on one line, shortened. */
export function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > 200 ? `${line.slice(0, 199)}…` : line
}

interface ForeignKey {
  readonly child: string
  readonly parent: string
  readonly columns: readonly string[]
  readonly references: readonly string[]
}

/** One sentence for each row that breaks a foreign key; at most 1,000. */
function danglingRows(sqlite: SqliteDatabase): string[] {
  const broken = sqlite
    .prepare<[], { child: string; fkid: number }>(
      'SELECT DISTINCT "table" AS child, fkid FROM pragma_foreign_key_check'
    )
    .all()
  return broken.flatMap(({ child, fkid }) => rowsBreaking(sqlite, foreignKey(sqlite, child, fkid))).slice(0, 1_000)
}

function foreignKey(sqlite: SqliteDatabase, child: string, fkid: number): ForeignKey {
  const parts = sqlite
    .prepare<[string, number], { parent: string; column: string; reference: string }>(
      'SELECT "table" AS parent, "from" AS column, "to" AS reference FROM pragma_foreign_key_list(?) WHERE id = ? ORDER BY seq'
    )
    .all(child, fkid)
  return {
    child,
    parent: parts[0]?.parent ?? '',
    columns: parts.map((part) => part.column),
    references: parts.map((part) => part.reference)
  }
}

// PRAGMA foreign_key_check identifies rows by rowid, which WITHOUT ROWID tables do not have, so we find the rows ourselves.
function rowsBreaking(sqlite: SqliteDatabase, key: ForeignKey): string[] {
  const own = key.columns.map((column) => `child.${quoted(column)}`)
  const same = key.references.map((column, i) => `parent.${quoted(column)} = ${own[i] ?? ''}`).join(' AND ')
  const exists = `EXISTS (SELECT 1 FROM ${quoted(key.parent)} AS parent WHERE ${same})`
  const given = own.map((column) => `${column} IS NOT NULL`).join(' AND ')
  const rows = sqlite
    .prepare<[], Record<string, unknown>>(
      `SELECT * FROM ${quoted(key.child)} AS child WHERE ${given} AND NOT ${exists} LIMIT 1000`
    )
    .all()
  return rows.map((row) => {
    const values = key.columns.map((column) => `'${String(row[column])}'`).join(', ')
    return `${key.child} row ${JSON.stringify(row)}: ${key.columns.join(', ')} names ${values}, which ${key.parent} does not have; add it there, or correct the row`
  })
}

/** A name quoted for SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
