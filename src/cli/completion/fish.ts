// The completion script for fish.
import { type CommandNode, type OptionNode, type CompletionValue, withSubcommands } from './command-tree'

export function fishScript(root: CommandNode): string {
  return `${[
    '# fish completion for followme: followme completion fish | source',
    'complete -c followme -f',
    ...withSubcommands(root).flatMap(linesOf)
  ].join('\n')}\n`
}

function linesOf(node: CommandNode): string[] {
  const seen = node.path.map((name) => `__fish_seen_subcommand_from ${name}`)
  const names = node.commands.map(({ name }) => name).join(' ')
  const before = [...seen, ...(names === '' ? [] : [`not __fish_seen_subcommand_from ${names}`])].join('; and ')
  const here = before === '' ? '' : ` -n ${quoted(before)}`
  // The program's own options may also follow a command.
  const options = node.options.map(
    (each) => `complete -c followme${node.path.length === 0 ? '' : here}${optionOf(each)}`
  )
  const commands = node.commands.map(
    ({ name, description }) => `complete -c followme${here} -a ${name} -d ${quoted(description)}`
  )
  const values = node.values.flatMap((value) => {
    const offer = offerOf(value)
    return offer === '' ? [] : [`complete -c followme${here}${offer}`]
  })
  return [...commands, ...options, ...values]
}

function optionOf({ short, long, description, value }: OptionNode): string {
  const names = [
    short === undefined ? '' : ` -s ${short.slice(1)}`,
    long === undefined ? '' : ` -l ${long.slice(2)}`
  ].join('')
  return `${names} -d ${quoted(description)}${value === undefined ? '' : ` ${value.kind === 'file' ? '-r' : '-x'}${offerOf(value)}`}`
}

function offerOf({ kind, words }: CompletionValue): string {
  if (kind === 'file') return ' -F'
  if (kind === 'directory') return " -a '(__fish_complete_directories)'"
  return kind === 'words' ? ` -a ${quoted(words.join(' '))}` : ''
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}
