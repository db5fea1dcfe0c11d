// Reads Asterisk's configuration files and the files they include. No interface of Asterisk shows lines in a section that it
// ignores, or lines written twice.
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

export interface Section {
  readonly name: string
  /** Written with `(+)`: its lines belong to the earlier section of that name. */
  readonly isAddition: boolean
  readonly lines: readonly { readonly key: string; readonly value: string }[]
}

export interface Configuration {
  /** In order; lines before the first section are in none. */
  readonly sections: readonly Section[]
  /** Paths of the included files, once for each include. */
  readonly includes: readonly string[]
}

const deepest = 10

/** The file and everything it includes; undefined if it cannot be read. */
export function readConfiguration(directory: string, file: string): Configuration | undefined {
  const sections: { name: string; isAddition: boolean; lines: { key: string; value: string }[] }[] = []
  const includes: string[] = []
  const read = (path: string, depth: number): boolean => {
    let text: string
    try {
      text = readFileSync(path, 'utf8')
    } catch {
      return false
    }
    for (const line of linesOf(text)) {
      const [, included] = /^#(?:try)?include\s+(.+)$/i.exec(line) ?? []
      const [, name, marks = ''] = /^\[([^\]]+)\](\([^)]*\))?/.exec(line) ?? []
      const [, key, value] = /^([^=]+?)\s*=>?\s*(.*)$/.exec(line) ?? []
      if (included !== undefined && depth < deepest) {
        for (const each of filesOf(directory, included.replace(/^["<]|[">]$/g, ''))) {
          includes.push(each)
          read(each, depth + 1)
        }
      } else if (name !== undefined) {
        sections.push({ name, isAddition: marks.includes('+'), lines: [] })
      } else if (key !== undefined && value !== undefined) {
        sections.at(-1)?.lines.push({ key, value })
      }
    }
    return true
  }
  return read(join(directory, file), 0) ? { sections, includes } : undefined
}

/** Names of sections that occur more than once; Asterisk uses only the first. */
export function repeatedSections({ sections }: Configuration): string[] {
  const names = sections.filter(({ isAddition }) => !isAddition).map(({ name }) => name)
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))]
}

/** A key's last value in the first section of that name, as Asterisk's ast_variable_browse reads it. */
export function valueIn({ sections }: Configuration, section: string, key: string): string | undefined {
  const first = sections.findIndex(({ name, isAddition }) => name === section && !isAddition)
  return sections
    .filter(({ name, isAddition }, at) => at === first || (name === section && isAddition))
    .flatMap(({ lines }) => lines)
    .findLast((line) => line.key.toLowerCase() === key.toLowerCase())?.value
}

/** The text without comments: `;` to the end of the line, unless escaped, and `;--` to `--;`. */
function linesOf(text: string): string[] {
  return text
    .replace(/;--(?!-)[^]*?--;/g, '')
    .split(/\r?\n/)
    .map((line) => line.replace(/(^|[^\\]);.*$/, '$1').trim())
    .filter((line) => line !== '')
}

/** An include may contain `*`. */
function filesOf(directory: string, name: string): string[] {
  const path = resolve(directory, name)
  if (!basename(path).includes('*')) return [path]
  const pattern = new RegExp(`^${basename(path).split('*').map(escaped).join('.*')}$`)
  try {
    return readdirSync(dirname(path))
      .filter((each) => pattern.test(each))
      .sort()
      .map((each) => join(dirname(path), each))
  } catch {
    return []
  }
}

function escaped(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&')
}
