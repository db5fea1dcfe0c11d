// SQL of other databases, shells and word processors, and what to write instead. It reads no database.
import { keywordsOf, typographicQuoteIn, type Statement } from './sql-script'

const instead: Readonly<Record<string, string>> = {
  GO: 'GO is for the tools of SQL Server: remove it, and end each statement with a semicolon',
  DELIMITER: 'DELIMITER is for the mysql program: remove it',
  TRUNCATE: 'SQLite has no TRUNCATE: write DELETE FROM, and which rows',
  IGNORE: 'in SQLite it is INSERT OR IGNORE INTO',
  DUPLICATE: 'in SQLite it is ON CONFLICT (…) DO UPDATE SET',
  '#': 'a comment begins with --'
}

/** What to write instead, for an error of SQLite; undefined if unknown. */
export function hintFor(statement: Statement, message: string): string | undefined {
  if (/^no such column|syntax error|unrecognized token/.test(message)) {
    const quote = typographicQuoteIn(statement)
    if (quote !== undefined) return `${quote.what} in line ${quote.line} is a typographic quote: write ' around a text`
  }
  const [, near = ''] = /(?:near|token:) "([^"]+?)"/.exec(message) ?? []
  if (near === '.' && keywordsOf(statement, 1) === '.') {
    return 'commands of the sqlite3 program, such as .read, are not SQL: write the statements themselves'
  }
  const word = near.toUpperCase()
  return Object.hasOwn(instead, word) ? instead[word] : undefined
}
