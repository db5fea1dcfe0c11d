// What is tried on each Node.js: the package installed as a user does it, and what the program then does.
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { run } from '../sandbox/child'
import { nodeOf, npmOf } from './nodes'

export const project = resolve(__dirname, '../..')

/** A Node.js and the npm beside it, as lines (`24`) or versions. */
export interface Pair {
  readonly node: string
  readonly npm: string
}

/** Each supported line, its first release and its newest, with the npm of its time. */
export const pairs: readonly Pair[] = [
  { node: '20.19.0', npm: '10' },
  { node: '20', npm: '11' },
  { node: '22.14.0', npm: '10' },
  { node: '22', npm: '12' },
  { node: '24.0.0', npm: '11' },
  { node: '24', npm: '12' },
  { node: '26', npm: '12' }
]

/** Some of those on which followme must not start, the oldest that can read it at all among them. */
export const refused: readonly string[] = ['12', '18', '20.18.3', '21', '22.13.1', '23', '25']

// A collector that works all the time: what the driver frees at the wrong moment, it frees during this.
const busyCollector = ['--gc-global', '--max-semi-space-size=1']
const numbersMade = (
  count: number
): string => `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${String(count - 1)})
  INSERT INTO virtual_numbers (number, label, time_zone, fallback)
  SELECT printf('+1415556%04d', i), 'made', 'America/Los_Angeles', 'busy' FROM n;
INSERT INTO rules (number, name, position) SELECT number, 'always', 10 FROM virtual_numbers WHERE label = 'made';
INSERT INTO targets (number, rule, step, dial) SELECT number, 'always', 1, 'PJSIP/alice' FROM virtual_numbers WHERE label = 'made';
`

/** Installs the package without a network, `times` times, as at an upgrade; migrates so many numbers, and reads one. */
export async function install(pair: Pair, tarball: string, times: number, numbers: number): Promise<void> {
  const [node, npm] = await Promise.all([nodeOf(pair.node), npmOf(pair.npm)])
  const directory = mkdtempSync(join(tmpdir(), 'followme-node-'))
  try {
    const env = {
      ...environment(node),
      HOME: directory,
      npm_config_prefix: directory,
      npm_config_cache: join(directory, 'npm'),
      npm_config_offline: 'true',
      npm_config_update_notifier: 'false'
    }
    const program = { command: join(node, 'bin/node'), args: [join(npm, 'bin/npm-cli.js'), 'install', '-g', tarball] }
    for (let time = 1; time <= times; time++) {
      await run(program, { cwd: directory, env })
    }
    const site = join(directory, 'site')
    mkdirSync(site)
    writeFileSync(join(site, '0001_many.sql'), numbersMade(numbers))
    const settings = { ...env, FOLLOWME_DATABASE: join(directory, 'followme.db'), FOLLOWME_MIGRATIONS: site }
    const main = join(directory, 'lib/node_modules/followme/dist/main.js')
    const followme = (...args: string[]): Promise<string> =>
      run(
        { command: join(node, 'bin/node'), args: [...busyCollector, main, ...args] },
        { cwd: directory, env: settings }
      )
    expectIn(await followme('migrate'), /^applied 0001_many \(site\)/m)
    expectIn(await followme('explain', `+1415556${String(numbers - 1).padStart(4, '0')}`), /PJSIP\/alice/)
    expectIn(await run({ command: join(directory, 'bin/followme'), args: ['calls'] }, { env: settings }), /^no calls$/m)
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** Runs these suites of the tests; `expression` is what jest takes. */
export async function suites(line: string, ...expressions: string[]): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'followme-node-'))
  try {
    // Some tests run it as another user, who may not look into ours' home.
    chmodSync(directory, 0o755)
    mkdirSync(join(directory, 'bin'))
    const node = join(directory, 'bin/node')
    cpSync(join(await nodeOf(line), 'bin/node'), node)
    const jest = join(project, 'node_modules/jest/bin/jest.js')
    const args = [jest, '--maxWorkers=2', '--cacheDirectory', join(directory, 'jest'), ...expressions]
    await run({ command: node, args }, { cwd: project, env: environment(directory) })
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** Places the call of the demo. */
export async function demo(line: string): Promise<void> {
  const node = await nodeOf(line)
  const shown = await run({ command: 'sh', args: ['tests/demo/run.sh'] }, { cwd: project, env: environment(node) })
  expectIn(shown, /PJSIP\/carol answers/)
}

/** followme ends with status 3 on this Node.js, and says what to install. */
export async function refusal(line: string): Promise<void> {
  const node = await nodeOf(line)
  const program = { command: join(node, 'bin/node'), args: [join(project, 'dist/main.js'), 'migrate'] }
  const said = await run(program, { env: environment(node) }).then(
    () => 'nothing, with status 0',
    (error: unknown) => String(error)
  )
  expectIn(said, /followme: Node\.js \S+ is not supported: .*; install Node\.js 24, then start followme again$/m)
}

function environment(node: string): NodeJS.ProcessEnv {
  return { ...process.env, PATH: [join(node, 'bin'), process.env['PATH']].join(delimiter) }
}

function expectIn(text: string, pattern: RegExp): void {
  if (!pattern.test(text)) throw new Error(`${String(pattern)} is not in this:\n${text}`)
}
