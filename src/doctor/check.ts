// One thing that `followme doctor` has looked at, and what it found.

export interface Check {
  /** What was looked at, in a word or two. */
  readonly check: string
  readonly level: 'ok' | 'warning' | 'fault'
  readonly message: string
  /** What to do; none where it is ok. */
  readonly cure?: string
}

export function ok(check: string, message: string): Check {
  return { check, level: 'ok', message }
}

/** Calls are served, but less well than they could be. */
export function warning(check: string, message: string, cure: string): Check {
  return { check, level: 'warning', message, cure }
}

/** Calls are lost, go astray, or will when something else fails. */
export function fault(check: string, message: string, cure: string): Check {
  return { check, level: 'fault', message, cure }
}

/** `1 fault`, `2 faults`. */
export function many(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
