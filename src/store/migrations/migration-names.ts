// The names of migration files: which files are migrations, in which order, and which only look like migrations.
import { type Dirent, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { AppError, reasonOf } from '../../errors'

/** Its origin: followme's own schema or the site's rules. Each is numbered separately; followme's come first. */
export type Origin = 'followme' | 'site'

export interface NumberedName {
  readonly version: number
  /** `NNNN_name.sql`. */
  readonly entry: string
}

/** The highest number in a file name. */
export const maxVersion = 999_999_999

/** The migrations in a directory, by number. Throws `unavailable` if it cannot be read, `invalid` if a file is misnamed. */
export function namesIn(origin: Origin, directory: string): NumberedName[] {
  return entriesOf(origin, directory)
    .filter(({ name }) => isSql(name))
    .map(({ name }) => ({ version: versionOf(directory, name), entry: name }))
    .sort((a, b) => a.version - b.version || (a.entry < b.entry ? -1 : 1))
}

/** The highest number in a site directory; 0 if it has no migration. Throws as {@link namesIn} does. */
export function highestVersion(directory: string): number {
  return namesIn('site', directory).at(-1)?.version ?? 0
}

/** A version as in file names: `0007`, `10000`. */
export function digitsOf(version: number): string {
  return String(version).padStart(4, '0')
}

/** A file that may be meant as a migration, but is not applied. */
export interface Overlooked {
  readonly message: string
  readonly cure: string
}

/** Files in a site directory that look like migrations but are not read, except files that editors leave behind. */
export function overlookedIn(directory: string): Overlooked[] {
  return entriesOf('site', directory).flatMap((entry) => {
    const path = join(directory, entry.name)
    if (isSearched(entry)) return overlookedBelow(directory, path)
    if (isSql(entry.name) || !looksLikeMigration(entry.name)) return []
    return [{ message: `${path} is not read`, cure: `if it is a migration, rename it to ${properName(entry.name)}` }]
  })
}

function entriesOf(origin: Origin, directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    const cure = origin === 'followme' ? 'reinstall followme' : siteCure(directory, error)
    throw new AppError('unavailable', `migrations in ${directory} cannot be read (${reasonOf(error)}); ${cure}`, {
      cause: error
    })
  }
}

function siteCure(directory: string, error: unknown): string {
  return (error as NodeJS.ErrnoException).code === 'EACCES'
    ? `let the user who runs followme read it, and enter what is above it (chgrp asterisk ${directory}; chmod 750 ${directory})`
    : 'set FOLLOWME_MIGRATIONS to the directory of your migrations'
}

function isSql(name: string): boolean {
  return /\.sql$/i.test(name) && !name.startsWith('.')
}

// Numbers up to 9999 have four digits, so that a listing is in order; larger ones have more.
function versionOf(directory: string, entry: string): number {
  const version = /^(\d{4}|[1-9]\d{4,8})_[a-z0-9_-]+\.sql$/.exec(entry)?.[1]
  if (version !== undefined) return Number(version)
  throw new AppError(
    'invalid',
    `migration ${join(directory, entry)}: the name must be four digits (above 9999 five or more), _, lower-case words and .sql, such as 0002_night_rota.sql; rename it`
  )
}

const leftByEditors = /~$|^#.*#$|^\.[#_]|\.(sw[a-p]|bak|orig|rej|old|save|te?mp|dpkg-\w+|rpm\w+)$/i

function looksLikeMigration(name: string): boolean {
  return !leftByEditors.test(name) && (/\.sql(\.|$)/i.test(name) || /^\d{4,}_[^.]*(\.txt)?$/i.test(name))
}

/** `0002_x.sql` for `0002_x.sql.txt`, `0002_x.txt` and `.0002_x.sql`. */
function properName(name: string): string {
  return `${name
    .replace(/^\./, '')
    .replace(/(\.sql.*|\.txt)$/i, '')
    .toLowerCase()}.sql`
}

const deepest = 3

function isSearched(entry: Dirent): boolean {
  return entry.isDirectory() && !isSql(entry.name) && !/^\.|^node_modules$/.test(entry.name)
}

function overlookedBelow(directory: string, path: string): Overlooked[] {
  const [first, ...others] = sqlBelow(path, 1)
  if (first === undefined) return []
  const message =
    others.length === 0 ? `${first} is not read` : `${first} and ${others.length} more below ${path} are not read`
  return [{ message, cure: `move what is a migration up into ${directory}` }]
}

function sqlBelow(directory: string, depth: number): string[] {
  let entries: Dirent[]
  try {
    entries = readdirSync(directory, { withFileTypes: true })
  } catch {
    // Then it is not meant for followme.
    return []
  }
  return entries.flatMap((entry) => {
    const path = join(directory, entry.name)
    if (isSearched(entry)) return depth < deepest ? sqlBelow(path, depth + 1) : []
    return isSql(entry.name) ? [path] : []
  })
}
