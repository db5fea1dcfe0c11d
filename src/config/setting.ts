// One setting's text: from the environment, or from the file that NAME_FILE names. Neither can hang the start, fill the
// memory, or have a secret printed.
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { AppError, isError, reasonOf } from '../errors'

export type Env = Readonly<Record<string, string | undefined>>

/** Longer than any path (PATH_MAX), and than any password. */
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
  throw new AppError('invalid', `${name} is not set: set it, or ${name}_FILE to a file that holds it`)
}

/** A text for a message: on one line, not too long, and without what stands before an @, where a URL has its password. */
export function shown(text: string): string {
  const open = text.includes('@') ? `…${text.slice(text.lastIndexOf('@'))}` : text
  return JSON.stringify(open.length > 80 ? `${open.slice(0, 80)}…` : open)
}

/** The value is not in the message: it may be a secret. */
function plain(name: string, value: string, ifEmpty = ''): string {
  if (value === '') throw new AppError('invalid', ifEmpty)
  if (value.length > longest) {
    throw new AppError('invalid', `${name} is longer than ${String(longest)} characters: that is no such value`)
  }
  if (/[\p{Cc}\u2028\u2029]/u.test(value)) {
    throw new AppError('invalid', `${name} holds a line end or another control character: write it on one line`)
  }
  return value
}

/** Only of a regular file: a pipe would be waited for, a device read without end. */
function contents(name: string, file: string): string {
  // What is no path is perhaps the secret itself, by mistake.
  const which = file.includes('/') ? `${name}_FILE: ${shown(file)}` : `what ${name}_FILE names`
  let descriptor: number | undefined
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
    if (!fstatSync(descriptor).isFile()) {
      throw new AppError('invalid', `${which} is not a regular file: name one that holds the value alone`)
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
