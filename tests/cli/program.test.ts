// The program's own options and help; it is run.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { builtMain } from '../built'

const root = resolve(__dirname, '../..')
const { version } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as { readonly version: string }

function printed(...args: readonly string[]): string {
  const { status, stdout } = spawnSync(process.execPath, [builtMain, ...args], { encoding: 'utf8' })
  expect(status).toBe(0)
  return stdout
}

test('the help fits a terminal of 80 columns', () => {
  const lines = printed('--help').split('\n')
  expect(lines.length).toBeGreaterThan(20)
  expect(lines.filter((line) => line.length > 80)).toEqual([])
})

test.each(['-v', '-V', '--version'])('%s prints the version', (option) => {
  expect(printed(option)).toBe(`${version}\n`)
})
