// argv → command line → exit status: 0 fine, 1 the answer is "no", 2 wrong usage, 3 could not run.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Command, CommanderError, Option } from 'commander'
import { commands } from './commands'
import { AppError, reasonOf } from '../errors'
import { useZoneData } from '../rules/schedule/time-zones'
import { loadEnvironment, usualEnvFile } from '../config/environment'
import { explained } from './unexpected-errors'
import { guardOutput } from '../system/output'

function program(): Command {
  const { version } = JSON.parse(readFileSync(path.join(__dirname, '../../package.json'), 'utf8')) as {
    version: string
  }
  const followme = new Command('followme')
    .description('Virtual phone numbers for Asterisk: the right people ring, one after another, until one answers.')
    .version(version, '-V, --version', 'print the version (-v, too)')
    .addOption(new Option('-v').hideHelp())
    .option('--env-file <file>', `the settings file (default: ${usualEnvFile}, if FOLLOWME_DATABASE is not set)`)
    // The arguments of each command are in its own help.
    .configureHelp({ helpWidth: 80, subcommandTerm: (command) => command.name() })
    .on('option:v', () => {
      process.stdout.write(`${version}\n`)
      throw new CommanderError(0, 'commander.version', version)
    })
    .hook('preAction', (_, command) => {
      if (isAboutItself(command)) return
      loadEnvironment({ envFile: followme.opts<{ envFile?: string }>().envFile })
    })
  for (const command of commands()) {
    followme.addCommand(command, { hidden: command.name() === 'man-page' })
  }
  // Loading it takes a moment, and --help does not need it.
  followme.hook('preAction', async (_, command) => {
    if (isAboutItself(command)) return
    const { readZoneData } = await import('../system/zone-data.js')
    useZoneData(readZoneData)
  })
  neverExit(followme)
  return followme
}

/** Whether a command only describes the program, and so needs no settings. */
function isAboutItself(command: Command): boolean {
  return ['completion', 'man-page'].includes(command.name())
}

/** Makes a command and its subcommands throw where Commander would exit with a status of its own. */
function neverExit(command: Command): void {
  command.exitOverride()
  command.commands.forEach(neverExit)
}

/** Runs the command that the program's arguments name, and sets the exit status. */
export async function run(): Promise<void> {
  guardOutput()
  const status = await statusOf()
  // A command whose answer is "no" has already set its status.
  if (status !== 0) process.exitCode = status
}

async function statusOf(): Promise<number> {
  try {
    await program().parseAsync()
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    const fault = explained(error)
    process.stderr.write(`followme: ${reasonOf(fault)}\n`)
    if (!(fault instanceof AppError) && fault instanceof Error) process.stderr.write(`${fault.stack ?? ''}\n`)
    if (!(fault instanceof AppError)) return 3
    return fault.code === 'usage' ? 2 : fault.code === 'not-found' ? 1 : 3
  }
}
