// followme migrate: brings the database up to date with the migrations, followme's own and the site's.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { Command } from 'commander'
import { databasePath, shippedMigrations, siteMigrations } from '../config'
import { checkRules } from '../core/check'
import { settingsFile, usualEnvFile } from '../environment'
import { backUp } from '../store/backup'
import { openDatabase } from '../store/database'
import { type MigrateOptions, migrate, pendingMigrations } from '../store/migrate'
import { readRuleSet } from '../store/rule-set'
import { dryRun } from './dry-run'

export function migrateCommand(): Command {
  return new Command('migrate')
    .description("apply pending migrations: followme's own, then those in FOLLOWME_MIGRATIONS")
    .option('--dry-run', 'apply to a copy only, and tell what would change')
    .option('--no-backup', 'do not copy the database first')
    .action(async ({ backup, dryRun: dry }: { backup: boolean; dryRun?: true }) => {
      const options = migrateOptions(siteMigrations(), (line) => console.log(line))
      if (dry !== true) sayWhere(options)
      if (dry === true) {
        dryRun(options, Date.now())
        return
      }
      if (backup && isPending(options)) options.log(`backup: ${await backUp(options.database, Date.now())}`)
      migrate(options)
    })
}

/** What is applied, from where and to what; each of the site's migrations is held against `check`. */
export function migrateOptions(site: string | undefined, log: MigrateOptions['log']): MigrateOptions {
  return {
    database: databasePath(),
    shipped: shippedMigrations(),
    site,
    log,
    validate: (sqlite) => checkRules(readRuleSet(sqlite), Date.now())
  }
}

/** A database that is new, and rules that nobody looked for, are what a forgotten setting looks like. */
function sayWhere({ database, site, log }: MigrateOptions): void {
  if (!existsSync(database)) {
    const isUnset = (process.env['FOLLOWME_DATABASE'] ?? process.env['FOLLOWME_DATABASE_FILE'] ?? '') === ''
    const why = settingsFile() === undefined ? `nor is there ${usualEnvFile}` : `in ${settingsFile()} neither`
    log(`new database ${resolve(database)}${isUnset ? `: FOLLOWME_DATABASE is not set, ${why}` : ''}`)
  }
  if (site === undefined) log('FOLLOWME_MIGRATIONS is not set: no site rules were looked for')
}

/** Whether there is a database, and something to apply to it. */
function isPending(options: MigrateOptions): boolean {
  if (!existsSync(options.database)) return false
  const { sqlite, close } = openDatabase(options.database, { readOnly: true })
  try {
    return pendingMigrations(sqlite, options).length > 0
  } finally {
    close()
  }
}
