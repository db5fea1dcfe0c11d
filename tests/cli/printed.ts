// What a command of followme prints, run in this process.
import type { Command } from 'commander'

/** Runs a command, and gives the lines that it prints to standard output. */
export async function printedBy(command: Command, ...args: readonly string[]): Promise<string[]> {
  const lines: string[] = []
  const log = jest.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line))
  try {
    await command.parseAsync(args, { from: 'user' })
  } finally {
    log.mockRestore()
  }
  return lines
}
