// The only error class. It has few codes; the command line turns each into an exit status.

/**
 * - `invalid`: a value given by a person (a rule, a number, a variable) is wrong.
 * - `usage`: the command line itself is wrong.
 * - `not-found`: what was asked for does not exist.
 * - `conflict`: it exists already, or something else uses it.
 * - `unavailable`: Asterisk, the database or a file cannot be used now.
 */
export type ErrorCode = 'invalid' | 'usage' | 'not-found' | 'conflict' | 'unavailable'

/** The message names the field, the value and the cure. */
export class AppError extends Error {
  override readonly name = 'AppError'

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: { readonly cause?: unknown }
  ) {
    super(message, options)
  }
}

/** Whether it is an error, even one from another realm (a worker, a test runner), for which `instanceof` is false. */
export function isError(value: unknown): value is Error {
  return typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string'
}

/** The text of anything that was thrown, for a log line. */
export function reasonOf(error: unknown): string {
  return isError(error) ? error.message : String(error)
}

/** The cure for an error of the operating system (`ENOSPC`…); undefined if it depends on the operation. */
export function systemCure(error: unknown): string | undefined {
  const code = isError(error) && 'code' in error ? error.code : undefined
  return cures.find(([codes]) => codes.some((each) => each === code))?.[1]
}

const cures: readonly (readonly [readonly string[], string])[] = [
  [['ENOSPC', 'EDQUOT'], 'make room there (df -h, df -i), then run the command again'],
  [['EACCES', 'EPERM'], 'run this as the user of the service, or as root'],
  [['EROFS'], 'that file system is mounted read-only: remount it, or use another one'],
  [['EMFILE', 'ENFILE'], 'too many files are open: raise the limit (ulimit -n), or end other programs'],
  [['EIO'], "the disk reports an error: look at the system's log (dmesg)"]
]

/** Whether this is a system error with that code, such as `EEXIST`. */
export function hasCode(error: unknown, code: string): boolean {
  return isError(error) && 'code' in error && error.code === code
}
