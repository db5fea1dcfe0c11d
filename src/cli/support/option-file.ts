// Writes a file that an option names, such as --out: completely or not at all.
import { lstatSync, rmSync, writeFileSync } from 'node:fs'
import { AppError, hasCode, reasonOf, systemCure } from '../../errors'

/**
 * Writes it, with `wx` only where there is none. Throws `unavailable`, naming the option, the reason and the cure, and leaves no
 * part of it.
 */
export function writeOptionFile(option: string, file: string, text: string, flag: 'w' | 'wx'): void {
  try {
    writeFileSync(file, text, { flag })
  } catch (error) {
    // Only of these it is known that a part has been written; and a device or a link is nobody's part.
    const isPart = ['ENOSPC', 'EDQUOT', 'EFBIG'].some((code) => hasCode(error, code)) && lstatSync(file).isFile()
    if (isPart) rmSync(file)
    const cure = systemCure(error) ?? `name a ${flag === 'wx' ? 'new ' : ''}file in a directory that is there`
    throw new AppError('unavailable', `${option} ${file}: ${reasonOf(error)}: ${cure}`, { cause: error })
  }
}
