// Migration files, and the checks of a file before its first statement is run. It reads no database.
import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync, type Stats, statSync } from 'node:fs'
import { join } from 'node:path'
import { AppError, reasonOf } from '../../errors'
import { isFormerText } from './former-texts'
import { namesIn, type Origin } from './migration-names'
import {
  hasStatement,
  keywordsOf,
  type Statement,
  statementsOf,
  unclosedCommentIn,
  withoutBlankLines
} from './sql-script'

/** Where the files are; without `site`, there are only followme's own. */
export interface MigrationDirectories {
  readonly shipped: string
  readonly site?: string | undefined
}

/** One `NNNN_name.sql`. */
export interface MigrationFile {
  readonly origin: Origin
  readonly version: number
  /** `NNNN_name`. */
  readonly name: string
  readonly path: string
  /** SHA-256 of its text, in hex: ignoring line ends, trailing blanks, and a byte-order mark. */
  readonly checksum: string
  /** The checksum of its bytes, which earlier versions recorded. */
  readonly checksumOfBytes: string
  readonly text: string
}

/**
 * All migrations, followme's own first, each by number, without checking their contents. Throws if a file or directory cannot
 * be read or is misnamed.
 */
export function readMigrations({ shipped, site }: MigrationDirectories): MigrationFile[] {
  return [...readDirectory('followme', shipped), ...(site === undefined ? [] : readDirectory('site', site))]
}

function readDirectory(origin: Origin, directory: string): MigrationFile[] {
  return namesIn(origin, directory).map(({ version, entry }) => {
    const path = join(directory, entry)
    return { origin, version, name: entry.slice(0, -4), path, ...contentOf(path) }
  })
}

function contentOf(path: string): Pick<MigrationFile, 'checksum' | 'checksumOfBytes' | 'text'> {
  const bytes = bytesOf(path)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new AppError('invalid', `migration ${path} is not UTF-8 text; save it as UTF-8`)
  }
  return { checksum: checksumOf(text), checksumOfBytes: sha256(bytes), text }
}

function bytesOf(path: string): Buffer {
  try {
    const stats = statSync(path)
    // Reading a pipe would block forever.
    if (!stats.isFile()) {
      throw new AppError('invalid', `migration ${path} is ${kindOf(stats)}, not a file; move it away, or rename it`)
    }
    return readFileSync(path)
  } catch (error) {
    if (error instanceof AppError) throw error
    const target = linkTarget(path)
    if (target !== undefined && /^(ENOENT|ELOOP)$/.test((error as NodeJS.ErrnoException).code ?? '')) {
      throw new AppError(
        'unavailable',
        `migration ${path} is a link to ${target}, which does not exist; correct the link, or remove it`,
        { cause: error }
      )
    }
    throw new AppError(
      'unavailable',
      `migration ${path} cannot be read (${reasonOf(error)}); let the user who runs followme read it (chgrp asterisk ${path}; chmod 640 ${path})`,
      { cause: error }
    )
  }
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    return undefined
  }
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a directory'
  if (stats.isFIFO()) return 'a pipe'
  return stats.isSocket() ? 'a socket' : 'a device'
}

function checksumOf(text: string): string {
  return sha256(normal(text))
}

function normal(text: string): string {
  return text.replace(/[ \t]*(\r\n|\r|\n)/g, '\n').trimEnd()
}

/** Whether a kept text equals this file, ignoring what the checksum ignores, and blank lines. */
export function isSameText({ text }: MigrationFile, kept: string | undefined): boolean {
  return kept !== undefined && withoutBlankLines(normal(kept)) === withoutBlankLines(normal(text))
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}

/** Whether a recorded checksum belongs to this file, or to one that differs only in line ends and the like. */
export function hasChecksum(file: MigrationFile, remembered: string): boolean {
  const { origin, name, checksum, checksumOfBytes, text } = file
  if (remembered === checksum || remembered === checksumOfBytes) return true
  if (origin === 'followme' && isFormerText(name, remembered)) return true
  // Earlier versions recorded a checksum of the bytes: try the variants that an editor or git makes of the same text.
  const lines = text.replaceAll('\r\n', '\n')
  const ends = [lines, lines.trimEnd(), `${lines.trimEnd()}\n`]
  return ends.some((each) =>
    [each, each.replaceAll('\n', '\r\n')].some((eol) =>
      ['', '\ufeff'].some((mark) => sha256(mark + eol) === remembered)
    )
  )
}

/** Whether it contains no statement: it is empty, or has only comments, like the template of `new-migration`. */
export function isBlank({ text }: MigrationFile): boolean {
  return !hasStatement(text) && unclosedCommentIn(text) === undefined
}

const parsed = new WeakMap<MigrationFile, readonly Statement[]>()

/** The statements of a migration. Throws `invalid`, with the line, if one cannot be valid, before any is run. */
export function statementsIn(file: MigrationFile): readonly Statement[] {
  const statements = parsed.get(file) ?? checkedStatements(file)
  parsed.set(file, statements)
  return statements
}

function checkedStatements({ path, text }: MigrationFile): Statement[] {
  const fault = (line: number, what: string): AppError =>
    new AppError('invalid', `migration ${path}, line ${line}: ${what}`)
  const nul = text.indexOf('\0')
  if (nul >= 0) {
    const line = text.slice(0, nul).split('\n').length
    throw fault(
      line,
      'there is a NUL byte, at which SQLite stops reading; remove it, or, if the file is UTF-16, save it as UTF-8'
    )
  }
  const comment = unclosedCommentIn(text)
  if (comment !== undefined) {
    throw fault(
      comment.line,
      `${comment.what} begins here and never ends, so that nothing after it would be run; end it with */`
    )
  }
  const statements = statementsOf(text)
  for (const statement of statements) {
    const keyword = keywordsOf(statement, 1)
    const why = notAllowed[keyword]
    if (why !== undefined) throw fault(statement.line, `${keyword} is not allowed, since ${why}`)
  }
  return statements
}

// Ending the transaction would keep half a migration.
const transaction = 'followme runs each migration in one transaction of its own; remove it'
const otherFile =
  'a migration is for this database alone, and would change another file in a dry run, too; remove it, and write the rows themselves'

const notAllowed: Readonly<Record<string, string>> = {
  BEGIN: transaction,
  COMMIT: transaction,
  END: transaction,
  ROLLBACK: transaction,
  ATTACH: otherFile,
  DETACH: otherFile,
  PRAGMA: 'it would set up the connection and not the rules, and could switch off what keeps them right; remove it',
  VACUUM: "SQLite cannot do it in a transaction; remove it, and run sqlite3 DATABASE 'VACUUM' by hand"
}
