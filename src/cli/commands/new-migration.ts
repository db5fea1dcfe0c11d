// followme new-migration: creates the next numbered file of the site's migrations, for you to fill in.
import { Command } from 'commander'
import { siteMigrations } from '../../config/config'
import { AppError } from '../../errors'
import { migrationTemplate } from '../../store/migrations/migration-template'
import { createMigration, migrationName } from '../../store/migrations/new-migration'

export function newMigrationCommand(): Command {
  return new Command('new-migration')
    .description("create the site's next numbered migration, with commented-out examples, and print its path")
    .argument('<name>', "what it does, in a few words: 'night rota' makes 0007_night_rota.sql")
    .option('--directory <directory>', 'the directory to create it in (default: FOLLOWME_MIGRATIONS)')
    .action((text: string, options: { readonly directory?: string }) => {
      const name = migrationName(text)
      const directory = options.directory ?? siteMigrations()
      if (directory === undefined || directory === '') {
        throw new AppError('usage', 'no directory for the migration: set FOLLOWME_MIGRATIONS, or give --directory')
      }
      console.log(createMigration(directory, name, migrationTemplate(name.replaceAll('_', ' '))))
    })
}
