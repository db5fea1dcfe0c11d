// The text of one setting, from the environment or from the file that NAME_FILE names. Neither can hang the start, fill the
// memory or cause a secret to be printed.
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { AppError, isError, reasonOf } from '../errors'

export type Env = Readonly<Record<string, string | undefined>>

/** Longer than any path (PATH_MAX) and any password. */
const longest = 4096

/** `NAME`, or the contents of the file that `NAME_FILE` names, or the default. Throws `invalid`, naming the variable. */
export function settingText(env: Env, name: string, fallback?: string): string {
  const file = env[`${name}_FILE`]
  const value = env[name]
  if (file !== undefined && file !== '') {
    if (value !== undefined && value !== '') {
      throw new AppError('invalid', `${name} and ${name}_FILE are both set: unset one of them`)
    }
    return plain(name, contents(name, file).trim(), `the file of ${name}_FILE is empty: write the value into it`)
  }
  if (value !== undefined && value !== '') return plain(name, value)
  if (fallback !== undefined) return fallback
  throw new AppError('invalid', `${name} is not set: set it, or set ${name}_FILE to a file that contains it`)
}

/** A text for a message: on one line, shortened, and without the part before an @, where a URL has its password. */
export function shown(text: string): string {
  const open = text.includes('@') ? `…${text.slice(text.lastIndexOf('@'))}` : text
  return JSON.stringify(open.length > 80 ? `${open.slice(0, 80)}…` : open)
}

/** The message does not show the value, which may be a secret. */
function plain(name: string, value: string, ifEmpty = ''): string {
  if (value === '') throw new AppError('invalid', ifEmpty)
  if (value.length > longest) {
    throw new AppError('invalid', `${name} is longer than ${String(longest)} characters: write a shorter value`)
  }
  if (/[\p{Cc}\u2028\u2029]/u.test(value)) {
    throw new AppError('invalid', `${name} contains a line break or another control character: write it on one line`)
  }
  return value
}

/** Regular files only: a pipe would block, and a device could be endless. */
function contents(name: string, file: string): string {
  // A value that is not a path may be the secret itself.
  const which = file.includes('/') ? `${name}_FILE: ${shown(file)}` : `what ${name}_FILE names`
  let descriptor: number | undefined
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
    if (!fstatSync(descriptor).isFile()) {
      throw new AppError('invalid', `${which} is not a regular file: name a file that contains only the value`)
    }
    const buffer = Buffer.alloc(4 * longest + 1)
    return buffer.toString('utf8', 0, readSync(descriptor, buffer))
  } catch (error) {
    if (error instanceof AppError) throw error
    const reason = isError(error) && 'code' in error ? String(error.code) : reasonOf(error)
    throw new AppError('invalid', `${which} cannot be read (${reason}): name a readable file`)
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}
