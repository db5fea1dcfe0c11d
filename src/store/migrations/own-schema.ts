// What is followme's own in a database: a site's migration may fill its tables, and make tables of the site's own, no more.
import { AppError } from '../../errors'
import type { SqliteDatabase } from '../database/driver'
import { excerpt } from './migration-faults'
import { type MigrationFile, statementsIn } from './migration-files'
import { keywordsOf, type Statement } from './sql-script'

/** Each object of followme's tables by what it is, and each applied migration: what it must be afterwards, too. */
export type OwnSchema = ReadonlyMap<string, string>

/** `files` are all migrations there are. */
export function ownSchema(sqlite: SqliteDatabase, files: readonly MigrationFile[]): OwnSchema {
  const tables = ownTables(files)
  const objects = sqlite
    .prepare<[], { type: string; name: string; tbl_name: string; sql: string | null }>('SELECT * FROM sqlite_schema')
    .all()
    .filter(({ tbl_name }) => tbl_name === 'schema_migrations' || tables.includes(tbl_name))
  const applied = sqlite.prepare<[], { name: string }>('SELECT * FROM schema_migrations').all()
  return new Map([
    ...objects.map(({ type, name, sql }) => [`the ${type} ${name}`, sql ?? ''] as const),
    ...applied.map((row) => [`what schema_migrations says of ${row.name}`, JSON.stringify(row)] as const)
  ])
}

/** The tables that followme's own migrations make; `files` are all migrations there are. */
export function ownTables(files: readonly MigrationFile[]): string[] {
  const own = files.filter(({ origin }) => origin === 'followme').flatMap(statementsIn)
  // A table whose constraints a later one changes is made twice.
  return [...new Set(own.flatMap(({ text }) => /\bCREATE TABLE (\w+)/.exec(text)?.[1] ?? []))]
}

/** Whether there is a trigger that is not followme's own. */
export function hasForeignTrigger(sqlite: SqliteDatabase, own: readonly string[]): boolean {
  const tables = sqlite.prepare<[], string>("SELECT tbl_name FROM sqlite_schema WHERE type = 'trigger'").pluck().all()
  return tables.some((table) => !own.includes(table))
}

/** Throws `invalid`, naming what a migration has changed that is followme's own. */
export function requireOwnSchema(before: OwnSchema, after: OwnSchema, file: MigrationFile): void {
  const touched = [...new Set([...before.keys(), ...after.keys()])].filter((key) => before.get(key) !== after.get(key))
  if (touched.length === 0) return
  const did = touched.map((key) => `${!after.has(key) ? 'removes' : before.has(key) ? 'changes' : 'adds'} ${key}`)
  throw new AppError(
    'invalid',
    `migration ${file.path} ${did.join(', ')}: followme's own tables are not a site's to change, only their rows; remove that\nNothing of this migration was kept; correct it and run 'followme migrate' again`
  )
}

/**
 * Gives a look at what a statement has done to temporary objects. It throws `invalid` where one has the name of a table of
 * followme's, which it would stand for until the connection ends, and where those that watch the rows are touched.
 */
export function temporaryGuard(sqlite: SqliteDatabase, file: MigrationFile, files: readonly MigrationFile[]) {
  const own = ['schema_migrations', ...ownTables(files)]
  const objects = () =>
    sqlite.prepare<[], { type: string; name: string }>('SELECT type, lower(name) AS name FROM sqlite_temp_schema').all()
  const watching = () => objects().filter(({ name }) => name.startsWith('followme_')).length
  const before = watching()
  return (statement: Statement): void => {
    if (!/^(CREATE|ALTER|DROP)$/.test(keywordsOf(statement, 1))) return
    const shadow = objects().find(({ type, name }) => type !== 'trigger' && own.includes(name))
    // Along with a table go the triggers that watch it: that is told of the table.
    if (shadow === undefined && (watching() === before || !/followme_/i.test(statement.text))) return
    const what =
      shadow === undefined
        ? 'this touches the temporary objects by which followme watches a migration; remove it'
        : `the temporary ${shadow.type} ${shadow.name} has the name of a table of followme's, and would hide it; give it another name`
    throw new AppError(
      'invalid',
      `migration ${file.path}, line ${statement.line}: ${what}\n  at: ${excerpt(statement.text)}\nNothing of this migration was kept; correct it and run 'followme migrate' again`
    )
  }
}
