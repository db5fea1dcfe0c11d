// Prints the directory for node-gyp's nodedir: that of this very Node.js, if its C headers are beside it (Debian's libnode-dev, the
// archives of nodejs.org, containers). Prints nothing if there are none, or those of another version.
const { readFileSync } = require('node:fs')
const { join, resolve } = require('node:path')

const directory = resolve(process.execPath, '../..')
try {
  const header = readFileSync(join(directory, 'include/node/node_version.h'), 'utf8')
  const part = (name) => new RegExp(`^#define NODE_${name}_VERSION (\\d+)$`, 'm').exec(header)?.[1]
  if (['MAJOR', 'MINOR', 'PATCH'].map(part).join('.') === process.versions.node) console.log(directory)
} catch (error) {
  if (error.code !== 'ENOENT') throw error
}
