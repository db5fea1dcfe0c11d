// What can be run or compared in a Markdown page: fenced blocks, the commands in them, rows of tables; each with its line.

/** A fenced block. `line` is that of its first line of text, from 1. */
export interface Block {
  readonly language: string
  readonly line: number
  /** Without a newline at the end. */
  readonly text: string
}

/** A command of a `console` block, and what the page shows it to print, without a newline at the end. */
export interface Example {
  readonly line: number
  readonly command: string
  readonly shown: string
}

/** A row of a table; code in a cell is without its backquotes. */
export interface Row {
  readonly line: number
  readonly cells: readonly string[]
}

export function blocksOf(page: string): Block[] {
  return Array.from(page.matchAll(/^```(\w+)\n([^]*?)\n?^```$/gm), ({ 1: language = '', 2: text = '', index }) => ({
    language,
    line: lineAt(page, index) + 1,
    text
  }))
}

/** The commands of a block: a line that begins with `$ ` is one, the lines up to the next are what it prints. */
export function examplesOf({ line, text }: Block): Example[] {
  return Array.from(
    text.matchAll(/^\$ (.*)$([^]*?)(?=^\$ |$(?![^]))/gm),
    ({ 1: command = '', 2: shown = '', index }) => ({
      line: line + lineAt(text, index) - 1,
      command,
      shown: shown.trim()
    })
  )
}

/** The words of a command, those in single quotes as one. */
export function wordsOf(command: string): string[] {
  return Array.from(command.matchAll(/'([^']*)'|(\S+)/g), ([, quoted, bare]) => quoted ?? bare ?? '')
}

/** Rows of the first table after `from` whose head is this line; none where there is no such table. */
export function rowsOf(page: string, head: string, from = 0): Row[] {
  const at = page.indexOf(`${head}\n`, from)
  if (at < 0) return []
  const first = lineAt(page, at) + 2
  const [table = ''] = page.slice(at).split(/^(?!\|)/m)
  return table
    .trimEnd()
    .split('\n')
    .slice(2)
    .map((row, index) => ({
      line: first + index,
      cells: row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replace(/^`([^`]*)`$/, '$1'))
    }))
}

/** The line, from 1, of a place in a text. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}
