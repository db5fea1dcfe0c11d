// What the README and the pages of docs/ say is held against the program: settings, SQL, commands, dependencies.
import { readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { commands } from '../../src/cli/commands'
import { coverageCommand } from '../../src/cli/commands/coverage'
import { explainCommand } from '../../src/cli/commands/explain'
import { migrateCommand } from '../../src/cli/commands/migrate'
import { overrideCommand } from '../../src/cli/commands/override'
import { readConfig } from '../../src/config/config'
import { migrate } from '../../src/store/migrations/migrate'
import { givenDirectory, givenFiles, shipped } from '../store/fresh-database'
import { blocksOf, examplesOf, rowsOf, wordsOf } from './markdown'

const root = resolve(__dirname, '../..')
const textOf = (page: string): string => readFileSync(join(root, page), 'utf8')

const sql = blocksOf(textOf('README.md')).find(({ language }) => language === 'sql')?.text ?? ''

/** Rows of the page's table that begins with these headings, without their backquotes. */
function table(page: string, ...headings: readonly string[]): (readonly string[])[] {
  return rowsOf(textOf(page), `| ${headings.join(' | ')} |`).map(({ cells }) => cells)
}

/** The settings that config.ts reads, each once. */
function settings(): string[] {
  const source = readFileSync(join(root, 'src/config/config.ts'), 'utf8')
  return [...new Set(Array.from(source.matchAll(/'(FOLLOWME_\w+)'/g), ([, name = '']) => name))].sort()
}

test('the table of settings lists exactly the settings that the program reads', () => {
  expect(settings().length).toBeGreaterThan(8)
  expect(
    table('docs/configuration.md', 'variable', 'default', 'meaning')
      .map(([name]) => name)
      .sort()
  ).toEqual(settings())
})

test('the table of settings gives the right defaults', () => {
  const config = readConfig({ FOLLOWME_ARI_PASSWORD: 'secret' })
  const documented = Object.fromEntries(
    table('docs/configuration.md', 'variable', 'default', 'meaning').map(
      ([name = '', value = '']) => [name, value] as const
    )
  )
  expect(documented).toEqual({
    FOLLOWME_ARI_URL: config.ari.url,
    FOLLOWME_ARI_USER: config.ari.user,
    FOLLOWME_ARI_PASSWORD: 'required',
    FOLLOWME_ARI_APP: config.ari.app,
    FOLLOWME_ARI_TRANSPORT: config.ari.transport,
    FOLLOWME_DATABASE: config.database,
    FOLLOWME_MIGRATIONS: 'none',
    FOLLOWME_TRUNK: config.trunk,
    FOLLOWME_BARE_NUMBERS: config.bareNumbers,
    FOLLOWME_HTTP: `${config.http.host}:${config.http.port}`,
    FOLLOWME_LOG_LEVEL: config.logLevel,
    FOLLOWME_DRAIN_SECONDS: `${config.drainMs / 1000}`,
    FOLLOWME_MAX_CALL_SECONDS: `${config.maxCallSeconds}`,
    FOLLOWME_RETENTION_DAYS: `${config.retentionDays}`,
    FOLLOWME_SERVER: "the host's name"
  })
  expect(config.siteMigrations).toBeUndefined()
})

test('the first rule of the README applies, and the commands after it print what the pages show', async () => {
  const database = join(givenDirectory(), 'followme.db')
  migrate({
    database,
    shipped,
    site: givenFiles({ '0001_sales.sql': sql }),
    log: () => undefined
  })
  const printed: string[] = []
  jest.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line))
  const now = jest.spyOn(Date, 'now')
  process.env['FOLLOWME_DATABASE'] = database
  try {
    const instants = {
      explain: '2026-11-23T09:30-08:00',
      override: '2026-11-23T09:30-08:00',
      coverage: '2026-12-23T09:00-08:00'
    }
    const pages = { explain: 'README.md', coverage: 'docs/cli.md', override: 'docs/cli.md' }
    for (const name of ['explain', 'coverage', 'override'] as const) {
      const { words, shown } = example(pages[name], `followme ${name} `)
      now.mockReturnValue(Date.parse(instants[name]))
      const command = { explain: explainCommand, coverage: coverageCommand, override: overrideCommand }[name]()
      await command.parseAsync(words, { from: 'user' })
      expect(shown).not.toBe('')
      expect(printed.splice(0).join('\n')).toBe(shown)
    }
  } finally {
    delete process.env['FOLLOWME_DATABASE']
    jest.restoreAllMocks()
  }
})

test('the first migrate prints what the README shows', async () => {
  const database = join(givenDirectory(), 'followme.db')
  const printed: string[] = []
  jest.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line))
  process.env['FOLLOWME_DATABASE'] = database
  process.env['FOLLOWME_MIGRATIONS'] = givenFiles({ '0001_sales.sql': sql })
  try {
    await migrateCommand().parseAsync([], { from: 'user' })
  } finally {
    delete process.env['FOLLOWME_DATABASE']
    delete process.env['FOLLOWME_MIGRATIONS']
    jest.restoreAllMocks()
  }
  const alike = (text: string) => text.replaceAll(/ in \d+ ms$/gm, ' in … ms')
  const { shown } = example('README.md', 'followme migrate')
  expect(shown).not.toBe('')
  expect(alike(printed.join('\n')).replace(database, '/var/lib/followme/followme.db')).toBe(alike(shown))
})

test('every page that shows the output of a command is run by a test', () => {
  // docs/rules.md is run whole: rules-guide.test.ts.
  const pages = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md') && name !== 'rules.md')
  const shown = ['README.md', ...pages.map((name) => `docs/${name}`)].flatMap((page) => {
    const consoles = blocksOf(textOf(page)).filter(({ language }) => language === 'console')
    return consoles.flatMap(examplesOf).map(({ command }) => `${page}: ${command.split(' ').slice(0, 2).join(' ')}`)
  })
  expect(shown).toEqual([
    'README.md: followme migrate',
    'README.md: followme explain',
    'docs/cli.md: followme override',
    'docs/cli.md: followme coverage'
  ])
})

/** The first example on the page that begins so: the words after the command's name, and what it is shown to print. */
function example(page: string, beginning: string): { readonly words: readonly string[]; readonly shown: string } {
  const consoles = blocksOf(textOf(page)).filter(({ language }) => language === 'console')
  const examples = consoles.flatMap(examplesOf)
  const { command = '', shown = '' } = examples.find(({ command }) => command.startsWith(beginning)) ?? {}
  return { words: wordsOf(command).slice(2), shown }
}

/** A command by the words that call it, or in its place those below it. */
function withItsOwn(command: Command, before = ''): { readonly words: string; readonly command: Command }[] {
  const words = before + command.name()
  if (command.commands.length === 0) return [{ words, command }]
  return command.commands.flatMap((below) => withItsOwn(below, `${words} `))
}

test('the table of commands lists every command with all its options', () => {
  const documented = table('docs/cli.md', 'command', 'what it does').map(([usage = '']) => usage)
  // The build alone uses man-page, and the help does not show it.
  const shown = commands().filter((command) => command.name() !== 'man-page')
  const all = shown.flatMap((command) => withItsOwn(command))
  expect(documented.map((usage) => (/^followme ([a-z]+(?:[ -][a-z]+)*)/.exec(usage) ?? [])[1])).toEqual(
    all.map(({ words }) => words)
  )
  all.forEach(({ command }, at) => {
    expect(documented[at]?.match(/--[a-z-]+/g) ?? []).toEqual(command.options.map((option) => option.long))
  })
})

test('every npm script named in the documents exists', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.md')
  )
  const texts = ['README.md', 'CONTRIBUTING.md', ...docs.map((name) => `docs/${name}`)].map(textOf).join('\n')
  const named = Array.from(texts.matchAll(/npm run ([\w:-]+)/g), ([, name = '']) => name)
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([])
  expect(named).toContain('demo')
})

test('every dependency of the package has a line in the documents', () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
  }
  expect(
    table('docs/architecture.md', 'package', 'why')
      .map(([name]) => name)
      .sort()
  ).toEqual(Object.keys(dependencies).sort())
})
