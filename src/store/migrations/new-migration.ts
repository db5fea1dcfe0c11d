// Creates the next site migration. Two processes that do so at once get different numbers.
import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError, hasCode, reasonOf, systemCure } from '../../errors'
import { digitsOf, highestVersion, maxVersion } from './migration-names'
import { giveName } from '../database/new-file'

const maxCharacters = 100

/**
 * Converts a description into a file name: `Night rota` becomes `night_rota`. Throws `usage` if characters would be lost or
 * none remain.
 */
export function migrationName(text: string): string {
  // Normalization separates accents from their letters.
  const plain = text
    .replace(/\.sql$/i, '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
  const name = plain.replace(/[^a-z0-9-]+/g, '_').replace(/^[_-]+|[_-]+$/g, '')
  const fault = /[^\p{ASCII}]/u.test(plain.replace(/[^\p{L}\p{N}]/gu, ''))
    ? 'has letters that a file name here does not take'
    : name === ''
      ? 'has no letter and no digit'
      : name.length > maxCharacters
        ? `is longer than ${maxCharacters} characters`
        : undefined
  if (fault === undefined) return name
  throw new AppError('usage', `name "${text}" ${fault}: write a few words in a to z and 0 to 9, such as night_rota`)
}

/**
 * Creates the next `NNNN_name.sql` of a directory, completely or not at all, and returns its path; it never replaces a file.
 * Throws `unavailable` if the directory cannot be written, `invalid` if a name in it is wrong, `conflict` if no number is left.
 */
export function createMigration(directory: string, name: string, text: string): string {
  for (let version = highestVersion(directory) + 1; ; version++) {
    if (version > maxVersion) {
      throw new AppError(
        'conflict',
        `${directory} has a migration ${maxVersion}, and no number is above that: name a lower one by hand`
      )
    }
    const path = create(directory, version, name, text)
    if (path !== undefined) return path
  }
}

/** Undefined if the number is taken. */
function create(directory: string, version: number, name: string, text: string): string | undefined {
  const path = join(directory, `${digitsOf(version)}_${name}.sql`)
  // The process that creates this file owns the number. Its name begins with a dot, so that migrate ignores it.
  const claim = join(directory, `.${digitsOf(version)}.new`)
  try {
    closeSync(openSync(claim, 'wx'))
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return undefined
    throw cannotWrite(path, error)
  }
  try {
    // Another process may have used the number since the directory was read.
    if (highestVersion(directory) >= version) return undefined
    writeFileSync(claim, text)
    giveName(claim, path)
    return path
  } catch (error) {
    throw error instanceof AppError ? error : cannotWrite(path, error)
  } finally {
    rmSync(claim, { force: true })
  }
}

function cannotWrite(path: string, error: unknown): AppError {
  const cure = systemCure(error) ?? 'give yourself the right to write the directory, or name another'
  return new AppError('unavailable', `migration ${path} cannot be written (${reasonOf(error)}): ${cure}`, {
    cause: error
  })
}
