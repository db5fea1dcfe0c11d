// docs/security.md claims nothing without a proof: each test that it names is there, under that title.
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

const root = resolve(__dirname, '../..')
const page = readFileSync(resolve(root, 'docs/security.md'), 'utf8').replace(/\s+/g, ' ')
const proofs = Array.from(page.matchAll(/`(tests\/[\w/.-]+\.test\.ts)` "([^"]+)"/g), ([, file = '', title = '']) => [
  file,
  title
])

test('every test file named on the page comes with a title', () => {
  const named = page.match(/`tests\/[^`]+\.ts`/g) ?? []
  expect(named.length).toBe(proofs.length)
  expect(proofs.length).toBeGreaterThan(20)
})

test.each(proofs)('%s has the test "%s"', (file = '', title = '') => {
  const path = resolve(root, file)
  expect(existsSync(path)).toBe(true)
  const source = readFileSync(path, 'utf8')
  expect(source.includes(`'${title}'`) || source.includes(`"${title}"`)).toBe(true)
})
