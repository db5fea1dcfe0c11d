// What a process says when it is looked into from outside.
import type { ChildProcess } from 'node:child_process'
import { spawnTied, until } from './child'
import { debuggerIn, evaluateIn, Inspector } from './inspector'

const started: ChildProcess[] = []

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

/** A program that waits for `timers` timers, and where its debugger listens. */
async function given(timers: number): Promise<{ child: ChildProcess; url: string }> {
  const script = `for (let left = ${String(timers)}; left > 0; left--) setTimeout(() => {}, 60_000)`
  const program = { command: process.execPath, args: ['--inspect=127.0.0.1:0', '-e', script] }
  const child = spawnTied(program, { stdio: ['ignore', 'ignore', 'pipe'] })
  started.push(child)
  let output = ''
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  await until('the debugger to listen', () => debuggerIn(output) !== null)
  return { child, url: debuggerIn(output) ?? '' }
}

test('expressions and values of any length are evaluated', async () => {
  const { url } = await given(1)
  expect(await evaluateIn(url, '6 * 7')).toBe(42)
  expect(await evaluateIn(url, `'${'é'.repeat(20_000)}'.length`)).toBe(20_000)
  expect(await evaluateIn(url, `'é'.repeat(100_000)`)).toBe('é'.repeat(100_000))
})

test('held resources are counted: timers, emitters, listeners, and the heap', async () => {
  const { url } = await given(3)
  const inspector = await Inspector.open(url)
  await until('the timers to run', async () => (await inspector.held())['Timeout'] === 3)
  const before = await inspector.held()
  expect(before['emitters']).toBeGreaterThan(0)
  await inspector.evaluate(`globalThis.kept = new process.constructor().on('x', () => {}).on('x', () => {}); 0`)
  const after = await inspector.held()
  expect((after['emitters'] ?? 0) - (before['emitters'] ?? 0)).toBe(1)
  expect((after['listeners'] ?? 0) - (before['listeners'] ?? 0)).toBe(2)
  expect(await inspector.heapBytes()).toBeGreaterThan(1_000_000)
  inspector.close()
})

test('a process that is killed before or during a request is reported as gone', async () => {
  const { child, url } = await given(1)
  const inspector = await Inspector.open(url)
  const asked = inspector.evaluate('for (;;);')
  child.kill('SIGKILL')
  await expect(asked).rejects.toThrow('the process has gone')
  await expect(inspector.evaluate('1')).rejects.toThrow('the process has gone')
  await expect(Inspector.open(url)).rejects.toThrow(/ECONN(REFUSED|RESET)/)
})
