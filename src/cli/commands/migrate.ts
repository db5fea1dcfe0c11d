// followme migrate: brings the database up to date with the migrations, followme's own and the site's.
import { existsSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { Command } from 'commander'
import { siteMigrations } from '../../config/config'
import { AppError } from '../../errors'
import { settingsFile, usualEnvFile } from '../../config/environment'
import { backUp } from '../../store/database/backup'
import { type MigrateOptions, migrate } from '../../store/migrations/migrate'
import { acceptMigration } from '../../store/migrations/migration-accept'
import { Store } from '../../store/store'
import { dryRun } from '../support/dry-run'
import { migrateOptions } from '../support/migrate-options'
import { withProgress } from '../support/progress'

export function migrateCommand(): Command {
  return new Command('migrate')
    .description("apply pending migrations: followme's own, then those in FOLLOWME_MIGRATIONS")
    .option('--dry-run', 'show what would change, without changing the database')
    .option('--no-backup', 'do not back up the database first')
    .option('--accept <number>', 'accept that the file of an applied migration was changed or removed; runs no SQL')
    .action(async ({ backup, dryRun: dry = false, accept }: { backup: boolean; dryRun?: boolean; accept?: string }) => {
      await withProgress({ first: 'reading the migrations' }, async ({ print, report }) => {
        const options = { ...migrateOptions(siteMigrations(), print), progress: report }
        if (accept !== undefined) acceptMigration({ ...options, version: versionOf(accept), dryRun: dry })
        else if (dry) dryRun(options, Date.now())
        else {
          logDefaults(options)
          await migrateWithBackup(options, backup)
        }
      })
    })
}

function versionOf(text: string): number {
  const digits = /^(\d{1,9})(_[\w-]*(\.sql)?)?$/.exec(text)?.[1]
  if (digits !== undefined) return Number(digits)
  throw new AppError('usage', `--accept: "${text}" is not the number of a migration: write it as in 0007`)
}

async function migrateWithBackup(options: MigrateOptions, wanted: boolean): Promise<void> {
  if (!wanted || !isPending(options)) {
    migrate(options)
    return
  }
  options.progress?.('copying the database')
  const file = await backUp(options.database, Date.now())
  options.log(`backup: ${file}`)
  const before = appliedCount(options.database)
  try {
    migrate(options)
  } finally {
    // A service that keeps failing at start must not fill the disk with backups.
    if (appliedCount(options.database) === before) {
      rmSync(file, { force: true })
      options.log('nothing was applied, so the backup was removed')
    }
  }
}

/** If a setting was forgotten, a new database is created or no rules are found: log both. */
function logDefaults({ database, site, log }: MigrateOptions): void {
  if (!existsSync(database)) {
    const isUnset = (process.env['FOLLOWME_DATABASE'] ?? process.env['FOLLOWME_DATABASE_FILE'] ?? '') === ''
    const why = settingsFile() === undefined ? `and ${usualEnvFile} does not exist` : `not in ${settingsFile()} either`
    log(`new database ${resolve(database)}${isUnset ? `: FOLLOWME_DATABASE is not set, ${why}` : ''}`)
  }
  if (site === undefined) log('FOLLOWME_MIGRATIONS is not set: no site migrations were looked for')
}

/** Whether the database exists and has pending migrations. */
function isPending({ database, shipped, site }: MigrateOptions): boolean {
  if (!existsSync(database)) return false
  const store = Store.open(database, { readOnly: true })
  try {
    return store.pendingOwn(shipped).length > 0 || store.siteStanding({ shipped, site }).pending.length > 0
  } finally {
    store.close()
  }
}

function appliedCount(database: string): number {
  const store = Store.open(database, { readOnly: true })
  try {
    return store.appliedCount()
  } finally {
    store.close()
  }
}
