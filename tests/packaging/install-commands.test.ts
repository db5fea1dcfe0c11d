// The commands by which the libraries are installed, in the docs and in what builds followme.
import { readFileSync, readdirSync } from 'node:fs'
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
])(
  'the npm commands in %s need no compiler: they use --ignore-scripts, because npm 10 and 11 would compile the driver',
  (file) => {
    const commands = readFileSync(join(root, file), 'utf8').match(/npm (ci|prune)\b.*/g) ?? []
    expect(commands).not.toEqual([])
    expect(commands.filter((command) => !/^npm (ci|prune) --ignore-scripts\b/.test(command))).toEqual([])
  }
)

const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith('.md')
)

test('no page relies on sudo finding followme in the PATH, because secure_path may lack /usr/local/bin', () => {
  const commands = pages.flatMap((page) =>
    (readFileSync(join(root, page), 'utf8').match(/sudo -u followme [^\n`]*/g) ?? []).map((text) => `${page}: ${text}`)
  )
  const given = commands.filter((text) => text.includes('followme)" '))
  expect(given.length).toBeGreaterThan(5)
  // sqlite3 is where sudo looks; env is given the PATH.
  const proper = /: sudo -u followme ("\$\(command -v followme\)" |sqlite3 |env "PATH=\$PATH" followme )/
  expect(commands.filter((text) => !proper.test(text))).toEqual([])
})
