// The manual page followme(1), in the man macros of roff, made from the same definitions as --help.
import type { Argument, Command, Option } from 'commander'
import { usualEnvFile } from '../../config/environment'

/** The exit statuses of every command. */
const statuses = [
  ['0', 'Success.'],
  ['1', 'The answer is "no": no such call or number, check found an error, doctor found a fault.'],
  ['2', 'Wrong usage.'],
  ['3', 'The command could not run, or its output could not be written.']
] as const

export function manPage(program: Command): string {
  const [summary = ''] = program.description().split(/\.$/)
  const sections = [
    `.TH FOLLOWME 1 "" ${quoted(`followme ${program.version() ?? ''}`)} "User Commands"`,
    '.SH NAME',
    `followme \\- ${text(summary)}`,
    '.SH SYNOPSIS',
    `.B followme\n[\\fIoptions\\fR] \\fIcommand\\fR [\\fIarguments\\fR]`,
    '.SH OPTIONS',
    ...optionsOf(program),
    '.SH COMMANDS',
    ...commandsOf(program),
    '.SH EXIT STATUS',
    ...statuses.map(([status, meaning]) => term(text(status), meaning)),
    '.SH FILES',
    term(
      `\\fI${text(usualEnvFile)}\\fR`,
      'The settings, one NAME=value a line, unless FOLLOWME_DATABASE is set or --env-file names another file.'
    )
  ]
  return `${sections.join('\n')}\n`
}

/** Each command with its arguments and options. A command with subcommands is listed as those subcommands. */
function commandsOf(command: Command, path = 'followme'): string[] {
  const help = command.createHelp()
  return help
    .visibleCommands(command)
    .filter((each) => each.name() !== 'help')
    .flatMap((each) => {
      const name = `${path} ${each.name()}`
      const below = commandsOf(each, name)
      if (below.length > 0) return below
      return [
        `.SS ${quoted([name, ...each.registeredArguments.map((argument) => help.argumentTerm(argument)).map(bracketed(each)), '[options]'].join(' '))}`,
        text(sentence(help.subcommandDescription(each))),
        ...each.registeredArguments.map((argument) => argumentText(argument)),
        ...optionsOf(each)
      ]
    })
}

function bracketed(command: Command): (name: string, index: number) => string {
  return (name, index) => (command.registeredArguments[index]?.required === false ? `[${name}]` : `<${name}>`)
}

function argumentText(argument: Argument): string {
  const choices = argument.argChoices === undefined ? '' : `: ${argument.argChoices.join(', ')}`
  return term(`\\fI${text(argument.name())}\\fR`, sentence(`${argument.description}${choices}`))
}

function optionsOf(command: Command): string[] {
  const help = command.createHelp()
  const own = help.visibleOptions(command).filter(({ long }) => long !== '--help' || command.parent === null)
  return own.map((option: Option) => term(`\\fB${text(option.flags)}\\fR`, sentence(help.optionDescription(option))))
}

function term(name: string, meaning: string): string {
  return `.TP\n${name}\n${text(meaning)}`
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.!?]$/.test(words) ? '' : '.'}`
}

/** Text that roff prints unchanged; for a macro argument, see {@link quoted}. */
function text(plain: string): string {
  return plain
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replace(/[^\n -~]/gu, (sign) => `\\[u${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`)
    .replace(/^\./gm, '\\&.')
}

function quoted(plain: string): string {
  return `"${text(plain).replaceAll('"', '\\(dq')}"`
}
