// `npm pack`: what a user gets, made in a copy of the project, and whether that is enough to run.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { install, pairs } from '../node/trials'
import { packed } from './packed'

jest.setTimeout(300_000)

const root = resolve(__dirname, '../..')
let directory: string
let tarball: string
let files: string[]

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'followme-package-'))
  tarball = await packed(directory)
  execFileSync('tar', ['-xzf', tarball], { cwd: directory })
  files = execFileSync('tar', ['-tzf', tarball], { cwd: directory, encoding: 'utf8', maxBuffer: 64 << 20 })
    .trim()
    .split('\n')
    .map((name) => name.replace(/^package\//, ''))
})

afterAll(() => rmSync(directory, { recursive: true, force: true }))

test('no npm script is defined twice', () => {
  const [, scripts = ''] = /"scripts": \{([^}]*)\}/.exec(readFileSync(join(root, 'package.json'), 'utf8')) ?? []
  const names = Array.from(scripts.matchAll(/^ *"([a-z:-]+)":/gm), ([, name = '']) => name)
  expect(names).toContain('test:unit')
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})

test('the package contains the program, the schema, the Asterisk configuration and the documents', () => {
  expect(files).toEqual(
    expect.arrayContaining([
      'package.json',
      'LICENSE',
      'README.md',
      'CHANGELOG.md',
      'SECURITY.md',
      'CONTRIBUTING.md',
      ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.md'))
        .map((name) => `docs/${name}`),
      'dist/main.js',
      'dist/followme.1',
      'dist/cli/commands/serve.js',
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

test('the package contains nothing else: no source, no test, no database, and no password', () => {
  const expected = [
    /^(package\.json|LICENSE|(README|CHANGELOG|SECURITY|CONTRIBUTING)\.md)$/,
    /^docs\/([a-z-]+\/)*\w+\.(md|sql)$/,
    /^dist\/([a-z]+\/)*[a-z0-9-]+\.js(\.map)?$/,
    /^dist\/followme\.1$/,
    /^migrations\/\d{4}_\w+\.sql$/,
    /^docs\/([a-z-]+\/)?([a-z-]+\.md|README\.md|\d{4}_\w+\.sql)$/,
    /^asterisk-conf\/[a-z0-9_]+\.conf$/,
    /^asterisk-conf\/(README\.md|generate-secrets)$/,
    /^asterisk-conf\/existing\/(README\.md|[a-z_]+\.(conf|service|env))$/
  ]
  const own = files.filter((name) => !name.startsWith('node_modules/') && !name.startsWith('dist/node20/'))
  expect(own.filter((name) => !expected.some((pattern) => pattern.test(name)))).toEqual([])
})

test('the package contains every library in the tested version, so that the day of installation does not matter', () => {
  const { dependencies, bundleDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
    bundleDependencies: string[]
  }
  expect([...bundleDependencies].sort()).toEqual(Object.keys(dependencies).sort())
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version: string; dev?: true; devOptional?: true; optional?: true }>
  }
  const tested = Object.entries(lock.packages)
    .filter(([path, { dev, devOptional, optional }]) => path !== '' && !dev && !devOptional && !optional)
    .map(([path, { version }]) => `${path} ${version}`)
  const packed = files
    .filter((name) => /^(node_modules\/(@[^/]+\/)?[^/]+\/)+package\.json$/.test(name))
    .map((name) => {
      const { version } = JSON.parse(readFileSync(join(directory, 'package', name), 'utf8')) as { version: string }
      return `${dirname(name)} ${version}`
    })
  expect(packed.sort()).toEqual(tested.sort())
})

test('no override names exactly the packed version: npm 12.2 and later refuse to pack that', () => {
  interface Overrides {
    [name: string]: string | Overrides
  }
  const { overrides } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { overrides: Overrides }
  const leaves = (of: Overrides): [string, string][] =>
    Object.entries(of).flatMap(([name, to]) => (typeof to === 'string' ? [[name, to]] : leaves(to)))
  const exact = leaves(overrides).filter(([name, to]) => {
    const file = `node_modules/${name}/package.json`
    return files.includes(file) && readFileSync(join(directory, 'package', file), 'utf8').includes(`"version": "${to}"`)
  })
  expect(exact).toEqual([])
})

// What ari-client asks for, and the first versions without the advisory of each.
test('no library in the package is affected by a published advisory', () => {
  const mended: Readonly<Record<string, readonly [name: string, major: number, minor: number, patch: number]>> = {
    request: ['@cypress/request', 3, 0, 0],
    'tough-cookie': ['tough-cookie', 4, 1, 3],
    'form-data': ['form-data', 4, 0, 4],
    qs: ['qs', 6, 14, 2],
    ws: ['ws', 8, 17, 1],
    uuid: ['uuid', 11, 1, 1],
    cookiejar: ['cookiejar', 2, 1, 4]
  }
  for (const [folder, [name, ...first]] of Object.entries(mended)) {
    const copies = files.filter((file) => file.endsWith(`node_modules/${folder}/package.json`))
    expect(copies).toEqual([`node_modules/${folder}/package.json`])
    const is = JSON.parse(readFileSync(join(directory, 'package', copies[0] ?? ''), 'utf8')) as Record<string, string>
    expect(is['name']).toBe(name)
    const version = (is['version'] ?? '').split('.').map(Number)
    const weight = ([major = 0, minor = 0, patch = 0]: readonly number[]): number => major * 1e6 + minor * 1e3 + patch
    expect(weight(version)).toBeGreaterThanOrEqual(weight(first))
  }
})

test('no library in the package compiles or downloads anything during installation', () => {
  const scripts = files
    .filter((name) => /^(node_modules\/(@[^/]+\/)?[^/]+\/)+package\.json$/.test(name))
    .flatMap((name) => {
      const { scripts = {}, gypfile } = JSON.parse(readFileSync(join(directory, 'package', name), 'utf8')) as {
        scripts?: Record<string, string>
        gypfile?: boolean
      }
      const named = ['preinstall', 'install', 'postinstall'].filter((script) => script in scripts)
      // Without a script of its own, npm compiles what has one of these.
      const isCompiled = files.includes(join(dirname(name), 'binding.gyp')) && gypfile !== false
      return isCompiled
        ? [...named, 'binding.gyp'].map((what) => `${name}: ${what}`)
        : named.map((what) => `${name}: ${what}`)
    })
  expect(scripts).toEqual([])
})

test('neither package-lock.json nor the package names the download URL of a library', () => {
  for (const file of [join(root, 'package-lock.json'), join(root, 'drivers/node20/package-lock.json')]) {
    expect(readFileSync(file, 'utf8')).not.toContain('"resolved"')
  }
  expect(files.filter((name) => /(^|\/)(\.package-lock\.json|\.npmrc|npm-shrinkwrap\.json)$/.test(name))).toEqual([])
})

test('the packed program prints its version, migrates a database and lists calls', () => {
  const env = { PATH: process.env['PATH'], FOLLOWME_DATABASE: join(directory, 'new.db') }
  const followme = (...args: string[]): string =>
    execFileSync(process.execPath, [join(directory, 'package/dist/main.js'), ...args], { env, encoding: 'utf8' })
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  expect(followme('--version').trim()).toBe(version)
  expect(followme('migrate')).toMatch(/^applied 0001_schema \(followme\)/m)
  expect(followme('calls')).toBe('no calls\n')
})

// All pairs, with ten times as many numbers: `npm run test:node`.
test.each([pairs[0]!, pairs.at(-1)!])(
  'on Node.js $node, npm $npm installs the package, and 500 numbers are migrated',
  async (pair) => {
    await install(pair, tarball, 1, 500)
  }
)

test('the holiday data are loaded only by the command that needs them', () => {
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
