// The documents as a whole: every relative link leads to a file and a heading that are there, in the package as well, and
// the README stays a landing page.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { lineAt } from '../packaging/markdown'

const root = resolve(__dirname, '../..')

function markdownIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name))
}

const pages = [
  'README.md',
  'SECURITY.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...markdownIn('docs'),
  ...markdownIn('asterisk-conf')
]

const textOf = (page: string): string => readFileSync(join(root, page), 'utf8')

/** The text without fenced blocks, whose comments would look like headings; lines keep their numbers. */
const proseOf = (page: string): string =>
  textOf(page).replace(/^ *```[^]*?^ *```$/gm, (block) => block.replace(/[^\n]/g, ''))

/** The names by which GitHub knows the headings of a page. */
function anchorsOf(page: string): string[] {
  return Array.from(proseOf(page).matchAll(/^#+ (.*)$/gm), ([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w -]/g, '')
      .replaceAll(' ', '-')
  )
}

interface Link {
  readonly line: number
  /** From the root of the project, with its heading. */
  readonly to: string
}

function linksOf(page: string): Link[] {
  const prose = proseOf(page).replace(/`[^`\n]*`/g, (code) => ' '.repeat(code.length))
  return Array.from(prose.matchAll(/\]\(([^)\s]+)\)/g), ({ 1: link = '', index }) => ({
    link,
    line: lineAt(prose, index)
  }))
    .filter(({ link }) => !/^https?:/.test(link))
    .map(({ link, line }) => {
      const [file = '', anchor] = link.split('#')
      const path = file === '' ? page : relative(root, resolve(root, dirname(page), file))
      return { line, to: anchor === undefined ? path : `${path}#${anchor}` }
    })
}

test('README.md is a landing page: at most 12,000 bytes', () => {
  expect(readFileSync(join(root, 'README.md')).length).toBeLessThanOrEqual(12_000)
})

test.each(pages)('every link in %s leads to an existing file and heading', (page) => {
  const broken = linksOf(page).filter(({ to }) => {
    const [file = '', anchor] = to.split('#')
    if (!existsSync(join(root, file))) return true
    return anchor !== undefined && !anchorsOf(file).includes(anchor)
  })
  expect(broken.map(({ line, to }) => `${page}:${line} ${to}`)).toEqual([])
})

test('README.md links to every page of docs/ that is not a note, directly or through one other page', () => {
  const direct = linksOf('README.md').map(({ to }) => to.replace(/#.*/, ''))
  const further = direct.filter((to) => to.endsWith('.md')).flatMap((page) => linksOf(page).map(({ to }) => to))
  const reached = new Set([...direct, ...further.map((to) => to.replace(/#.*/, ''))])
  expect(markdownIn('docs').filter((page) => !reached.has(page))).toEqual([])
})

test('the pages in the package link only to files in the package, sources apart', () => {
  const { files } = JSON.parse(textOf('package.json')) as { files: string[] }
  const packed = ['README.md', 'LICENSE', 'package.json', ...files]
  const isPacked = (path: string): boolean => packed.some((name) => path === name || path.startsWith(`${name}/`))
  const missing = pages
    .filter((page) => isPacked(page) && page !== 'CONTRIBUTING.md')
    .flatMap((page) => linksOf(page).map(({ line, to }) => ({ page, line, path: to.replace(/#.*/, '') })))
    .filter(({ path }) => !isPacked(path))
  expect(missing.map(({ page, line, path }) => `${page}:${line} ${path}`)).toEqual([])
})

test.each(pages)('every file and folder of the project named in %s exists', (page) => {
  // Not a pattern (`*`), nor a file to be made (NAME, NNNN); of a test, jest takes a part of the name.
  const named = proseOf(page).matchAll(/`(?:[^`\n]* )?((?:src|tests|migrations|asterisk-conf|docs)\/[\w./-]*)[^`\n]*`/g)
  const missing = Array.from(named, ([whole, path = '']) => ({ whole, path }))
    .filter(({ whole }) => !/[*]|NAME|NNNN/.test(whole))
    .filter(({ path }) => ![path, `${path}.ts`, `${path}.test.ts`].some((name) => existsSync(join(root, name))))
  expect(missing.map(({ path }) => path)).toEqual([])
})
