// A file that an option names, such as --out: whole, or not there.
import { rmSync, writeFileSync } from 'node:fs'
import { AppError, isError, reasonOf, systemCure } from '../core/errors'

/**
 * Writes it, with `wx` only where there is none. Throws `unavailable`, naming the option, the reason and the cure, and leaves no
 * part of it.
 */
export function writeOptionFile(option: string, file: string, text: string, flag: 'w' | 'wx'): void {
  try {
    writeFileSync(file, text, { flag })
  } catch (error) {
    const code = isError(error) && 'code' in error ? error.code : undefined
    // Only of these it is known that a part has been written.
    if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') rmSync(file, { force: true })
    const cure = systemCure(error) ?? `name a ${flag === 'wx' ? 'new ' : ''}file in a directory that is there`
    throw new AppError('unavailable', `${option} ${file}: ${reasonOf(error)}: ${cure}`, { cause: error })
  }
}
