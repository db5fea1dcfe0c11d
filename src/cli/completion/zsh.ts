// The completion script for zsh.
import type { CommandNode, OptionNode, CompletionValue } from './command-tree'

/** Source it after compinit, or save it as `_followme` in a directory of $fpath. */
export function zshScript(root: CommandNode): string {
  return `#compdef followme
# zsh completion for followme: source <(followme completion zsh)
${functionsOf(root).join('\n')}
if [[ $funcstack[1] == _followme ]]; then
  _followme "$@"
else
  compdef _followme followme
fi
`
}

/** One function per command, which calls those of its subcommands. */
function functionsOf(node: CommandNode): string[] {
  const options = node.options.flatMap(optionSpecs)
  if (node.commands.length === 0) {
    const values = node.values.map((value, index) => quoted(`${index + 1}:${escaped(value.name)}:${actionOf(value)}`))
    return [`${nameOf(node)}() {\n  _arguments ${continued([...options, ...values])}\n}`]
  }
  const commands = node.commands.map(({ name, description }) => quoted(`${name}:${description}`))
  const own = `${nameOf(node)}() {
  local state line
  local -a commands
  _arguments -C ${continued([...options, quoted('1: :->command'), quoted('*:: :->arguments')])}
  case $state in
  command)
    commands=(${commands.map((each) => `\n      ${each}`).join('')}
    )
    _describe command commands
    ;;
  arguments)
    case $line[1] in
${node.commands.map((each) => `    ${each.name}) ${nameOf(each)} ;;`).join('\n')}
    esac
    ;;
  esac
}`
  return [...node.commands.flatMap(functionsOf), own]
}

function nameOf({ path }: CommandNode): string {
  return ['_followme', ...path].join('_').replaceAll('-', '_')
}

function optionSpecs({ short, long, description, value }: OptionNode): string[] {
  const names = [short, long].flatMap((each) => each ?? [])
  const others = names.length > 1 ? `(${names.join(' ')})` : ''
  const what = value === undefined ? '' : `:${escaped(value.name)}:${actionOf(value)}`
  return names.map((name) => quoted(`${others}${name}[${escaped(description)}]${what}`))
}

function actionOf({ kind, words }: CompletionValue): string {
  if (kind === 'file') return '_files'
  if (kind === 'directory') return '_files -/'
  return kind === 'words' ? `(${words.map(escaped).join(' ')})` : ' '
}

function continued(specs: readonly string[]): string {
  return specs.map((each) => `\\\n    ${each}`).join(' ')
}

/** Brackets and colons are separators to _arguments. */
function escaped(text: string): string {
  return text.replace(/[\\[\]:]/g, '\\$&')
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
