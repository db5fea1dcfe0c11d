// Names that are no settings: found in the environment and in the file of settings, and the one that was meant is named.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '../../src/config/config'
import { parseEnvFile } from '../../src/config/env-file'
import { settingNames, strayNames, trunkRemarks } from '../../src/config/setting-names'

test('the list of names is the one that the configuration reads', () => {
  const source = readFileSync(join(__dirname, '../../src/config/config.ts'), 'utf8')
  const read = source.match(/'FOLLOWME_[A-Z_]+'/g) ?? []
  expect([...new Set(read)].map((each) => each.slice(1, -1)).sort()).toEqual([...settingNames])
})

test("known settings, their _FILE forms and other programs' variables cause no warning", () => {
  const names = ['PATH', 'NODE_OPTIONS', ...settingNames, ...settingNames.map((name) => `${name}_FILE`)]
  expect(strayNames(Object.fromEntries(names.map((name) => [name, 'x'])))).toEqual([])
})

test.each([
  ['FOLLOWME_DATABSE', 'write FOLLOWME_DATABASE'],
  ['FOLLOWME_DATABASE_FLE', 'unset it'],
  ['FOLLOWME_DATABSE_FILE', 'write FOLLOWME_DATABASE_FILE'],
  ['FOLLOWME_ARI_PASWORD', 'write FOLLOWME_ARI_PASSWORD'],
  ['FOLLOWME_trunk', 'write FOLLOWME_TRUNK'],
  ['FOLLOWME_SOMETHING', 'unset it; docs/configuration.md lists the settings']
])('%s in the environment: %s', (name, cure) => {
  const [line, ...more] = strayNames({ [name]: 's3cret' })
  expect(line).toContain(`${name} is not a setting, and has no effect: ${cure}`)
  expect(line).not.toContain('s3cret')
  expect(more).toEqual([])
})

test.each([
  ['FOLOWME_TRUNK=s3cret', ['f, line 1: "FOLOWME_TRUNK" is not a setting: write FOLLOWME_TRUNK']],
  ['# x\nDATABASE=s3cret\n', ['f, line 2: "DATABASE" is not a setting: write FOLLOWME_DATABASE']],
  [
    'FOLLOWME_HTTP=1\n\nnonsense\n',
    ['f, line 3: not a setting, because it has no "=": write NAME=value, or start the line with #']
  ],
  ['TZ=UTC\nNODE_OPTIONS=--x\n# nonsense\n; DATABASE=1\n', []]
])('%j in the file: %j', (text, expected) => {
  const remarks: string[] = []
  parseEnvFile(text, 'f', (line) => remarks.push(line))
  expect(remarks).toEqual(expected)
})

test('if a required setting is missing because its name is misspelt, the message names the misspelt one', () => {
  expect(() => readConfig({ FOLLOWME_ARI_PASWORD: 's3cret' })).toThrow(
    /FOLLOWME_ARI_PASSWORD is not set.*\n.*FOLLOWME_ARI_PASWORD is not a setting, .*: write FOLLOWME_ARI_PASSWORD$/
  )
})

test.each([
  ['PJSIP/{number}', 1],
  ['PJSIP/9{number}', 1],
  ['PJSIP/{number}@trunk', 0],
  ['PJSIP/trunk/sip:{number}@carrier.example', 0],
  ['Local/{number}@out', 0],
  ['DAHDI/g1/{number}', 0]
])('warnings about the trunk %s: %d', (trunk, count) => {
  expect(trunkRemarks({ FOLLOWME_TRUNK: trunk })).toHaveLength(count)
})
