// What followme migrate applies, for every command that applies migrations.
import { databasePath, shippedMigrations } from '../../config/config'
import { checkRules } from '../../rules/check/check'
import type { MigrateOptions } from '../../store/migrations/migrate'

/** What is applied, from where and to what; each of the site's migrations is held against `check`. */
export function migrateOptions(site: string | undefined, log: MigrateOptions['log']): MigrateOptions {
  return {
    database: databasePath(),
    shipped: shippedMigrations(),
    site,
    log,
    validate: (rules) => checkRules(rules, Date.now())
  }
}
