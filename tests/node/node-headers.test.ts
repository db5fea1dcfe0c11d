// Compiling the driver of Node.js 20 needs Node's headers: those beside it are found, wherever it is, and no others are taken.
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { run } from '../sandbox/child'

const script = resolve(__dirname, '../../drivers/node-headers.cjs')
const [major, minor, patch] = process.versions.node.split('.')

/** As Node's own file has it. */
const header = (release: string | undefined): string =>
  `#define NODE_MAJOR_VERSION ${major}\n#define NODE_MINOR_VERSION ${minor}\n#define NODE_PATCH_VERSION ${release}\n`

test.each([
  ['headers installed with Node.js are used, without nodejs.org', header(patch), true],
  ['without installed headers, node-gyp downloads them', undefined, false],
  ['headers of another version are not used', header('99'), false]
])('node headers: %s', async (_, text, used) => {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'followme-headers-')))
  try {
    const command = join(directory, 'bin/node')
    mkdirSync(join(directory, 'bin'))
    copyFileSync(process.execPath, command)
    if (text !== undefined) {
      mkdirSync(join(directory, 'include/node'), { recursive: true })
      writeFileSync(join(directory, 'include/node/node_version.h'), text)
    }
    expect((await run({ command, args: [script] })).trim()).toBe(used ? directory : '')
  } finally {
    rmSync(directory, { recursive: true })
  }
})
