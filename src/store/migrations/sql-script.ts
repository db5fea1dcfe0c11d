// Splits an SQL script into its statements, so that a failing one can be reported with its line. It reads no database.

/** One statement, without the comments and blanks around it. `line` is where it begins, from 1. */
export interface Statement {
  readonly text: string
  readonly line: number
}

interface Token {
  readonly text: string
  /** Where it begins in the script. */
  readonly at: number
  readonly line: number
}

// Comments and quoted text are single tokens, so that a semicolon or bracket within them does not count.
const tokens =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'[^']*(?:''[^']*)*(?:'|$)|"[^"]*(?:""[^"]*)*(?:"|$)|`[^`]*(?:``[^`]*)*(?:`|$)|\[[^\]]*(?:\]|$)|[\p{L}_][\p{L}\p{N}_$]*|\S/gu

/** The statements of a script. A trigger's body is part of its statement, as in SQLite's own shell. */
export function statementsOf(script: string): Statement[] {
  const statements: Statement[] = []
  let current: Token[] = []
  const finish = (): void => {
    const [first] = current
    const last = current.at(-1)
    if (first !== undefined && last !== undefined) {
      statements.push({ text: script.slice(first.at, last.at + last.text.length), line: first.line })
    }
    current = []
  }
  for (const token of tokensOf(script)) {
    if (token.text !== ';') current.push(token)
    else if (endsHere(current)) finish()
    else current.push(token)
  }
  finish()
  return statements
}

/** Whether a script contains a statement, and not only comments, blanks and semicolons. */
export function hasStatement(script: string): boolean {
  for (const { text } of tokensOf(script)) if (text !== ';') return true
  return false
}

/** The words that open a statement, in capitals: `INSERT INTO`, `BEGIN`. */
export function keywordsOf(statement: Statement, count: number): string {
  const words: string[] = []
  for (const token of tokensOf(statement.text)) {
    words.push(token.text.toUpperCase())
    if (words.length === count) break
  }
  return words.join(' ')
}

/** What a statement does to the rows of a table. */
export interface RowChange {
  readonly verb: 'INSERT' | 'UPDATE' | 'DELETE'
  /** The table that the statement names. */
  readonly table: string
  /** Its alias in the statement. */
  readonly alias?: string
}

/** Which table a statement changes, and how; undefined if it changes no rows. It may start with WITH. */
export function rowChangeOf(statement: Statement): RowChange | undefined {
  const words = outerWords(statement)
  const next = (): string => words.next().value ?? ''
  let word = next()
  if (word.toUpperCase() === 'WITH') while (word !== '' && !changing.test(word)) word = next()
  if (!changing.test(word)) return undefined
  const keyword = word.toUpperCase()
  word = next()
  if (word.toUpperCase() === 'OR') {
    next()
    word = next()
  }
  if (/^(INTO|FROM)$/i.test(word)) word = next()
  let after = next()
  if (after === '.') {
    word = next()
    after = next()
  }
  if (after.toUpperCase() === 'AS') after = next()
  const alias = /^[\w"`[]/.test(after) && !notAlias.test(after) ? { alias: unquoted(after) } : {}
  return { verb: keyword === 'UPDATE' || keyword === 'DELETE' ? keyword : 'INSERT', table: unquoted(word), ...alias }
}

const changing = /^(INSERT|REPLACE|UPDATE|DELETE)$/i
const notAlias = /^(SET|WHERE|INDEXED|NOT|RETURNING|ORDER|LIMIT|VALUES|SELECT|DEFAULT|WITH)$/i

/** The words of a statement's own WHERE, including those within brackets. */
export function conditionOf(statement: Statement): string[] {
  const words: string[] = []
  let depth = 0
  let within = false
  for (const { text } of tokensOf(statement.text)) {
    if (text === '(') depth++
    else if (text === ')') depth--
    if (depth === 0 && /^(RETURNING|ORDER|LIMIT)$/i.test(text)) within = false
    if (within) words.push(text)
    if (depth === 0 && /^WHERE$/i.test(text)) within = true
  }
  return words
}

/** Whether the affected rows are arbitrary, because the statement has a LIMIT without an ORDER BY. */
export function isLimitedAtRandom(statement: Statement): boolean {
  const words = [...outerWords(statement)].map((word) => word.toUpperCase())
  return words.includes('LIMIT') && !words.includes('ORDER')
}

// The words outside all brackets, read lazily, because a statement may have a hundred thousand rows.
function* outerWords(statement: Statement): Generator<string, undefined> {
  let depth = 0
  for (const { text } of tokensOf(statement.text)) {
    if (text === '(') depth++
    else if (text === ')') depth--
    else if (depth === 0) yield text
  }
  return undefined
}

/** A name as SQLite compares it: `rules` for `"Rules"`. */
export function unquoted(name: string): string {
  return (/^["'`[]/.test(name) ? name.slice(1, -1) : name).toLowerCase()
}

/** The comments of one line, `--` included, each with its line. */
export function* lineCommentsOf(script: string): Generator<Statement> {
  for (const { text, line } of allTokens(script)) if (text.startsWith('--')) yield { text, line }
}

/** A script with `\n` as line end and without blank lines; text, names and comments are unchanged. */
export function withoutBlankLines(script: string): string {
  const parts: string[] = []
  let end = 0
  for (const { text, at } of allTokens(script)) {
    const gap = script.slice(end, at)
    parts.push(end === 0 ? gap.replace(/^[^]*\n/, '') : gap.replace(/\n[^]*\n/, '\n'), text)
    end = at + text.length
  }
  return parts.join('')
}

/** Something that begins in a script, in words, and the line where it begins, from 1. */
export interface Begun {
  readonly what: string
  readonly line: number
}

/** The comment that never ends; undefined if all end. To SQLite such a comment ends with the script. */
export function unclosedCommentIn(script: string): Begun | undefined {
  for (const { text, line } of allTokens(script)) {
    if (text.startsWith('/*') && (text.length < 4 || !text.endsWith('*/'))) return { what: 'a comment (/*)', line }
  }
  return undefined
}

/** The quoted text, name or bracket of a statement that never ends; undefined if all end. */
export function unclosedIn({ text: statement, line: from }: Statement): Begun | undefined {
  const brackets: number[] = []
  for (const { text, line } of tokensOf(statement)) {
    const [opening = ''] = text
    if (`'"\`[`.includes(opening) && !isClosed(text, opening === '[' ? ']' : opening)) {
      return { what: `a ${opening === "'" ? 'text' : 'name'} (${opening})`, line: from + line - 1 }
    }
    if (text === '(') brackets.push(from + line - 1)
    if (text === ')') brackets.pop()
  }
  const line = brackets.at(-1)
  return line === undefined ? undefined : { what: 'a bracket', line }
}

function isClosed(quoted: string, closing: string): boolean {
  return quoted
    .slice(1)
    .replaceAll(closing + closing, '')
    .endsWith(closing)
}

/** The first typographic quote of a statement outside text and comments; SQLite treats it as a letter. */
export function typographicQuoteIn({ text: statement, line: from }: Statement): Begun | undefined {
  for (const { text, line } of tokensOf(statement)) {
    if (/^[‘’‚‛“”„‟«»′″]$/.test(text)) return { what: text, line: from + line - 1 }
  }
  return undefined
}

/** The first parameter of a statement (`?`, `:name`), which would have no value; undefined if there is none. */
export function parameterIn({ text: statement, line: from }: Statement): Begun | undefined {
  for (const { text, at, line } of tokensOf(statement)) {
    const [what] = /^(?:\?\d*|[:@$]\w+)/.exec(statement.slice(at, at + 40)) ?? []
    if (what !== undefined && /[?:@$]/.test(text)) return { what, line: from + line - 1 }
  }
  return undefined
}

/**
 * An INSERT of several rows as one INSERT each, every one with the line of its row; undefined for anything else. It is used to
 * find the faulty row. A statement with a clause after the rows (ON CONFLICT, RETURNING) also gives undefined.
 */
export function insertsOfOneRow(statement: Statement): (Statement & { readonly row: string })[] | undefined {
  const all = [...tokensOf(statement.text)]
  const values = all.findIndex((token) => token.text.toUpperCase() === 'VALUES')
  if (values < 0 || !/^(INSERT|REPLACE)$/i.test(all[0]?.text ?? '')) return undefined
  const head = statement.text.slice(0, (all[values]?.at ?? 0) + 'VALUES'.length)
  const rows: (Statement & { row: string })[] = []
  let depth = 0
  let start: Token | undefined
  for (const token of all.slice(values + 1)) {
    if (token.text === '(' && depth++ === 0) start = token
    else if (token.text === ')' && --depth === 0 && start !== undefined) {
      const row = statement.text.slice(start.at, token.at + 1)
      rows.push({ text: `${head} ${row}`, line: statement.line + start.line - 1, row })
    } else if (depth === 0 && token.text !== ',') return undefined
  }
  return rows
}

function endsHere(current: readonly Token[]): boolean {
  const opening = current.slice(0, 3).map((token) => token.text.toUpperCase())
  const trigger = opening[0] === 'CREATE' && opening.slice(1).includes('TRIGGER')
  // Like sqlite3_complete(): a trigger ends with END; only, if that END follows a semicolon, so it is not the END of a CASE.
  return !trigger || (current.at(-1)?.text.toUpperCase() === 'END' && current.at(-2)?.text === ';')
}

function* tokensOf(script: string): Generator<Token> {
  for (const token of allTokens(script)) {
    if (!token.text.startsWith('--') && !token.text.startsWith('/*')) yield token
  }
}

// Includes comments. Counts lines in the same pass, because a script may have a hundred thousand rows.
function* allTokens(script: string): Generator<Token> {
  let line = 1
  let newline = script.indexOf('\n')
  for (const { 0: text, index: at } of script.matchAll(tokens)) {
    for (; newline >= 0 && newline < at; newline = script.indexOf('\n', newline + 1)) line++
    yield { text, at, line }
  }
}
