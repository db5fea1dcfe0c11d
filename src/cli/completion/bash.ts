// The completion script for bash.
import { type CommandNode, type CompletionValue, withSubcommands } from './command-tree'

/** Needs only bash 4. `_followme` finds out which command is being typed, then offers what fits there. */
export function bashScript(root: CommandNode): string {
  const nodes = withSubcommands(root)
  const own = nodes.filter(({ path }) => path.length > 0)
  return `# bash completion for followme: source <(followme completion bash)
_followme() {
  local cur=\${COMP_WORDS[COMP_CWORD]} path='' given=0 option='' words='' files='' word i
  [[ $cur == '=' ]] && cur=''
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    [[ $word == '=' ]] && continue
    if [[ -n $option ]]; then
      option=''
      continue
    fi
    case "$path $word" in
${arms(patternsOf(root, nodes), 'option="$path $word"')}
    *' -'*) ;;
${arms(own.map(({ path }) => quoted(` ${path.join(' ')}`)).join(' | '), 'path="$path $word" given=0')}
    *) given=$((given + 1)) ;;
    esac
  done
  if [[ -n $option ]]; then
    case "$option" in
${valueArms(root, nodes).join('\n')}
    esac
  elif [[ $cur == -* ]]; then
    case "$path" in
${nodes.map((node) => arms(quoted(pathOf(node)), `words=${quoted(optionNames(node).join(' '))}`)).join('\n')}
    esac
  else
    case "$path $given" in
${argumentArms(nodes).join('\n')}
    esac
  fi
  if [[ -n $files ]]; then
    mapfile -t COMPREPLY < <(compgen -A "$files" -- "$cur")
    compopt -o filenames 2> /dev/null
  else
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
    [[ \${#COMPREPLY[@]} == 1 && \${COMPREPLY[0]} == *: ]] && compopt -o nospace 2> /dev/null
  fi
  return 0
}
complete -F _followme followme
`
}

function pathOf({ path }: CommandNode): string {
  return path.map((name) => ` ${name}`).join('')
}

function optionNames({ options }: CommandNode): string[] {
  return options.flatMap(({ short, long }) => [short, long].flatMap((each) => each ?? []))
}

/** Options that take a value. The program's own options may also follow a command. */
function patternsOf(root: CommandNode, nodes: readonly CommandNode[]): string {
  return optionsWithValue(root, nodes)
    .map(({ pattern }) => pattern)
    .join(' | ')
}

function valueArms(root: CommandNode, nodes: readonly CommandNode[]): string[] {
  return optionsWithValue(root, nodes).flatMap(({ pattern, value }) => {
    const offer = offerOf(value)
    return offer === undefined ? [] : [arms(pattern, offer)]
  })
}

function optionsWithValue(root: CommandNode, nodes: readonly CommandNode[]) {
  return nodes.flatMap((node) =>
    node.options.flatMap(({ short, long, value }) =>
      value === undefined
        ? []
        : [short, long].flatMap((name) =>
            name === undefined
              ? []
              : [{ pattern: node === root ? `*${quoted(` ${name}`)}` : quoted(`${pathOf(node)} ${name}`), value }]
          )
    )
  )
}

function argumentArms(nodes: readonly CommandNode[]): string[] {
  return nodes.flatMap((node) => {
    const commands = node.commands.map(({ name }) => name).join(' ')
    if (commands !== '') return [arms(quoted(`${pathOf(node)} 0`), `words=${quoted(commands)}`)]
    return node.values.flatMap((value, index) => {
      const offer = offerOf(value)
      return offer === undefined ? [] : [arms(quoted(`${pathOf(node)} ${index}`), offer)]
    })
  })
}

function offerOf({ kind, words }: CompletionValue): string | undefined {
  if (kind === 'text') return undefined
  return kind === 'words' ? `words=${quoted(words.join(' '))}` : `files=${kind}`
}

function arms(pattern: string, work: string): string {
  return `    ${pattern}) ${work} ;;`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
