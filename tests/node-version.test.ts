// On which Node.js followme starts, and what it says on any other.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript'
import { unsupportedNodeMessage } from '../src/node-version'

const root = join(__dirname, '..')
const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { engines: { node: string } }

test.each([
  // Node-API 10, which the driver needs, came with 22.14.
  [
    '20.19.0',
    '20.19.6',
    '20.20.2',
    '22.14.0',
    '22.23.3',
    '24.0.0',
    '24.18.1',
    '24.19.0',
    '24.21.0',
    '26.0.0',
    '26.12.1'
  ]
])('followme starts on Node.js %s', (version) => {
  expect(unsupportedNodeMessage(version, engines.node)).toBeUndefined()
})

test.each([
  ...['0.10.48', '10.24.1', '12.22.12', '18.19.0', '18.20.8', '20.0.0', '20.18.3'],
  ...['21.7.3', '22.0.0', '22.13.1', '23.11.1', '25.9.0', '27.0.0', '28.1.0', '100.0.0', '2.20.0']
])('followme does not start on Node.js %s, and says what to install', (version) => {
  expect(unsupportedNodeMessage(version, engines.node)).toBe(
    `Node.js ${version} is not supported: followme runs on Node.js 20.19 or later, 22.14 or later, 24 and 26; install Node.js 24, then start followme again`
  )
})

test.each(['main.ts', 'node-version.ts'])(
  '%s parses on a Node.js of 2018, so that the version check can run',
  (file) => {
    const source = readFileSync(join(root, 'src', file), 'utf8')
    const compiled = (target: ScriptTarget): string =>
      transpileModule(source, { compilerOptions: { target, module: ModuleKind.CommonJS } }).outputText
    expect(compiled(ScriptTarget.ES2023)).toBe(compiled(ScriptTarget.ES2018))
    expect(compiled(ScriptTarget.ES2023)).not.toContain('"node:')
  }
)
