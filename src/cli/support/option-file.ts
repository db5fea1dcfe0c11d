// Writes a file named by an option such as --out: completely or not at all.
import { lstatSync, rmSync, writeFileSync } from 'node:fs'
import { AppError, hasCode, reasonOf, systemCure } from '../../errors'

/**
 * Writes the file; with `wx`, only if it does not exist. If it throws `unavailable`, which names the option, the reason and the
 * cure, it leaves no partial file.
 */
export function writeOptionFile(option: string, file: string, text: string, flag: 'w' | 'wx'): void {
  try {
    writeFileSync(file, text, { flag })
  } catch (error) {
    // Only these errors leave a partial file. Never delete a device or a link.
    const isPart = ['ENOSPC', 'EDQUOT', 'EFBIG'].some((code) => hasCode(error, code)) && lstatSync(file).isFile()
    if (isPart) rmSync(file)
    const cure = systemCure(error) ?? `name a ${flag === 'wx' ? 'new ' : ''}file in an existing directory`
    throw new AppError('unavailable', `${option} ${file}: ${reasonOf(error)}: ${cure}`, { cause: error })
  }
}
