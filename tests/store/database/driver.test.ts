// The database driver for this Node.js, and what a user reads where it cannot be loaded.
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { driver, openSqlite } from '../../../src/store/database/driver'

const root = join(__dirname, '../../..')
const hasNodeApi10 = Number(process.versions['napi']) >= 10

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'followme-driver-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

/** What `followme migrate` says in a copy of the program in which the driver is as `prepare` leaves it. */
function migrate(prepare: (modules: string) => void): { status: number | null; stderr: string } {
  cpSync(join(root, 'dist'), join(directory, 'dist'), { recursive: true })
  rmSync(join(directory, 'dist/node20'), { recursive: true, force: true })
  symlinkSync(join(root, 'migrations'), join(directory, 'migrations'))
  symlinkSync(join(root, 'package.json'), join(directory, 'package.json'))
  const modules = join(directory, 'node_modules')
  mkdirSync(modules)
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (!name.startsWith('.') && name !== 'better-sqlite3')
      symlinkSync(join(root, 'node_modules', name), join(modules, name))
  }
  prepare(modules)
  const { status, stderr } = spawnSync(process.execPath, [join(directory, 'dist/main.js'), 'migrate'], {
    env: { FOLLOWME_DATABASE: join(directory, 'new.db') },
    encoding: 'utf8'
  })
  // Asterisk would read an empty file as a database without a plan.
  expect(existsSync(join(directory, 'new.db'))).toBe(false)
  return { status, stderr }
}

/** The library, with another file for a binary, or none. */
function copyLibrary(modules: string, binary?: string): void {
  const { library } = driver()
  const to = hasNodeApi10 ? join(modules, 'better-sqlite3') : join(directory, 'dist/node20')
  cpSync(library, to, { recursive: true, filter: (name) => !/\/(prebuilds|build|deps|src)$/.test(name) })
  if (binary === undefined) return
  mkdirSync(join(to, 'build/Release'), { recursive: true })
  writeFileSync(join(to, 'build/Release/better_sqlite3.node'), binary)
}

const cure = hasNodeApi10
  ? /install a compiler \(on Debian: .*\), and run 'npm --prefix \S+ run build-release'\n$/
  : /use Node\.js 24; or, for Node\.js 20, build the package on this machine with its Node\.js \('npm ci --ignore-scripts && npm pack'\), and install it\n$/

test.each([
  ['missing', (modules: string) => copyLibrary(modules)],
  ['damaged', (modules: string) => copyLibrary(modules, 'no binary')]
])('without a usable binary (%s) the driver says what to do, in one line', (_, prepare) => {
  const { status, stderr } = migrate(prepare)
  expect(stderr).toMatch(/^followme: the database driver cannot be loaded \(.*\); .*\n$/)
  expect(stderr).toMatch(cure)
  expect(status).toBe(3)
})

test('without the library the driver says what to do, in one line', () => {
  const { status, stderr } = migrate(() => undefined)
  expect(stderr).toMatch(/^followme: the database driver cannot be loaded \(.*\); .*\n$/)
  expect(stderr).toMatch(hasNodeApi10 ? /; install followme again\n$/ : cure)
  expect(status).toBe(3)
})

test('the driver works on this Node.js', () => {
  expect(existsSync(driver().library)).toBe(true)
  const version = JSON.parse(readFileSync(join(driver().library, 'package.json'), 'utf8')) as { version: string }
  expect(version.version).toMatch(hasNodeApi10 ? /^13\./ : /^12\./)
  const sqlite = openSqlite(':memory:')
  expect(sqlite.prepare('SELECT 1').pluck().get()).toBe(1)
  sqlite.close()
})
