// Faults of rows that people wrote: `check` reports them, and a decision notes them when it skips a row. PURE.
import { AppError, reasonOf } from '../errors'

/** A row that satisfies every constraint of the database and is still wrong. */
export interface Fault {
  readonly table: string
  /** The row's key, for people: `+14155550100, day`. */
  readonly key: string
  /** An error keeps a migration from being applied; a warning does not. */
  readonly level: 'error' | 'warning'
  readonly message: string
  readonly cure: string
}

/** A fault without the row that has it. */
export type Finding = Omit<Fault, 'table' | 'key'>

/** An error. The message does not name the row. */
export function error(message: string, cure: string): Finding {
  return { level: 'error', message, cure }
}

/** A warning, for a value that has no effect but does no harm. The message does not name the row. */
export function warning(message: string, cure: string): Finding {
  return { level: 'warning', message, cure }
}

/**
 * The fault that a parser of rules/ finds in a value; undefined if it accepts it. Only an AppError is a fault of the value: any
 * other error is a bug, and is thrown again.
 */
export function findingOf(parse: () => unknown): Finding | undefined {
  try {
    parse()
    return undefined
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    // Every message of the parsers ends with a colon and the cure.
    const text = reasonOf(thrown)
    const colon = text.lastIndexOf(': ')
    return colon < 0 ? error(text, 'correct it') : error(text.slice(0, colon), text.slice(colon + 2))
  }
}

/** A finding as one text: the message, then the cure. */
export function findingText({ message, cure }: Finding): string {
  return `${message}: ${cure}`
}

/** The faults of one row. */
export function faultsOf(table: string, key: string, findings: readonly (Finding | undefined)[]): Fault[] {
  return findings.flatMap((finding) => (finding === undefined ? [] : [{ table, key, ...finding }]))
}
