// Runs one migration within an open transaction, and checks its effects before the commit.
import { performance } from 'node:perf_hooks'
import { AppError } from '../../errors'
import { databaseFault } from '../database/database-fault'
import type { SqliteDatabase } from '../database/driver'
import { directivesOf } from './migration-directives'
import { foreignKeyFault, statementFault } from './migration-faults'
import { type MigrationFile, statementsIn } from './migration-files'
import { noteApplied } from './migration-history'
import { LossGuard } from './migration-losses'
import type { Origin } from './migration-names'
import { committedFaults, type MigrationWarnings, type OutcomeOptions, requireOutcome } from './migration-outcome'
import { summaryOf } from './migration-summary'
import { hasForeignTrigger, ownSchema, ownTables, requireOwnSchema, temporaryGuard } from './own-schema'
import { isRuleTable, watchRows } from './row-watch'
import type { Statement } from './sql-script'

export interface ApplyOptions extends OutcomeOptions {
  /** Called with a description of the next step. */
  readonly progress?: (text: string) => void
}

export interface AppliedMigration {
  readonly origin: Origin
  readonly version: number
  readonly name: string
  readonly durationMs: number
  /** Lines that describe what it adds, changes and removes. */
  readonly summary: readonly string[]
}

/** `files` are all migrations. Throws `invalid` if the migration is at fault: the caller then rolls it back. */
export function apply(
  sqlite: SqliteDatabase,
  file: MigrationFile,
  files: readonly MigrationFile[],
  options: ApplyOptions
): { readonly applied: AppliedMigration; readonly faults: MigrationWarnings | undefined } {
  const start = performance.now()
  const faultsBefore = file.origin === 'site' ? committedFaults(sqlite, options) : undefined
  const own = file.origin === 'site' ? ownSchema(sqlite, files) : undefined
  // Rows of a migration may come in any order: the rows they refer to must exist at its end.
  sqlite.pragma('defer_foreign_keys = ON')
  const watched = file.origin === 'site' ? watchedRows(sqlite, file, files) : undefined
  const lookAtTemporary = file.origin === 'site' ? temporaryGuard(sqlite, file, files) : undefined
  const statements = statementsIn(file)
  for (const [index, statement] of statements.entries()) {
    options.progress?.(`applying ${file.name}, statement ${index + 1} of ${statements.length}`)
    run(sqlite, file, statement)
    lookAtTemporary?.(statement)
    watched?.guard.after(statement)
  }
  // Checked first, because the next checks read tables that the migration may have removed.
  if (own !== undefined) requireOwnSchema(own, ownSchema(sqlite, files), file)
  const dangling = foreignKeyFault(sqlite, file)
  if (dangling !== undefined) throw dangling
  const summary = watched === undefined ? [] : watched.finish()
  options.progress?.(`checking the rules after ${file.name}`)
  const faults = faultsBefore && requireOutcome(sqlite, file, options, faultsBefore)
  const durationMs = Math.round(performance.now() - start)
  noteApplied(sqlite, file, durationMs)
  return { applied: { origin: file.origin, version: file.version, name: file.name, durationMs, summary }, faults }
}

function run(sqlite: SqliteDatabase, file: MigrationFile, statement: Statement): void {
  try {
    const prepared = sqlite.prepare(statement.text)
    if (prepared.reader) prepared.all()
    else prepared.run()
  } catch (error) {
    throw databaseFault(sqlite.name, error) ?? statementFault(sqlite, file, statement, error)
  }
  if (sqlite.inTransaction) return
  throw new AppError(
    'invalid',
    `migration ${file.path}, line ${statement.line}: this statement ended the transaction that followme runs each migration in; remove it, and check what was kept`
  )
}

/** Watches the rows until `finish`, which throws `invalid` if rows were lost, and otherwise describes the changes. */
function watchedRows(sqlite: SqliteDatabase, { path, text }: MigrationFile, files: readonly MigrationFile[]) {
  const directives = directivesOf(path, text)
  const own = ownTables(files)
  // Only statements with these words can skip or replace rows, but a trigger of the site may contain them too.
  const tries = /\b(ignore|replace|conflict|raise)\b/i.test(text) || hasForeignTrigger(sqlite, own)
  const records = own.filter((table) => !isRuleTable(table))
  const watch = watchRows(sqlite, { records, tries })
  const guard = new LossGuard({ sqlite, path, directives, watch, records, tries })
  return {
    guard,
    finish: () => {
      guard.finish()
      const summary = [...summaryOf(sqlite, watch), ...guard.skippedText()]
      watch.end()
      return summary
    }
  }
}
