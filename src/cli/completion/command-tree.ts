// The command line as data, read from Commander's definitions: the source of the completion scripts.
import type { Argument, Command, Option } from 'commander'
import { valuesOf } from '../support/completion-values'

/** What a value can be: one of several words, a file, a directory, or free text. */
export interface CompletionValue {
  readonly name: string
  readonly kind: 'words' | 'file' | 'directory' | 'text'
  readonly words: readonly string[]
}

export interface OptionNode {
  readonly short: string | undefined
  readonly long: string | undefined
  readonly description: string
  /** The option's value; undefined for a flag. */
  readonly value: CompletionValue | undefined
}

export interface CommandNode {
  /** The command's full name without the program: `override set`. */
  readonly path: readonly string[]
  readonly name: string
  readonly description: string
  readonly options: readonly OptionNode[]
  readonly values: readonly CompletionValue[]
  readonly commands: readonly CommandNode[]
}

/** Hidden commands and options are left out. */
export function commandTree(command: Command, path: readonly string[] = []): CommandNode {
  const help = command.createHelp()
  return {
    path,
    name: command.name(),
    description: help.subcommandDescription(command),
    options: help.visibleOptions(command).map(optionNode),
    values: command.registeredArguments.map((argument) => valueOf(argument.name(), argument)),
    commands: help.visibleCommands(command).map((each) => commandTree(each, [...path, each.name()]))
  }
}

/** A command and its subcommands, depth first. */
export function withSubcommands(node: CommandNode): CommandNode[] {
  return [node, ...node.commands.flatMap(withSubcommands)]
}

function optionNode(option: Option): OptionNode {
  const [, name] = /[<[](.*?)[>\]]/.exec(option.flags) ?? []
  return {
    short: option.short,
    long: option.long,
    description: option.description,
    value: name === undefined ? undefined : valueOf(name, option)
  }
}

function valueOf(name: string, word: Argument | Option): CompletionValue {
  const words = valuesOf(word)
  if (words.length > 0) return { name, kind: 'words', words }
  return { name, kind: name === 'file' || name === 'directory' ? name : 'text', words }
}
