// The completion scripts, each tried in its own shell, and the manual page, as groff formats it.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { commands } from '../../src/cli/commands'
import { givenDirectory } from '../store/fresh-database'

// With the two dashes, Node.js leaves --env-file to followme.
const program = ['--import', require.resolve('tsx'), '--', resolve(__dirname, '../../src/main.ts')]

function printed(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...program, ...args], { encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout
}

const has = (name: string): boolean => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0

/** A directory with a file and a directory in it, and the script of a shell. */
function given(script: string): string {
  const directory = givenDirectory()
  mkdirSync(join(directory, 'nightly'))
  writeFileSync(join(directory, 'night rota.sql'), '')
  writeFileSync(join(directory, 'script'), script)
  return directory
}

/** What a shell offers for the last of these words. */
type Offers = (...words: readonly string[]) => string[]

function bash(): Offers {
  const completion = printed('completion', 'bash')
  return (...words) => {
    const cwd = given(completion)
    const script = `set -u; source ./script; COMP_WORDS=(followme "$@"); COMP_CWORD=$#; _followme
      [[ \${#COMPREPLY[@]} == 0 ]] || printf '%s\\n' "\${COMPREPLY[@]}"`
    const { stdout, stderr, status } = spawnSync('bash', ['-c', script, 'bash', ...words], { cwd, encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    return stdout.split('\n').filter((line) => line !== '')
  }
}

function fish(): Offers {
  const completion = printed('completion', 'fish')
  return (...words) => {
    const cwd = given(completion)
    const line = `followme ${words.join(' ')}`
    const script = 'set fish_complete_path; source script; complete -C $argv[1]'
    const { stdout, stderr } = spawnSync('fish', ['--no-config', '-c', script, line], { cwd, encoding: 'utf8' })
    expect(stderr).toBe('')
    return stdout.split('\n').flatMap((each) => (each === '' ? [] : (each.split('\t')[0] ?? [])))
  }
}

const names = commands()
  .map((command) => command.name())
  .filter((name) => name !== 'man-page')

/** Every command that there is with its path, subcommands too. */
function everyCommand(): { readonly path: string; readonly command: Command }[] {
  const below = (command: Command, path: string): { readonly path: string; readonly command: Command }[] => [
    { path, command },
    ...command.commands.flatMap((each) => below(each, `${path} ${each.name()}`))
  ]
  return commands().flatMap((each) => (each.name() === 'man-page' ? [] : below(each, each.name())))
}

// Whether or not this machine has the shell.
test.each(['bash', 'zsh', 'fish'])('the script for %s contains every command and every option', (shell) => {
  const words = new Set(printed('completion', shell).match(/[a-z][a-z-]*/g))
  for (const { command } of everyCommand()) {
    expect(words).toContain(command.name())
    for (const { long } of command.options) expect(words).toContain(long?.replace('--', ''))
  }
})

// Where there is a fish it completes; bash is everywhere.
describe.each([['bash', bash] as const, ...(has('fish') ? [['fish', fish] as const] : [])])('%s', (shell, start) => {
  let offers: Offers
  beforeAll(() => (offers = start()))

  test('offers every command, and those with the typed prefix', () => {
    expect(offers('').sort()).toEqual([...names, 'help'].sort())
    expect(offers('ca').sort()).toEqual(['call', 'calls'])
    expect(offers('override', '').sort()).toEqual(['clear', 'help', 'list', 'set'])
  })

  test('offers the options of the command', () => {
    expect(offers('calls', '--').filter((each) => !/help|version|env-file/.test(each))).toEqual(
      expect.arrayContaining(['--json', '--limit', '--number', '--since'])
    )
    expect(offers('override', 'set', '--f')).toEqual(['--for'])
    expect(offers('--env')).toEqual(['--env-file'])
  })

  test('offers the values of an option', () => {
    expect(offers('completion', '').sort()).toEqual(['bash', 'fish', 'zsh'])
    expect(offers('override', 'set', '+14155550100', 'f')).toEqual(['forward:'])
    expect(offers('holidays', 'DE', '--include', '').sort()).toEqual(['bank', 'observance', 'optional', 'school'])
  })

  test('offers files and directories where one is expected, and nothing for free text', () => {
    expect(
      offers('backup', 'nig')
        .map((each) => each.replaceAll('\\', ''))
        .sort()[0]
    ).toBe('night rota.sql')
    expect(offers('replay', '--with', 'nig').map((each) => each.replace(/\/$/, ''))).toEqual(['nightly'])
    expect(offers('calls', '--since', '')).toEqual([])
  })

  test('recognises the command after an option with a value', () => {
    expect(offers('--env-file', 'settings', 'doc')).toEqual(['doctor'])
    expect(offers('calls', '--since', '2h', '--num')).toEqual(['--number'])
    if (shell === 'bash') expect(offers('calls', '--since', '=', '2h', '--num')).toEqual(['--number'])
  })
})

if (has('zsh')) {
  test('zsh can load its script', () => {
    const cwd = given(printed('completion', 'zsh'))
    const script = 'compdef() { print "$@" }; _arguments() { print -rl -- "$@" }; . ./script; _followme_override_set'
    const { stdout, stderr } = spawnSync('zsh', ['-f', '-c', script], { cwd, encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(stdout).toContain('_followme followme')
    expect(stdout).toContain('2:what:(closed forward\\: rule\\:)')
  })
}

test('a user who may not read the settings still gets the script', () => {
  expect(printed('--env-file', '/nowhere/followme.env', 'completion', 'bash')).toContain(
    'complete -F _followme followme'
  )
})

test('an unknown shell is reported with the supported ones', () => {
  const { status, stderr } = spawnSync(process.execPath, [...program, 'completion', 'csh'], { encoding: 'utf8' })
  expect(status).toBe(2)
  expect(stderr).toContain('bash, zsh, fish')
})

test('the manual page lists every command, argument and option, and groff accepts it', () => {
  const page = printed('man-page')
  expect(page).toMatch(/^\.TH FOLLOWME 1 /)
  const text = has('groff') ? formatted(page) : page.replace(/\\f[BIRP]/g, '').replaceAll('\\-', '-')
  for (const { path, command } of everyCommand()) {
    if (command.commands.length > 0) continue
    expect(text).toContain(`followme ${path}`)
    for (const { flags } of command.options) expect(text).toContain(flags)
    for (const argument of command.registeredArguments) expect(text).toContain(argument.name())
  }
  expect(text).toContain('EXIT STATUS')
})

/** Without bold and italics, in lines that are long enough. */
function formatted(page: string): string {
  const groff = ['-man', '-ww', '-Tutf8', '-rLL=200n', '-P-cbou']
  const { stdout, stderr } = spawnSync('groff', groff, { input: page, encoding: 'utf8' })
  expect(stderr).toBe('')
  return stdout.replaceAll('\u2010', '-')
}
