// The result of one check of `followme doctor`.

export interface Check {
  /** What was checked, in a word or two. */
  readonly check: string
  readonly level: 'ok' | 'warning' | 'fault'
  readonly message: string
  /** What to do; undefined if ok. */
  readonly cure?: string
}

export function ok(check: string, message: string): Check {
  return { check, level: 'ok', message }
}

/** Calls work, but not as well as they could. */
export function warning(check: string, message: string, cure: string): Check {
  return { check, level: 'warning', message, cure }
}

/** Calls are lost or misrouted, or will be when something else fails. */
export function fault(check: string, message: string, cure: string): Check {
  return { check, level: 'fault', message, cure }
}

/** `1 fault`, `2 faults`. */
export function many(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
