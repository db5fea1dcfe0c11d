// The file of settings is read as systemd reads it: by a table, and by systemd itself where this machine has one.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { isError } from '../../src/errors'
import { parseEnvFile } from '../../src/config/env-file'
import { givenDirectory } from '../store/fresh-database'

const parsed = (text: string): Record<string, string> => Object.fromEntries(parseEnvFile(text, 'followme.env'))

test.each([
  ['plain', 'FOLLOWME_A=a\nFOLLOWME_B=b', { FOLLOWME_A: 'a', FOLLOWME_B: 'b' }],
  ['surrounding blanks', '  FOLLOWME_A =  a b \t\n', { FOLLOWME_A: 'a b' }],
  ['empty', 'FOLLOWME_A=\nFOLLOWME_B=', { FOLLOWME_A: '', FOLLOWME_B: '' }],
  ['the last value wins', 'FOLLOWME_A=1\nFOLLOWME_A=2', { FOLLOWME_A: '2' }],
  ['comments', '# FOLLOWME_A=1\n; FOLLOWME_A=2\n  # x\nFOLLOWME_B=3', { FOLLOWME_B: '3' }],
  ['a number sign within a value', 'FOLLOWME_A=se#cret ;x # y', { FOLLOWME_A: 'se#cret ;x # y' }],
  ['no expansion', 'FOLLOWME_A=$HOME ${X} $(date) `date`', { FOLLOWME_A: '$HOME ${X} $(date) `date`' }],
  ['single quotes', "FOLLOWME_A='a \\\" $x # '", { FOLLOWME_A: 'a \\" $x # ' }],
  ['double quotes', 'FOLLOWME_A=" a \\" \\\\ \\$x \\q "', { FOLLOWME_A: ' a " \\ $x \\q ' }],
  ['adjacent quotes', 'FOLLOWME_A=\'a\'"b" c', { FOLLOWME_A: 'abc' }],
  ['a quote within a value', 'FOLLOWME_A=it\'s "so"', { FOLLOWME_A: 'it\'s "so"' }],
  ['a continued line', 'FOLLOWME_A=a\\\nb\nFOLLOWME_B=1', { FOLLOWME_A: 'ab', FOLLOWME_B: '1' }],
  ['an escaped blank at the end', 'FOLLOWME_A=g\\ \n', { FOLLOWME_A: 'g ' }],
  ['Windows line endings', 'FOLLOWME_A=a\r\nFOLLOWME_B="b"\r\n', { FOLLOWME_A: 'a', FOLLOWME_B: 'b' }],
  ['variables of other programs', 'PATH=/bin\nMY_FOLLOWME=1\nnonsense\n=x\nFOLLOWME_A=1', { FOLLOWME_A: '1' }],
  ['nothing', '', {}]
])('%s', (_, text, settings) => {
  expect(parsed(text)).toEqual(settings)
})

test.each([
  ['# x\nexport FOLLOWME_A=s3cret', /^followme\.env, line 2: "export FOLLOWME_A" is not a setting/],
  ['\n\nFOLLOWME_A', /^followme\.env, line 3: "FOLLOWME_A" is not a setting: write NAME=value/],
  ['FOLLOWME_A: s3cret\n', /line 1: "FOLLOWME_A: s3cret" is not a setting/],
  ['FOLLOWME_A="s3cret\nFOLLOWME_B=1\n', /line 1: the quote " is never closed/],
  ["A=1\nB='s3cret", /line 2: the quote ' is never closed/]
])('%j is refused with its line number', (text, message) => {
  let said = ''
  try {
    parsed(text)
  } catch (error) {
    said = isError(error) ? error.message : ''
  }
  expect(said).toMatch(message)
  if (!text.includes(':')) expect(said).not.toContain('s3cret')
})

const generator = '/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator'

/** What systemd itself makes of it. It would expand a dollar, which no EnvironmentFile is: leave those out. */
function bySystemd(text: string): Record<string, string> {
  const directory = givenDirectory()
  mkdirSync(join(directory, 'environment.d'))
  writeFileSync(join(directory, 'environment.d/x.conf'), text)
  const { stdout } = spawnSync(generator, { env: { XDG_CONFIG_HOME: directory, HOME: directory }, encoding: 'utf8' })
  // It prints them for a shell.
  const { stdout: all } = spawnSync('bash', ['-c', `set -a\n${stdout}\nexec env -0`], { env: {}, encoding: 'utf8' })
  return Object.fromEntries(
    all.split('\0').flatMap((each) => {
      const [, name, value] = /^(FOLLOWME_\w+)=([^]*)$/.exec(each) ?? []
      return name === undefined || value === undefined ? [] : [[name, value]]
    })
  )
}

function filled(settings: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== ''))
}

;(existsSync(generator) ? test : test.skip)('systemd reads any file the same way', () => {
  const piece = fc.constantFrom('a', 'Bc', ' ', '#', ';', '=', "'", '"', '\\', '\\\\', "'x y'", '"x \\" y"', '\\\n')
  const value = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), (values) => {
      const text = values.map((each, at) => ` FOLLOWME_${String(at)} =${each}\n`).join('')
      let ours: Record<string, string>
      try {
        ours = parsed(text)
      } catch {
        // A quote that is never closed, which systemd ends with the file.
        return
      }
      // It does not always print an empty one, nor a line end as a shell reads it.
      if (Object.values(ours).some((each) => each.includes('\n'))) return
      expect(filled(ours)).toEqual(filled(bySystemd(text)))
    }),
    { numRuns: 150 }
  )
})
