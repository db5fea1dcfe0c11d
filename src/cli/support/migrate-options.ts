// The options of `followme migrate`, shared by every command that applies migrations.
import { databasePath, shippedMigrations } from '../../config/config'
import { checkRules } from '../../rules/check/check'
import type { MigrateOptions } from '../../store/migrations/migrate'

/** Which migrations to apply and to which database. `check` runs after each of the site's migrations. */
export function migrateOptions(site: string | undefined, log: MigrateOptions['log']): MigrateOptions {
  return {
    database: databasePath(),
    shipped: shippedMigrations(),
    site,
    log,
    validate: (rules) => checkRules(rules, Date.now())
  }
}
