// Where the settings come from: the environment of the process and, unless it names a database, the settings file of the
// systemd unit.
import { readFileSync } from 'node:fs'
import { AppError, isError, reasonOf } from '../errors'
import { parseEnvFile } from './env-file'
import type { Env } from './setting'
import { strayNames, trunkRemarks } from './setting-names'
import { currentUserName } from '../store/database/writable'

/** The settings file of an installation. */
export const usualEnvFile = '/etc/followme/followme.env'

export interface Environment {
  /** The settings file that was read, or undefined. */
  readonly file: string | undefined
  /** The environment with the file's settings added. */
  readonly env: Env
  /** Lines of the file that are not settings, as one remark each. */
  readonly remarks?: readonly string[]
}

export interface EnvironmentOptions {
  /** A file that must be read. */
  readonly envFile?: string | undefined
  /** The file to read if it exists and the process was given no database. */
  readonly usual?: string
}

/**
 * Adds the settings of a file to those of the process, which take precedence. If the process names a database, the usual file
 * is not read, because it belongs to another installation. Throws `unavailable` or `invalid`, naming the file.
 */
export function environmentOf(own: Env, { envFile, usual = usualEnvFile }: EnvironmentOptions): Environment {
  const isGiven = (name: string): boolean => [name, `${name}_FILE`].some((each) => (own[each] ?? '') !== '')
  if (envFile === undefined && isGiven('FOLLOWME_DATABASE')) return { file: undefined, env: own }
  const file = envFile ?? usual
  const text = textOf(file, envFile === undefined, isGiven('FOLLOWME_ARI_PASSWORD'))
  if (text === undefined) return { file: undefined, env: own }
  const remarks: string[] = []
  const added = [...parseEnvFile(text, file, (line) => remarks.push(line))].filter(
    ([name]) => !isGiven(name.replace(/_FILE$/, ''))
  )
  return { file, env: { ...own, ...Object.fromEntries(added) }, remarks }
}

/** Undefined if the file does not exist and was not requested. */
function textOf(file: string, isUsual: boolean, isService: boolean): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const code = isError(error) && 'code' in error ? String(error.code) : reasonOf(error)
    if (isUsual && (code === 'ENOENT' || code === 'ENOTDIR')) return undefined
    // systemd reads it as root for the service.
    if (isUsual && isService) return undefined
    const cure =
      code === 'EACCES'
        ? `run this as root, or as the user of the service (sudo -u followme "$(command -v followme)" …), whose group must be allowed to read it (chgrp asterisk ${file}; chmod 640 ${file})`
        : 'name a readable file'
    throw new AppError(
      'unavailable',
      `settings file ${file} cannot be read by user ${currentUserName()} (${code}): ${cure}`
    )
  }
}

let current: Environment & { readonly own: Env; readonly options: EnvironmentOptions } = {
  file: undefined,
  env: process.env,
  own: process.env,
  options: {}
}

/** Reads the settings file once, at the start; from then on `process.env` has the settings for every command. */
export function loadEnvironment(options: EnvironmentOptions): void {
  const own = { ...process.env }
  current = { ...environmentOf(own, options), own, options }
  for (const [name, value] of Object.entries(current.env)) process.env[name] = value
}

/** Which settings file is in use, or undefined. */
export function settingsFile(): string | undefined {
  return current.file
}

/**
 * Lines that look like settings, in the environment or the file, but have no effect or probably not the intended one; one
 * remark each.
 */
export function settingRemarks(): readonly string[] {
  return [...(current.remarks ?? []), ...strayNames(current.env), ...trunkRemarks(current.env)]
}

/** Whether the setting comes from the environment of the process, so that only a restart can change it. */
export function isGivenByProcess(name: string): boolean {
  return (current.own[name] ?? '') !== ''
}

/** The current settings of the file. Throws as {@link environmentOf} does. */
export function rereadEnvironment(): Env {
  return environmentOf(current.own, current.options).env
}
