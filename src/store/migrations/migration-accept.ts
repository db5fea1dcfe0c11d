// followme migrate --accept: accepts the current file of an applied migration, or that it is gone. Runs no SQL of it.
import { AppError } from '../../errors'
import { openDatabase } from '../database/database'
import type { SqliteDatabase } from '../database/driver'
import { differenceText } from './line-difference'
import { type MigrationDirectories, type MigrationFile, readMigrations } from './migration-files'
import { type AppliedEntry, appliedIn, hasTable, isFileOf, keptText, noteAccepted } from './migration-history'
import { digitsOf } from './migration-names'

export interface AcceptOptions extends MigrationDirectories {
  readonly database: string
  /** The number of an applied site migration. */
  readonly version: number
  /** Only logs what would be accepted. */
  readonly dryRun?: boolean
  /** Called with one line at a time. */
  readonly log: (line: string) => void
}

/**
 * Logs how the current file of a migration differs from the applied one, and records the file, or its absence, as accepted.
 * Throws `not-found` if no such migration was applied, `conflict` if two files have its number.
 */
export function acceptMigration(options: AcceptOptions): void {
  const { sqlite, close } = openDatabase(options.database, { busyTimeoutMs: 10_000, readOnly: options.dryRun === true })
  try {
    if (!hasTable(sqlite, 'migration_files')) {
      throw new AppError(
        'conflict',
        `database ${sqlite.name} lacks a migration of followme's own; run 'followme migrate' first`
      )
    }
    sqlite.transaction(() => accept(sqlite, options))()
  } finally {
    close()
  }
}

function accept(sqlite: SqliteDatabase, { version, site, shipped, dryRun = false, log }: AcceptOptions): void {
  const entry = appliedEntry(sqlite, version)
  const file = fileOf(readMigrations({ shipped, site }), version)
  const lost = file === undefined
  if (lost ? entry.accepted?.name === null : isFileOf(entry, file)) {
    log(
      `${entry.name}.sql needs nothing: its file is ${lost ? 'accepted as removed' : 'the one that was applied, or accepted'}`
    )
    return
  }
  for (const line of differenceLines(entry, file, keptText(sqlite, version))) log(line)
  if (!dryRun) noteAccepted(sqlite, version, file)
  log(
    dryRun
      ? 'dry run: nothing was accepted'
      : `accepted ${lost ? `that ${entry.name}.sql is gone` : `${file.name}.sql as it is now`}; nothing was run, and the rules in the database stay as they are`
  )
}

function appliedEntry(sqlite: SqliteDatabase, version: number): AppliedEntry {
  const applied = appliedIn(sqlite).filter(({ origin }) => origin === 'site')
  const entry = applied.find((each) => each.version === version)
  if (entry !== undefined) return entry
  const there = applied.length === 0 ? 'none is' : `these are: ${applied.map(({ name }) => name).join(', ')}`
  throw new AppError('not-found', `no site migration ${digitsOf(version)} was applied; ${there}`)
}

function fileOf(files: readonly MigrationFile[], version: number): MigrationFile | undefined {
  const [file, other] = files.filter((each) => each.origin === 'site' && each.version === version)
  if (file === undefined || other === undefined) return file
  throw new AppError(
    'conflict',
    `${file.path} and ${other.path} have the same number; 'followme migrate' says which is to be renamed`
  )
}

function differenceLines(entry: AppliedEntry, file: MigrationFile | undefined, kept: string | undefined): string[] {
  const applied = `${entry.name}.sql was applied on ${entry.applied_at}`
  if (file === undefined) return [`${applied}; its file is missing`]
  const named =
    file.name === (entry.accepted?.name ?? entry.name) ? [] : [`${applied}, and is called ${file.name}.sql now`]
  if (kept === undefined) return [...named, `${applied}; its text was not kept, so the difference is unknown`]
  const difference = differenceText(kept, file.text, Infinity)
  return difference === '' ? named : [...named, `${applied}; since then (- then, + now):${difference}`]
}
