// Every command, in the order in which the help and docs/cli.md have them.
import type { Command } from 'commander'
import { backupCommand } from './backup'
import { callCommand } from './call'
import { callsCommand } from './calls'
import { checkCommand } from './check'
import { coverageCommand } from './coverage'
import { doctorCommand } from './doctor'
import { explainCommand } from './explain'
import { holidaysCommand } from './holidays'
import { migrateCommand } from './migrate'
import { newMigrationCommand } from './new-migration'
import { overrideCommand } from './override'
import { replayCommand } from './replay'
import { serveCommand } from './serve'

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
    backupCommand(),
    doctorCommand()
  ]
}
