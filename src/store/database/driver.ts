// The database driver, chosen by Node's version; nothing else imports better-sqlite3. Version 13 ships binaries and needs
// Node-API 10: 22.14, 24 and later. On Node 20 it crashes; version 12, which drivers/prepare.sh compiles, runs there, but
// aborts the process on Node 24.19 and later.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import type Library from 'better-sqlite3'
import { AppError, reasonOf } from '../../errors'

export type SqliteDatabase = Library.Database
export type SqliteOptions = Library.Options
export type SqliteStatement<Parameters extends unknown[] | object> = Library.Statement<Parameters>
export type Sqlite = typeof Library

/** What another thread or process needs to open a database: `new (require(library))(file, { ...options })`. */
export interface Driver {
  /** The library's directory. */
  readonly library: string
  readonly options: SqliteOptions
}

const root = resolve(__dirname, '../../..')
const load = createRequire(__filename)
let Sqlite: Sqlite | undefined

/** The library. Throws `unavailable`, with the cure, if it cannot be loaded. */
export function loadDriver(): Sqlite {
  const { library, options } = driver()
  Sqlite ??= loaded(library, options)
  return Sqlite
}

/** Like the library's constructor; throws as {@link loadDriver} does. */
export function openSqlite(source: string | Buffer, options: SqliteOptions = {}): SqliteDatabase {
  return new (loadDriver())(source, { ...driver().options, ...options })
}

/** The driver for this Node.js, whether it can be loaded or not. */
export function driver(): Driver {
  if (hasNodeApi10()) return { library: join(root, 'node_modules/better-sqlite3'), options: {} }
  // In a checkout, and in the package.
  const places = ['node_modules/.node20', 'dist/node20'].map((place) => join(root, place))
  const library = places.find((place) => existsSync(place)) ?? join(root, 'dist/node20')
  return { library, options: { nativeBinding: join(library, 'build/Release/better_sqlite3.node') } }
}

function hasNodeApi10(): boolean {
  return Number(process.versions['napi']) >= 10
}

function loaded(library: string, options: SqliteOptions): Sqlite {
  try {
    const sqlite = load(library) as Sqlite
    // The library loads its binary when the first database is opened.
    new sqlite(':memory:', options).close()
    return sqlite
  } catch (error) {
    const [reason = ''] = reasonOf(error).split('\n')
    throw new AppError('unavailable', `the database driver cannot be loaded (${reason}); ${cure(library)}`, {
      cause: error
    })
  }
}

function cure(library: string): string {
  if (hasNodeApi10()) {
    if (!existsSync(library)) return 'install followme again'
    return `it has no binary for this machine (${process.platform} ${process.arch}): install a compiler (on Debian: apt-get install build-essential python3), and run 'npm --prefix ${library} run build-release'`
  }
  if (existsSync(join(root, 'drivers/prepare.sh'))) return `run 'sh drivers/prepare.sh' in ${root}`
  return "use Node.js 24; or, for Node.js 20, build the package on this machine with its Node.js ('npm ci --ignore-scripts && npm pack'), and install it"
}
