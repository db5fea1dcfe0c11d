// The commands by which the libraries are installed, in the docs and in what builds followme.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(__dirname, '../..')

test.each([
  'README.md',
  'docs/install.md',
  'docs/performance.md',
  'Dockerfile',
  'tests/install.sh',
  '.github/workflows/test.yml',
  'src/store/database/driver.ts'
])('%s needs no compiler: npm 10 and 11 would compile the database driver, although it brings a binary', (file) => {
  const commands = readFileSync(join(root, file), 'utf8').match(/npm (ci|prune)\b.*/g) ?? []
  expect(commands).not.toEqual([])
  expect(commands.filter((command) => !/^npm (ci|prune) --ignore-scripts\b/.test(command))).toEqual([])
})
