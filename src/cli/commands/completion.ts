// followme completion: prints a completion script for a shell, generated from the command definitions.
import { Argument, Command } from 'commander'
import { bashScript } from '../completion/bash'
import { type CommandNode, commandTree } from '../completion/command-tree'
import { fishScript } from '../completion/fish'
import { zshScript } from '../completion/zsh'

type Shell = 'bash' | 'zsh' | 'fish'

const scripts: Readonly<Record<Shell, (root: CommandNode) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript
}

export function completionCommand(): Command {
  return new Command('completion')
    .description('print a completion script for your shell to source')
    .addArgument(new Argument('<shell>', 'your shell').choices(Object.keys(scripts)))
    .action((shell: Shell, _: object, command: Command) => {
      process.stdout.write(scripts[shell](commandTree(command.parent ?? command)))
    })
}
