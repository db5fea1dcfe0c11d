// `npm pack`: what a user gets, made in a copy of the project, and whether that is enough to run.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

jest.setTimeout(120_000)

const root = resolve(__dirname, '../..')
const sources = [
  'package.json',
  'tsconfig.json',
  'LICENSE',
  'README.md',
  'CHANGELOG.md',
  'src',
  'migrations',
  'asterisk-conf',
  'docs'
]

let directory: string
let files: string[]

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'followme-pack-'))
  const copy = join(directory, 'project')
  mkdirSync(copy)
  for (const name of sources) cpSync(join(root, name), join(copy, name), { recursive: true })
  // What is on a developer's disk and must stay there.
  mkdirSync(join(copy, 'asterisk-conf/secrets'), { recursive: true })
  writeFileSync(join(copy, 'asterisk-conf/secrets/ari-password'), 'secret')
  writeFileSync(join(copy, 'followme.db'), '')
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  // Runs prepack, which builds.
  execFileSync('npm', ['pack', '--silent', '--pack-destination', directory], {
    cwd: copy,
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const tarball = readdirSync(directory).find((name) => name.endsWith('.tgz')) ?? ''
  execFileSync('tar', ['-xzf', tarball], { cwd: directory })
  symlinkSync(join(root, 'node_modules'), join(directory, 'package/node_modules'))
  files = execFileSync('tar', ['-tzf', tarball], { cwd: directory, encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((name) => name.replace(/^package\//, ''))
})

afterAll(() => rmSync(directory, { recursive: true, force: true }))

test('no script is named twice, of which the second would win', () => {
  const [, scripts = ''] = /"scripts": \{([^}]*)\}/.exec(readFileSync(join(root, 'package.json'), 'utf8')) ?? []
  const names = Array.from(scripts.matchAll(/^ *"([a-z:-]+)":/gm), ([, name = '']) => name)
  expect(names).toContain('test:unit')
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})

test('the package has the program, the schema, the configuration of Asterisk and the documents', () => {
  expect(files).toEqual(
    expect.arrayContaining([
      'package.json',
      'LICENSE',
      'README.md',
      'CHANGELOG.md',
      'docs/rules.md',
      'docs/performance.md',
      'dist/main.js',
      'dist/cli/serve.js',
      ...readdirSync(join(root, 'migrations')).map((name) => `migrations/${name}`),
      'asterisk-conf/pjsip.conf',
      'asterisk-conf/extensions_followme.conf',
      'asterisk-conf/generate-secrets',
      'asterisk-conf/existing/README.md',
      'asterisk-conf/existing/followme.service',
      'asterisk-conf/existing/followme.env',
      ...readdirSync(join(root, 'docs/example-site')).map((name) => `docs/example-site/${name}`)
    ])
  )
})

test('the package has nothing else: no source, no test, no database, above all no password', () => {
  const expected = [
    /^(package\.json|LICENSE|README\.md|CHANGELOG\.md)$/,
    /^docs\/([a-z-]+\/)*\w+\.(md|sql)$/,
    /^dist\/([a-z]+\/)?[a-z-]+\.js(\.map)?$/,
    /^migrations\/\d{4}_\w+\.sql$/,
    /^docs\/([a-z-]+\/)?([a-z-]+\.md|README\.md|\d{4}_\w+\.sql)$/,
    /^asterisk-conf\/[a-z0-9_]+\.conf$/,
    /^asterisk-conf\/(README\.md|generate-secrets)$/,
    /^asterisk-conf\/existing\/(README\.md|[a-z_]+\.(conf|service|env))$/
  ]
  expect(files.filter((name) => !expected.some((pattern) => pattern.test(name)))).toEqual([])
})

test('the packed program migrates a database and answers', () => {
  const env = { PATH: process.env['PATH'], FOLLOWME_DATABASE: join(directory, 'new.db') }
  const followme = (...args: string[]): string =>
    execFileSync(process.execPath, [join(directory, 'package/dist/main.js'), ...args], { env, encoding: 'utf8' })
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  expect(followme('--version').trim()).toBe(version)
  expect(followme('migrate')).toMatch(/^applied 0001_schema \(followme\)/m)
  expect(followme('calls')).toBe('no calls\n')
})

test('the world of holidays is loaded by the command that needs it, and by no other', () => {
  const probe = join(directory, 'probe.cjs')
  writeFileSync(
    probe,
    `process.on('exit', () => {
      if (Object.keys(require.cache).some((name) => name.includes('date-holidays'))) console.log('loaded')
    })`
  )
  const loads = (...args: string[]): boolean => {
    const words = ['--require', probe, join(directory, 'package/dist/main.js'), ...args]
    return execFileSync(process.execPath, words, { encoding: 'utf8' }).endsWith('loaded\n')
  }
  expect(loads('holidays', 'US', 'CA', '--year', '2027', '--schedule', 'office')).toBe(true)
  expect(loads('--version')).toBe(false)
})
