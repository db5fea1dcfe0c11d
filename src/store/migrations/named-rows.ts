// Whether an UPDATE or DELETE names the rows it means, or has a WHERE that happens to match all rows. It reads no database.
import { conditionOf, rowChangeOf, type Statement, unquoted } from './sql-script'

/**
 * Whether the WHERE of a statement gives values for a column of the key: `number = '+44…'`, `step IN (1, 2)`, `(number, rule)
 * IN (VALUES (…))`. With OR, every alternative must.
 */
export function namesRows(statement: Statement, key: readonly string[]): boolean {
  const { table = '', alias = table } = rowChangeOf(statement) ?? {}
  return givesValues(conditionOf(statement), new Set(key.flatMap((column) => [column, `${alias}.${column}`])))
}

function givesValues(words: readonly string[], columns: ReadonlySet<string>): boolean {
  const alternatives = split(words, /^OR$/i)
  if (alternatives.length > 1) return alternatives.every((each) => givesValues(each, columns))
  const conditions = split(words, /^AND$/i)
  if (conditions.length > 1) return conditions.some((each) => givesValues(each, columns))
  const inner = withinBrackets(words)
  if (inner !== undefined) return givesValues(inner, columns)
  const [left = [], ...right] = split(words, /^(=|IS|IN)$/i)
  const isConstant = right.length > 0 && right.flat().every((word) => /^(['\d]|[-+.,()]$|VALUES$)/i.test(word))
  return isConstant && split(withinBrackets(left) ?? left, /^,$/).some((each) => columns.has(nameOf(each)))
}

function nameOf(words: readonly string[]): string {
  return words.map(unquoted).join('')
}

/** The words between the first and the last bracket, if these match each other. */
function withinBrackets(words: readonly string[]): readonly string[] | undefined {
  if (words[0] !== '(' || words.at(-1) !== ')') return undefined
  let depth = 0
  const closed = words.findIndex((word) => (depth += depthBy(word)) === 0)
  return closed === words.length - 1 ? words.slice(1, -1) : undefined
}

/** Splits at matching words outside brackets. */
function split(words: readonly string[], at: RegExp): string[][] {
  const parts: string[][] = [[]]
  let depth = 0
  for (const word of words) {
    depth += depthBy(word)
    if (depth === 0 && at.test(word)) parts.push([])
    else parts.at(-1)?.push(word)
  }
  return parts
}

function depthBy(word: string): number {
  return word === '(' ? 1 : word === ')' ? -1 : 0
}
