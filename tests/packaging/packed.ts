// `npm pack` in a copy of the project: it builds from scratch, and other tests run what is built in the project itself.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { run } from '../sandbox/child'

const root = resolve(__dirname, '../..')
const sources = [
  'package.json',
  'tsconfig.json',
  'LICENSE',
  'README.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'CONTRIBUTING.md',
  'src',
  'drivers',
  'migrations',
  'asterisk-conf',
  'docs'
]

/** Makes the package in `directory`, and gives its file. Beside the sources lies what must not be packed. */
export async function packed(directory: string): Promise<string> {
  const copy = mkdtempSync(join(tmpdir(), 'followme-pack-'))
  try {
    for (const name of sources) cpSync(join(root, name), join(copy, name), { recursive: true })
    mkdirSync(join(copy, 'asterisk-conf/secrets'), { recursive: true })
    writeFileSync(join(copy, 'asterisk-conf/secrets/ari-password'), 'secret')
    writeFileSync(join(copy, 'followme.db'), '')
    // A link would not do: npm packs the libraries from where they really are.
    const script = 'cp -al "$1" "$2" 2>/dev/null || cp -a "$1" "$2"'
    await run({ command: 'sh', args: ['-c', script, 'sh', join(root, 'node_modules'), copy] })
    await run({ command: 'npm', args: ['pack', '--silent', '--pack-destination', directory] }, { cwd: copy })
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
  const name = readdirSync(directory).find((each) => each.endsWith('.tgz'))
  if (name === undefined) throw new Error('npm pack has made no package')
  return join(directory, name)
}
