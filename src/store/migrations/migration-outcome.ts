// What the rules are like after a migration: an error that it has made rolls it back, a warning that it has brought is told.
import type { Fault } from '../../rules/finding'
import type { RuleSet } from '../../rules/rule-tables'
import { openDatabase } from '../database/database'
import type { SqliteDatabase } from '../database/driver'
import { readRuleSet } from '../rules/rule-tables'
import { oldFaults, validationFault } from './migration-faults'
import type { MigrationFile } from './migration-files'

export interface OutcomeOptions {
  /** The SQLite file; made where there is none. */
  readonly database: string
  /** Takes one line for each thing done. */
  readonly log: (line: string) => void
  /**
   * Finds the faults in the rules after each of the site's migrations, before it is committed: an error rolls it back, unless
   * the same was there before.
   */
  readonly validate?: (rules: RuleSet) => readonly Fault[]
}

/** The faults of level `warning` after a migration, and those that were there before it. */
export interface MigrationWarnings {
  readonly warnings: readonly Fault[]
  readonly before: readonly Fault[]
}

/** Throws `invalid` where there are errors that were not there before. */
export function requireOutcome(
  sqlite: SqliteDatabase,
  file: MigrationFile,
  { validate, log }: OutcomeOptions,
  faultsBefore: () => readonly Fault[]
): MigrationWarnings {
  const faults = validate?.(readRuleSet(sqlite)) ?? []
  const before = faults.length === 0 ? [] : faultsBefore()
  const errors = faults.filter(({ level }) => level === 'error')
  const made = newFaults(errors, before)
  if (made.length > 0) throw validationFault(file, made)
  if (errors.length > 0) log(oldFaults(file, errors))
  return { warnings: faults.filter(({ level }) => level === 'warning'), before }
}

/** The warnings that the migrations of one run have brought, without those that a later one has cured. */
export class Warnings {
  private brought: { readonly file: MigrationFile; readonly fault: Fault }[] = []

  take(file: MigrationFile, { warnings, before }: MigrationWarnings): void {
    const still = new Set(warnings.map(identity))
    this.brought = [
      ...this.brought.filter(({ fault }) => still.has(identity(fault))),
      ...newFaults(warnings, before).map((fault) => ({ file, fault }))
    ]
  }

  /** For people; at most 20, and how many more there are. */
  lines(): string[] {
    const more = this.brought.length - maxShown
    const lines = this.brought
      .slice(0, maxShown)
      .map(
        ({ file, fault: { table, key, message, cure } }) =>
          `warning: ${file.name}: ${table} (${key}): ${message}; ${cure}`
      )
    return more > 0 ? [...lines, `warning: and ${more} more; 'followme check' tells them all`] : lines
  }
}

const maxShown = 20

/** The faults from before this transaction. Another connection still sees them; of a copy in memory there is no other. */
export function committedFaults(
  sqlite: SqliteDatabase,
  { validate, database }: OutcomeOptions
): () => readonly Fault[] {
  if (validate === undefined) return () => []
  if (sqlite.memory) {
    const faults = validate(readRuleSet(sqlite))
    return () => faults
  }
  return () => {
    const committed = openDatabase(database, { readOnly: true })
    try {
      return validate(readRuleSet(committed.sqlite))
    } finally {
      committed.close()
    }
  }
}

function newFaults(faults: readonly Fault[], before: readonly Fault[]): Fault[] {
  const known = new Set(before.map(identity))
  return faults.filter((fault) => !known.has(identity(fault)))
}

function identity({ table, key, message }: Fault): string {
  return JSON.stringify([table, key, message])
}
