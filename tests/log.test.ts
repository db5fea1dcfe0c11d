// A log line is one line, whatever a caller, a carrier or Asterisk has put into it, and tells a terminal to do nothing.
import { Writable } from 'node:stream'
import fc from 'fast-check'
import winston from 'winston'
import { createLog } from '../src/log'

function linesOf(terminal: boolean, message: string, fields: object): string {
  const log = createLog('info', terminal)
  for (const transport of log.transports) transport.silent = true
  let text = ''
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      text += String(chunk)
      done()
    }
  })
  log.add(new winston.transports.Stream({ stream }))
  log.child({ callId: 'c1' }).warn(message, fields)
  return text
}

// Controls but for the line's own end, line separators, changes of direction.
// eslint-disable-next-line no-control-regex -- they are what is looked for
const harmful = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/

test.each([true, false])('on a terminal (%p) any text stays on its line', (terminal) => {
  const anything = fc.string({ unit: 'binary' })
  const worst = fc.constantFrom('\n', '\r\n', '\u001b]0;owned\u0007', '\u009b2J', '\u2028', '\u202e', '\0')
  const text = fc.array(fc.oneof(anything, worst)).map((parts) => parts.join(''))
  fc.assert(
    fc.property(text, text, (message, value) => {
      const lines = linesOf(terminal, message, { caller: value, event: { name: value } })
      // winston colours the level: the only sequences there are.
      const plain = terminal ? lines.replace('\u001b[33mwarn\u001b[39m', 'warn') : lines
      expect(plain.split('\n')).toHaveLength(2)
      expect(plain).not.toMatch(harmful)
    })
  )
})

test('what a caller calls themselves can be read back from the JSON', () => {
  const caller = 'a "quoted"\n\u009b name'
  expect(JSON.parse(linesOf(false, 'call arrived', { caller }))).toMatchObject({ caller, callId: 'c1' })
})
