// Every command, in the order of the help and of docs/cli.md.
import type { Command } from 'commander'
import { backupCommand } from './commands/backup'
import { callCommand } from './commands/call'
import { callsCommand } from './commands/calls'
import { checkCommand } from './commands/check'
import { completionCommand } from './commands/completion'
import { coverageCommand } from './commands/coverage'
import { doctorCommand } from './commands/doctor'
import { explainCommand } from './commands/explain'
import { holidaysCommand } from './commands/holidays'
import { manPageCommand } from './commands/man-page'
import { migrateCommand } from './commands/migrate'
import { newMigrationCommand } from './commands/new-migration'
import { overrideCommand } from './commands/override'
import { replayCommand } from './commands/replay'
import { serveCommand } from './commands/serve'
import { targetsCommand } from './commands/targets'

export function commands(): Command[] {
  return [
    serveCommand(),
    migrateCommand(),
    newMigrationCommand(),
    holidaysCommand(),
    checkCommand(),
    explainCommand(),
    coverageCommand(),
    overrideCommand(),
    callsCommand(),
    callCommand(),
    replayCommand(),
    targetsCommand(),
    backupCommand(),
    doctorCommand(),
    completionCommand(),
    manPageCommand()
  ]
}
