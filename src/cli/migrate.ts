// followme migrate: brings the database up to date with the migrations, followme's own and the site's.
import { Command } from 'commander'
import { databasePath, shippedMigrations, siteMigrations } from '../config'
import { migrate } from '../store/migrate'

export function migrateCommand(): Command {
  return new Command('migrate')
    .description("apply pending migrations: followme's own, then those in FOLLOWME_MIGRATIONS")
    .action(() => {
      migrate({
        database: databasePath(),
        shipped: shippedMigrations(),
        site: siteMigrations(),
        log: (line) => console.log(line)
      })
    })
}
