// What is wrong with a row that people wrote: what check reports, and what a decision notes where it skips the row. PURE.
import { AppError, reasonOf } from '../errors'

/** A row that is wrong although every constraint holds. */
export interface Fault {
  readonly table: string
  /** The row's key, for people: `+14155550100, day`. */
  readonly key: string
  /** An error keeps a migration from being applied; a warning does not. */
  readonly level: 'error' | 'warning'
  readonly message: string
  readonly cure: string
}

/** A fault before it is known which row has it. */
export type Finding = Omit<Fault, 'table' | 'key'>

/** An error whose message says nothing of the row. */
export function error(message: string, cure: string): Finding {
  return { level: 'error', message, cure }
}

/** As {@link error}, for what is of no use but does no harm. */
export function warning(message: string, cure: string): Finding {
  return { level: 'warning', message, cure }
}

/** What a parser of rules/ says of a value, or undefined where it takes it. Anything but `invalid` is thrown on. */
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

/** A finding as one text: what is wrong, then the cure. */
export function findingText({ message, cure }: Finding): string {
  return `${message}: ${cure}`
}

/** The faults of one row. */
export function faultsOf(table: string, key: string, findings: readonly (Finding | undefined)[]): Fault[] {
  return findings.flatMap((finding) => (finding === undefined ? [] : [{ table, key, ...finding }]))
}
