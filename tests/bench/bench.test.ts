// The bench itself, in small: every way works, its calls are right, and nothing is left behind.
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gone, spawnTied } from '../sandbox/child'
import { isFor, profiles } from './profiles'
import type { Result } from './run'
import { ways } from './ways'

const directory = mkdtempSync(join(tmpdir(), 'followme-bench-'))
const json = join(directory, 'result.json')
afterAll(() => rmSync(directory, { recursive: true }))

async function bench(...args: string[]) {
  const program = {
    command: process.execPath,
    args: ['--experimental-websocket', '--no-warnings', '--import', 'tsx', join(__dirname, 'bench.ts'), ...args]
  }
  const child = spawnTied(program, { stdio: ['ignore', 'pipe', 'pipe'] })
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  const status = await gone(child)
  return { status, printed, pid: child.pid ?? 0 }
}

test('ten calls through each way all succeed, and the figures are printed', async () => {
  const small = ['--profiles', 'busy,trunks', '--rates', '20', '--seconds', '0.4', '--rounds', '1', '--warm-up', '5']
  const { printed, pid } = await bench(
    ...small,
    '--idle-seconds',
    '0.3',
    '--held',
    '5',
    '--without-capacity',
    '--anyway',
    '--json',
    json
  )
  if (!existsSync(json)) throw new Error(printed)
  const result = JSON.parse(readFileSync(json, 'utf8')) as Result
  const left = Object.keys(result.leftOut)
  const measured = ways.flatMap(({ id }) => {
    const its = profiles.filter((profile) => ['busy', 'trunks'].includes(profile.id) && isFor(id, profile.id))
    return left.includes(id) ? [] : its.map((profile) => `${id} ${profile.id}`)
  })
  expect(measured).toContain('by-hand busy')
  expect(measured).toContain('http trunks')
  expect(result.cells.map(({ way, profile }) => `${way} ${profile}`).toSorted()).toEqual(measured.toSorted())
  expect(left).not.toContain('http')
  expect(result.cells.flatMap(({ way, faults }) => faults.map((fault) => `${way}: ${fault}`))).toEqual([])
  expect(result.memories.flatMap(({ faults }) => faults)).toEqual([])
  expect(printed).toContain('setup p50, 20/s, ms')
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`followme-sandbox-${String(pid)}-`))).toEqual([])
})

test('wrong usage is reported, and nothing is run', async () => {
  expect(await bench('--against', join(directory, 'none.json'))).toMatchObject({ status: 2 })
  expect((await bench('--ways', 'http')).printed).toContain("the ways must include 'dial'")
  expect((await bench('--profiles', 'none')).printed).toContain("there is no profile 'none'")
})
