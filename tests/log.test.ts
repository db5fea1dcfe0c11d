// A log line is one line, whatever a caller, a carrier or Asterisk has put into it, and tells a terminal to do nothing.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { transformFileSync } from '@swc/core'
import fc from 'fast-check'
import winston from 'winston'
import { createLog } from '../src/log'

function linesOf(terminal: boolean, message: string, fields: object): string {
  const log = createLog('info', terminal)
  for (const transport of log.transports) transport.silent = true
  let printed = ''
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      printed += String(chunk)
      done()
    }
  })
  log.add(new winston.transports.Stream({ stream }))
  log.child({ callId: 'c1' }).warn(message, fields)
  return printed
}

// Controls but for the line's own end, line separators, changes of direction.
// eslint-disable-next-line no-control-regex -- they are what is looked for
const harmful = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/

test.each([true, false])('any text stays on its line (on a terminal: %p)', (terminal) => {
  const anything = fc.string({ unit: 'binary' })
  const worst = fc.constantFrom('\n', '\r\n', '\u001b]0;owned\u0007', '\u009b2J', '\u2028', '\u202e', '\0')
  const anyText = fc.array(fc.oneof(anything, worst)).map((parts) => parts.join(''))
  fc.assert(
    fc.property(anyText, anyText, (message, value) => {
      const lines = linesOf(terminal, message, { caller: value, event: { name: value } })
      // winston colours the level: the only sequences there are.
      const plain = terminal ? lines.replace('\u001b[33mwarn\u001b[39m', 'warn') : lines
      expect(plain.split('\n')).toHaveLength(2)
      expect(plain).not.toMatch(harmful)
    })
  )
})

test("a caller's name can be read back from the JSON", () => {
  const caller = 'a "quoted"\n\u009b name'
  expect(JSON.parse(linesOf(false, 'call arrived', { caller }))).toMatchObject({ caller, callId: 'c1' })
})

test('info lines share a write; a warning is written immediately, after the pending lines', async () => {
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true)
  try {
    const log = createLog('info', false)
    log.info('one')
    log.info('two')
    expect(write).not.toHaveBeenCalled()
    log.warn('three')
    log.info('four')
    expect(messagesOf(write.mock.calls)).toEqual([['one', 'two', 'three']])
    while (write.mock.calls.length < 2) await new Promise((resolve) => setTimeout(resolve, 1))
    expect(messagesOf(write.mock.calls)).toEqual([['one', 'two', 'three'], ['four']])
  } finally {
    write.mockRestore()
  }
})

test.each([
  ['lines for a terminal', 'info', true],
  ['debug lines', 'debug', false]
] as const)('%s are written immediately', (_, level, terminal) => {
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true)
  try {
    const log = createLog('info', terminal)
    log.level = level
    log[level]('one')
    expect(write).toHaveBeenCalledTimes(1)
  } finally {
    write.mockRestore()
  }
})

test('the last line is written before the process exits', () => {
  const program = `require(${JSON.stringify(join(__dirname, '../dist/log.js'))}).createLog('info', false).info('the last'); process.exit(0)`
  const { stderr } = spawnSync(process.execPath, ['--eval', program], { encoding: 'utf8' })
  expect(messagesOf([[stderr]])).toEqual([['the last']])
})

test('while standard error is not read, the buffered log is limited, and the number of lost lines is logged afterwards', async () => {
  // Compiled before: tsx leaves a process behind that shares the pipe, and makes it one that blocks.
  const { code } = transformFileSync(join(__dirname, '../src/log.ts'), {
    module: { type: 'commonjs' },
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }
  })
  const program = `${code}
    const log = createLog('info', false)
    const text = 'x'.repeat(1000)
    for (let each = 0; each < 30_000; each++) log.warn(text)
    console.log(process.stderr.writableLength)
    const drained = () => process.stderr.writableLength > 0 ? setTimeout(drained, 10) : log.warn('after')
    drained()`
  const child = spawn(process.execPath, ['--eval', program], { cwd: join(__dirname, '..'), timeout: 20_000 })
  const [kept] = (await once(child.stdout, 'data')) as [Buffer]
  expect(Number(kept)).toBeGreaterThan(7_000_000)
  expect(Number(kept)).toBeLessThan(9_000_000)
  const lines = (await text(child.stderr)).trimEnd().split('\n')
  const [after, told] = lines.slice(-2).map((line) => JSON.parse(line) as { message: string; lines?: number })
  expect(after?.message).toBe('after')
  expect(told).toMatchObject({ level: 'warn', message: 'log lines were lost: standard error was not being read' })
  expect(lines.length - 2 + (told?.lines ?? 0)).toBe(30_000)
})

/** Of each write, the messages of its lines. */
function messagesOf(writes: readonly (readonly unknown[])[]): string[][] {
  return writes.map(([text]) =>
    String(text)
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { message: string }).message)
  )
}
