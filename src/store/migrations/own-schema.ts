// Protects followme's own schema: a site migration may fill its tables and create the site's own tables, nothing else.
import { AppError } from '../../errors'
import type { SqliteDatabase } from '../database/driver'
import { excerpt } from './migration-faults'
import { type MigrationFile, statementsIn } from './migration-files'
import { keywordsOf, type Statement } from './sql-script'

/** Each object of followme's schema and each applied migration, which must be the same afterwards. */
export type OwnSchema = ReadonlyMap<string, string>

/** `files` are all migrations. */
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

/** The tables that followme's own migrations make; `files` are all migrations. */
export function ownTables(files: readonly MigrationFile[]): string[] {
  const own = files.filter(({ origin }) => origin === 'followme').flatMap(statementsIn)
  const tables = new Set<string>()
  // A table is created again, under its own name or another, if a later migration changes its constraints.
  for (const { text } of own) {
    const [, created, renamed, to, dropped] =
      /\bCREATE TABLE (\w+)|\bALTER TABLE (\w+) RENAME TO (\w+)|\bDROP TABLE (\w+)/.exec(text) ?? []
    for (const gone of [renamed, dropped]) if (gone !== undefined) tables.delete(gone)
    for (const made of [created, to]) if (made !== undefined) tables.add(made)
  }
  return [...tables]
}

/** Whether the site has triggers. */
export function hasForeignTrigger(sqlite: SqliteDatabase, own: readonly string[]): boolean {
  const tables = sqlite.prepare<[], string>("SELECT tbl_name FROM sqlite_schema WHERE type = 'trigger'").pluck().all()
  return tables.some((table) => !own.includes(table))
}

/** Throws `invalid`, naming what a migration has changed in followme's own schema. */
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
 * Returns a check of temporary objects after each statement. It throws `invalid` if one has the name of a table of followme,
 * which it would hide until the connection ends, or if the objects that watch the rows were changed.
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
    // Removing a table also removes the triggers that watch it; the table itself is reported.
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
