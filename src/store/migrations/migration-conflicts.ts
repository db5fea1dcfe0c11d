// Checks whether the migration files agree with those that the database has recorded; if not, says which file to rename.
// Changes nothing.
import { AppError } from '../../errors'
import type { SqliteDatabase } from '../database/driver'
import { differenceText } from './line-difference'
import { hasChecksum, isBlank, type MigrationFile } from './migration-files'
import { type AppliedEntry, appliedIn, isFileOf, keptText } from './migration-history'
import { digitsOf, type Origin } from './migration-names'

/**
 * The files that are not applied yet, except files of the site without a statement. Throws `conflict`, with the cure, if the
 * database and the files disagree: a changed, missing, renamed or late migration, a duplicate number, or a database newer than
 * this followme.
 */
export function pendingOf(sqlite: SqliteDatabase, files: readonly MigrationFile[], origin: Origin): MigrationFile[] {
  const own = files.filter((file) => file.origin === origin)
  const applied = appliedIn(sqlite).filter((entry) => entry.origin === origin)
  const names = new FreeNames([...own, ...applied])
  for (const entry of applied) requireFile({ sqlite, applied, files: own, names }, entry)
  const waiting = own.filter(({ version }) => !applied.some((entry) => entry.version === version))
  requireOneEach(waiting, names)
  const last = applied.at(-1)
  return waiting.filter((file) => {
    if (origin === 'site' && isBlank(file)) return false
    if (last === undefined || file.version > last.version) return true
    throw conflict(
      `migration ${file.path} comes before ${last.name}, which is applied already; give it a number above ${digitsOf(last.version)}, as in ${names.next(file)}`
    )
  })
}

/** The site's files that are not applied and contain no statement yet. */
export function blankOf(sqlite: SqliteDatabase, files: readonly MigrationFile[]): MigrationFile[] {
  const applied = appliedIn(sqlite).filter(({ origin }) => origin === 'site')
  return files.filter(
    (file) => file.origin === 'site' && !applied.some(({ version }) => version === file.version) && isBlank(file)
  )
}

interface Story {
  readonly sqlite: SqliteDatabase
  readonly applied: readonly AppliedEntry[]
  readonly files: readonly MigrationFile[]
  readonly names: FreeNames
}

/** Suggests file names above all used numbers. */
class FreeNames {
  private last: number

  constructor(taken: readonly { readonly version: number }[]) {
    this.last = taken.reduce((most, { version }) => Math.max(most, version), 0)
  }

  /** A new name for a file: `0008_night.sql`. */
  next({ name }: MigrationFile): string {
    this.last += 1
    return `${digitsOf(this.last)}${name.slice(name.indexOf('_'))}.sql`
  }

  /** Like {@link next}, for several files, in words. */
  rename(files: readonly MigrationFile[]): string {
    return files.map((file) => `rename ${file.path} to ${this.next(file)}`).join(', ')
  }
}

function requireOneEach(files: readonly MigrationFile[], names: FreeNames): void {
  for (const [at, file] of files.entries()) {
    const before = files[at - 1]
    if (before?.version !== file.version) continue
    throw conflict(
      `migrations ${before.path} and ${file.path} have the same number, and neither is applied here: ${names.rename([file])}, or give the other one a new number if this one is applied elsewhere`
    )
  }
}

/** Throws unless the file of an applied migration exists, is unchanged, and is the only one with its number. */
function requireFile(story: Story, entry: AppliedEntry): void {
  const { files, names } = story
  const ofNumber = files.filter(({ version }) => version === entry.version)
  const mine = ofNumber.find((file) => isFileOf(entry, file))
  const others = ofNumber.filter((file) => file !== mine)
  if (mine !== undefined) {
    if (others.length === 0) return
    throw conflict(
      `migrations ${paths(ofNumber)} have the same number; ${mine.name}.sql is applied and keeps its name: ${names.rename(others)}`
    )
  }
  if (ofNumber.length === 0 && entry.accepted?.name === null) return
  if (entry.origin === 'followme') throw ownDiffers(entry, ofNumber[0])
  throw siteDiffers(story, entry)
}

function siteDiffers({ sqlite, applied, files, names }: Story, entry: AppliedEntry): AppError {
  const ofNumber = files.filter(({ version }) => version === entry.version)
  const moved = [...ofNumber, ...files].find(
    (file) => hasChecksum(file, entry.checksum) && !applied.some((each) => isFileOf(each, file))
  )
  const named = ofNumber.find(({ name }) => name === (entry.accepted?.name ?? entry.name))
  const back = moved === undefined ? '' : `rename ${moved.path} back to ${entry.name}.sql`
  const others = ofNumber.filter((file) => file !== named && file !== moved)
  const away = others.length === 0 ? [] : [names.rename(others)]
  if (named !== undefined) {
    const cures = [
      ...away,
      `restore ${named.name}.sql as it was, and put the change into a new migration`,
      accept(entry, 'as it is')
    ]
    return conflict(
      `migration ${named.path} was changed after it was applied on ${entry.applied_at}${difference(sqlite, entry, named)}${cures.join('; ')}`
    )
  }
  if (moved !== undefined && others.length === 0) {
    const also = moved.version === entry.version ? `; ${accept(entry, 'as it is')}` : ''
    return conflict(
      `migration ${moved.path} was called ${entry.name}.sql when it was applied on ${entry.applied_at}: ${back}${also}`
    )
  }
  if (others.length > 0) {
    const restored =
      moved === undefined
        ? `and restore ${entry.name}.sql from version control${keptHint(sqlite, entry)}`
        : `and ${back}`
    const lost = entry.accepted?.name === null
    return conflict(
      `${paths(others)} ${others.length === 1 ? 'has' : 'have'} the number of ${entry.name}.sql, which was applied on ${entry.applied_at}${lost ? '' : ' and is not there any more'}: ${away.join('')}${lost ? '' : `, ${restored}`}`
    )
  }
  const elsewhere = files.some(({ origin }) => origin === 'site')
    ? ''
    : 'set FOLLOWME_MIGRATIONS to the directory that holds it, or, if the file is lost, '
  const cure = `${elsewhere}restore it, for instance from version control${keptHint(sqlite, entry)}\n${accept(entry, 'as gone')}`
  return conflict(
    `site migration ${entry.name}.sql was applied on ${entry.applied_at} but its file is missing; ${cure}`
  )
}

function ownDiffers(entry: AppliedEntry, file: MigrationFile | undefined): AppError {
  if (file === undefined) {
    return conflict(
      `the database is newer than this followme: it has migration ${entry.name}, which this version does not know; upgrade followme`
    )
  }
  return conflict(
    `the database was made by another followme, or ${file.path} was edited: it is not the ${entry.name}.sql that was applied on ${entry.applied_at}; install that followme again, or make a new database (FOLLOWME_DATABASE) from your own migrations`
  )
}

/** The lines in which a file differs from the applied one, as the middle of a sentence. */
function difference(sqlite: SqliteDatabase, { version, checksum }: AppliedEntry, file: MigrationFile): string {
  const kept = keptText(sqlite, version)
  return kept === undefined
    ? ` (its text was not kept; checksum then ${checksum}, now ${file.checksum}); `
    : ` (- then, + now):${differenceText(kept, file.text)}\n`
}

function keptHint(sqlite: SqliteDatabase, { version, name }: AppliedEntry): string {
  if (keptText(sqlite, version) === undefined) return ''
  return `, or from the text that is kept:\n  sqlite3 ${sqlite.name} "SELECT text FROM migration_files WHERE version = ${version} ORDER BY id LIMIT 1" > ${name}.sql`
}

function accept({ version }: AppliedEntry, how: 'as it is' | 'as gone'): string {
  return `or accept it ${how}: 'followme migrate --accept ${digitsOf(version)}', which does not run it`
}

function paths(files: readonly MigrationFile[]): string {
  return files.map(({ path }) => path).join(' and ')
}

function conflict(message: string): AppError {
  return new AppError('conflict', message)
}
