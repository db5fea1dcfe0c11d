// The form of a change of a numbering plan, and how to write many of one kind. PURE.

/** One change of a plan. Both ways: carriers send the old form, and lists may have either. */
export interface Renumbering {
  /** Whose plan, when, and by whom. */
  readonly source: string
  /** Nobody has a number of the old form any more, though the metadata still know some. */
  readonly isOver?: true
  readonly changes: readonly Change[]
}

/** Digits with their country code: `was` becomes `now` with what is in its groups, and `is` is `then` again. */
export interface Change {
  readonly was: RegExp
  readonly now: string
  readonly is: RegExp
  readonly then: string
}

/** `old` at the beginning of so many digits altogether becomes `current`; pairs apart by blanks: `1~7` or, unchanged, `1`. */
export function beginnings(length: number, pairs: string): Change[] {
  return pairs.split(' ').map((pair) => {
    const [old = '', current = ''] = pair.split('~')
    const rest = length - old.length
    return {
      was: new RegExp(`^${old}([0-9]{${rest}})$`),
      now: `${current}$1`,
      is: new RegExp(`^${current}([0-9]{${rest}})$`),
      then: `${old}$1`
    }
  })
}

/** The same change for each of several beginnings: `insert('2372 2373', '2', 3)` puts a 2 after the third digit. */
export function insert(length: number, olds: string, added: string, after: number): Change[] {
  return beginnings(
    length,
    olds
      .split(' ')
      .map((old) => `${old}~${old.slice(0, after)}${added}${old.slice(after)}`)
      .join(' ')
  )
}

export function eachDigit(start: string, digits: string): string {
  return Array.from(digits)
    .map((digit) => start + digit)
    .join(' ')
}
