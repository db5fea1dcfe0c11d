// followme man-page: the manual page, as the build writes it to dist/followme.1. Not in the help.
import { Command } from 'commander'
import { manPage } from '../support/man-page'

export function manPageCommand(): Command {
  return new Command('man-page').description('print the manual page in roff').action((_: object, command: Command) => {
    process.stdout.write(manPage(command.parent ?? command))
  })
}
