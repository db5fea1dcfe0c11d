// Directives in a migration's comments, such as `-- followme: removes targets, rules`. They allow what is otherwise refused.
import { AppError } from '../../errors'
import { isRuleTable, type RuleTable, ruleTables } from './row-watch'
import { lineCommentsOf } from './sql-script'

/** For each directive, the tables to whose rows it applies. */
export interface Directives {
  /** Rows may be removed along with another row, by REPLACE, or all at once. */
  readonly removes: ReadonlySet<RuleTable>
  /** All at once. */
  readonly changes: ReadonlySet<RuleTable>
  /** A row whose place is taken may be skipped, and a statement may match nothing. */
  readonly skips: ReadonlySet<RuleTable>
}

/** The line to add to a file. */
export function directive(verb: keyof Directives, tables: readonly string[]): string {
  return `-- followme: ${verb} ${tables.join(', ')}`
}

/** Throws `invalid`, with the line, if a directive is misspelt, because it would only be a comment. */
export function directivesOf(path: string, script: string): Directives {
  const found = { removes: new Set<RuleTable>(), changes: new Set<RuleTable>(), skips: new Set<RuleTable>() }
  if (!/--\s*followme\s*:/i.test(script)) return found
  for (const { text, line } of lineCommentsOf(script)) {
    const directive = /^--\s*followme\s*:\s*(.*?)\s*$/i.exec(text)?.[1]
    if (directive === undefined) continue
    const [, verb = '', list = ''] = /^(\w+)\s*(.*)$/.exec(directive.toLowerCase()) ?? []
    if (!Object.hasOwn(found, verb)) {
      throw fault(path, line, `"${directive}" is unknown`, 'write removes, changes or skips, then tables')
    }
    const tables = list.split(/[\s,]+/).filter((name) => name !== '')
    const wrong = tables.find((name) => !isRuleTable(name))
    if (wrong !== undefined || tables.length === 0) {
      const known = Object.keys(ruleTables).join(', ')
      throw fault(
        path,
        line,
        wrong === undefined ? 'it names no table' : `table "${wrong}" is unknown`,
        `write ${known}`
      )
    }
    for (const table of tables.filter(isRuleTable)) found[verb as keyof Directives].add(table)
  }
  return found
}

function fault(path: string, line: number, what: string, cure: string): AppError {
  return new AppError('invalid', `migration ${path}, line ${line}, the comment "-- followme:": ${what}; ${cure}`)
}
