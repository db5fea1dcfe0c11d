// The layering check refuses an import across each boundary of the layers.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(__dirname, '..')

/** Runs the check over a copy of the sources with these files added; gives what it printed. */
function check(files: Readonly<Record<string, string>>): { passed: boolean; printed: string } {
  const copy = mkdtempSync(join(tmpdir(), 'followme-layering-'))
  try {
    for (const each of ['src', 'package.json', 'tsconfig.json', '.dependency-cruiser.cjs']) {
      cpSync(join(root, each), join(copy, each), { recursive: true })
    }
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
    for (const [file, source] of Object.entries(files)) writeFileSync(join(copy, file), `${source}\n`)
    const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
    const { status, stdout } = spawnSync('node', [program, 'src', '--config', '.dependency-cruiser.cjs'], { cwd: copy })
    return { passed: status === 0, printed: stdout.toString() }
  } finally {
    rmSync(copy, { recursive: true })
  }
}

test('a forbidden import fails the check and is reported', () => {
  const { passed, printed } = check({
    'src/rules/odd-engine.ts': "import '../engine/timers'",
    'src/rules/odd-call.ts': "import '../call/cause'",
    'src/rules/numbering/odd-library.ts': "import 'libphonenumber-js/max'",
    'src/call/odd-node.ts': "import 'node:fs'",
    'src/failsafe/odd-engine.ts': "import '../engine/timers'",
    'src/engine/odd.ts': "import '../ari/client/json'",
    'src/ari/odd.ts': "import '../store/database/schema'",
    'src/ari/client/odd.ts': "import '../telephony'",
    'src/store/odd.ts': "import '../engine/timers'",
    'src/http/odd.ts': "import '../cli/program'",
    'src/cli/commands/odd.ts': "import './calls'",
    'src/cli/support/odd.ts': "import '../commands/calls'",
    'src/cli/support/odd-handle.ts':
      "import type { OpenDatabase } from '../../store/database/database'\nexport type Odd = OpenDatabase",
    'src/cli/odd-copy.ts': "import '../store/database/memory-copy'",
    'src/doctor/odd-query.ts': "import { sql } from 'kysely'\nexport default sql",
    'src/store/odd-driver.ts': "import Sqlite from 'better-sqlite3'\nexport default Sqlite",
    'src/cli/odd-driver.ts': "import type { Database } from 'better-sqlite3'\nexport type Odd = Database"
  })
  expect(passed).toBe(false)
  for (const named of [
    'rules-are-pure: src/rules/odd-engine.ts',
    'rules-are-pure: src/rules/odd-call.ts',
    'rules-are-pure: src/rules/numbering/odd-library.ts',
    'calls-are-pure: src/call/odd-node.ts',
    'failsafe-is-pure: src/failsafe/odd-engine.ts',
    'engine-knows-no-adapter: src/engine/odd.ts',
    'ari-is-an-adapter: src/ari/odd.ts',
    'ari-client-stands-alone: src/ari/client/odd.ts',
    'store-is-an-adapter: src/store/odd.ts',
    'nothing-imports-the-cli: src/http/odd.ts',
    'commands-stand-alone: src/cli/commands/odd.ts',
    'commands-stand-alone: src/cli/support/odd.ts',
    'commands-have-no-connection: src/cli/support/odd-handle.ts',
    'commands-have-no-connection: src/cli/odd-copy.ts',
    'commands-have-no-connection: src/doctor/odd-query.ts',
    'one-file-chooses-the-driver: src/store/odd-driver.ts',
    'one-file-chooses-the-driver: src/cli/odd-driver.ts'
  ]) {
    expect(printed).toContain(named)
  }
})

test('an import within a layer passes', () => {
  expect(check({ 'src/call/fine.ts': "import '../rules/rule'" })).toMatchObject({ passed: true })
})

describe('SQL is only in store/', () => {
  /** What prepares, runs or builds a statement: better-sqlite3's methods and Kysely's. */
  const statement =
    /\.(prepare|pragma|transaction|selectFrom|insertInto|updateTable|deleteFrom)(<[^(]*>)?\(|\b(sqlite|database|db)\.exec\(|\bSELECT [^']+ FROM\b/

  const sourcesOf = (folder: string) =>
    readdirSync(join(root, 'src', folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join('src', folder, name))

  test.each(['cli', 'doctor'])('%s/ contains no SQL', (folder) => {
    const files = sourcesOf(folder)
    expect(files.length).toBeGreaterThan(5)
    expect(files.filter((file) => statement.test(readFileSync(join(root, file), 'utf8')))).toEqual([])
  })

  test('the files directly in src/ contain no SQL', () => {
    const files = readdirSync(join(root, 'src')).filter((name) => name.endsWith('.ts'))
    expect(files).toContain('app.ts')
    expect(files.filter((file) => statement.test(readFileSync(join(root, 'src', file), 'utf8')))).toEqual([])
  })

  test('the check finds SQL where it is', () => {
    expect(
      sourcesOf('store').filter((file) => statement.test(readFileSync(join(root, file), 'utf8'))).length
    ).toBeGreaterThan(15)
  })
})
