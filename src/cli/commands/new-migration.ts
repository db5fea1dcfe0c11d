// followme new-migration: the next numbered file of the site's migrations, to be filled in.
import { Command } from 'commander'
import { siteMigrations } from '../../config/config'
import { AppError } from '../../errors'
import { migrationTemplate } from '../../store/migrations/migration-template'
import { createMigration, migrationName } from '../../store/migrations/new-migration'

export function newMigrationCommand(): Command {
  return new Command('new-migration')
    .description('make the next numbered migration of the site, with examples that are commented out; prints its path')
    .argument('<name>', "what it does, in a few words: 'night rota' makes 0007_night_rota.sql")
    .option('--directory <directory>', 'where it is made (default: FOLLOWME_MIGRATIONS)')
    .action((text: string, options: { readonly directory?: string }) => {
      const name = migrationName(text)
      const directory = options.directory ?? siteMigrations()
      if (directory === undefined || directory === '') {
        throw new AppError(
          'usage',
          'the directory of your migrations is not known: set FOLLOWME_MIGRATIONS, or give --directory'
        )
      }
      console.log(createMigration(directory, name, migrationTemplate(name.replaceAll('_', ' '))))
    })
}
