// Makes the next file of a site's migrations. Two who do so at once get two numbers.
import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError, hasCode, reasonOf, systemCure } from '../../errors'
import { digitsOf, highestVersion, maxVersion } from './migration-names'
import { giveName } from '../database/new-file'

const maxCharacters = 100

/**
 * What a person calls a migration, as its file name writes it: `Night rota` is `night_rota`. Throws `usage` where nothing
 * that a file name takes would be left, or not all of it would be.
 */
export function migrationName(text: string): string {
  // A letter's accent is a sign of its own, once it is taken apart.
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
 * Makes the next `NNNN_name.sql` of a directory, whole or not at all, and returns its path; it never replaces a file. Throws
 * `unavailable` where the directory cannot be written, `invalid` where a name in it is wrong, `conflict` where no number is left.
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

/** Undefined where the number is taken. */
function create(directory: string, version: number, name: string, text: string): string | undefined {
  const path = join(directory, `${digitsOf(version)}_${name}.sql`)
  // Who holds this file has the number: the name says nothing else. It begins with a dot, so that no migrate reads it.
  const claim = join(directory, `.${digitsOf(version)}.new`)
  try {
    closeSync(openSync(claim, 'wx'))
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return undefined
    throw cannotWrite(path, error)
  }
  try {
    // Another may have held it since the directory was read, and be done.
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
