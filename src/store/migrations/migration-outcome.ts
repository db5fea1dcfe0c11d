// Checks the rules after a migration: a new error rolls it back, a new warning is reported.
import type { Fault } from '../../rules/finding'
import type { RuleSet } from '../../rules/rule-tables'
import { openDatabase } from '../database/database'
import type { SqliteDatabase } from '../database/driver'
import { readRuleSet } from '../rules/rule-tables'
import { oldFaults, validationFault } from './migration-faults'
import type { MigrationFile } from './migration-files'

export interface OutcomeOptions {
  /** The SQLite file; created if it does not exist. */
  readonly database: string
  /** Called with one line for each step. */
  readonly log: (line: string) => void
  /**
   * Finds the faults in the rules after each site migration, before it is committed. An error rolls it back unless it existed
   * before.
   */
  readonly validate?: (rules: RuleSet) => readonly Fault[]
}

/** The warnings after a migration, and those before it. */
export interface MigrationWarnings {
  readonly warnings: readonly Fault[]
  readonly before: readonly Fault[]
}

/** Throws `invalid` if there are new errors. */
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

/** The new warnings of one run's migrations, without those that a later migration has fixed. */
export class Warnings {
  private brought: { readonly file: MigrationFile; readonly fault: Fault }[] = []

  take(file: MigrationFile, { warnings, before }: MigrationWarnings): void {
    const still = new Set(warnings.map(identity))
    this.brought = [
      ...this.brought.filter(({ fault }) => still.has(identity(fault))),
      ...newFaults(warnings, before).map((fault) => ({ file, fault }))
    ]
  }

  /** As lines for people: at most 20, and the number of further ones. */
  lines(): string[] {
    const more = this.brought.length - maxShown
    const lines = this.brought
      .slice(0, maxShown)
      .map(
        ({ file, fault: { table, key, message, cure } }) =>
          `warning: ${file.name}: ${table} (${key}): ${message}; ${cure}`
      )
    return more > 0 ? [...lines, `warning: and ${more} more; 'followme check' lists all of them`] : lines
  }
}

const maxShown = 20

/** The faults before this transaction, which another connection still sees; a copy in memory has no other connection. */
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
