// Whoever can reach the port of /readyz: slow, many, huge, or not speaking HTTP at all. They are cut off, nothing is left of
// them, and the next question is answered.
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import fc from 'fast-check'
import { serveHealth } from '../../src/http/health'
import type { HealthServer } from '../../src/http/health'
import { until } from '../sandbox/child'

const sockets: Socket[] = []
let asked = 0
let server: HealthServer
beforeEach(async () => {
  asked = 0
  server = await serveHealth({ host: '127.0.0.1', port: 0 }, () => {
    asked += 1
    return { ready: true, reasons: [], calls: 0 }
  })
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await server.close()
})

/** What comes back until the server ends the connection; whether it was reset does not matter. */
interface Conversation {
  readonly socket: Socket
  readonly over: Promise<string>
}

function open(text: string | Uint8Array = ''): Conversation {
  const socket = connect(server.port, '127.0.0.1')
  sockets.push(socket)
  let answer = ''
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')))
  const over = new Promise<string>((resolve) => {
    socket.on('error', () => undefined).on('close', () => resolve(answer))
  })
  if (text.length > 0) socket.write(text)
  return { socket, over }
}

async function isAnswered(): Promise<boolean> {
  const answer = await open('GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n').over
  return answer.startsWith('HTTP/1.1 200 ') && answer.includes('"ready":true')
}

const get = 'GET /readyz HTTP/1.1\r\nHost: x\r\n'

test.each([
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ['TLS', Buffer.from('16030100a5010000a10303', 'hex'), 400],
  ['text that is not HTTP', 'hello\r\n\r\n', 400],
  ['a 100 KB request line', `GET /${'x'.repeat(100_000)} HTTP/1.1\r\n\r\n`, 431],
  ['a 100 KB header', `${get}X: ${'x'.repeat(100_000)}\r\n\r\n`, 431],
  ['a header with a NUL', `${get}X: \0\r\n\r\n`, 400],
  ['two Content-Lengths', `${get}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`, 400],
  [
    'Content-Length with chunked encoding',
    `${get}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400
  ],
  ['an unknown Expect header', `${get}Expect: miracles\r\n\r\n`, 417],
  ['a WebSocket upgrade', `${get}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`, 200],
  ['POST', 'POST /readyz HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n', 405],
  ['TRACE', 'TRACE /readyz HTTP/1.1\r\nHost: x\r\n\r\n', 405],
  ['DELETE of something else', 'DELETE /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n', 405],
  ['another host', 'GET http://evil.example/readyz HTTP/1.1\r\nHost: evil.example\r\n\r\n', 404]
])('%s is answered once, and the connection is closed', async (_, request, status) => {
  const answer = await open(request).over
  expect(answer.match(/HTTP\/1\.1 \d{3} /g)).toEqual([`HTTP/1.1 ${String(status)} `])
  expect(await isAnswered()).toBe(true)
})

test('CONNECT is not answered', async () => {
  expect(await open('CONNECT 10.0.0.1:22 HTTP/1.1\r\nHost: x\r\n\r\n').over).toBe('')
  expect(await isAnswered()).toBe(true)
})

test('a page of another site cannot read the answer', async () => {
  const answer = await open(`${get}Origin: http://evil.example\r\n\r\n`).over
  expect(answer).toMatch(/^HTTP\/1\.1 200 /)
  expect(answer).not.toMatch(/access-control/i)
})

test('of a thousand pipelined requests, only one is answered', async () => {
  const answer = await open(`${get}\r\n`.repeat(1000)).over
  expect(answer.match(/HTTP\/1\.1 200/g)).toHaveLength(1)
})

test('an endless body is not read', async () => {
  const { socket, over } = open(`POST /readyz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`)
  const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`
  const sending = setInterval(() => socket.writable && socket.write(chunk), 1)
  const answer = await over
  clearInterval(sending)
  expect(answer === '' || answer.startsWith('HTTP/1.1 405')).toBe(true)
  expect(socket.bytesWritten).toBeLessThan(5_000_000)
  expect(asked).toBe(0)
})

test('an announced body that never comes is not waited for', async () => {
  expect(await open(`${get}Content-Length: 1000000000\r\n\r\n`).over).toMatch(/^HTTP\/1\.1 200 /)
})

test('silent and slow clients are disconnected, and other clients are answered during and after', async () => {
  const idle = Array.from({ length: 40 }, () => open())
  const slow = Array.from({ length: 40 }, () => open('GET /readyz HTTP/1.1\r\n'))
  const dribble = setInterval(() => {
    for (const { socket } of slow) if (socket.writable) socket.write('X-A: b\r\n')
  }, 100)
  try {
    expect(await isAnswered()).toBe(true)
    const ends = await Promise.all([...idle, ...slow].map(({ over }) => over))
    expect(ends.filter((answer) => answer !== '' && !answer.startsWith('HTTP/1.1 408'))).toEqual([])
  } finally {
    clearInterval(dribble)
  }
  expect(await isAnswered()).toBe(true)
})

test('of 500 simultaneous connections, those beyond 100 are refused, and no handles are left afterwards', async () => {
  const handles = (): number => process.getActiveResourcesInfo().filter((each) => each === 'TCPSocketWrap').length
  const before = handles()
  const many = Array.from({ length: 500 }, () => open())
  let refused = 0
  for (const { over } of many) void over.then(() => (refused += 1))
  await until('those past a hundred to be refused', () => refused >= 400)
  expect(refused).toBe(400)
  await Promise.all(many.map(({ over }) => over))
  expect(await isAnswered()).toBe(true)
  await until('the handles to return', () => handles() <= before)
})

test('arbitrary bytes do no harm', async () => {
  const starts = ['', 'GET ', get, 'POST / HTTP/1.1\r\n', `${get}Transfer-Encoding: chunked\r\n\r\n`]
  const bytes = fc.tuple(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 200 }))
  await fc.assert(
    fc.asyncProperty(bytes, async ([start, rest]) => {
      const { socket, over } = open(Buffer.concat([Buffer.from(start), rest]))
      socket.end()
      await over
    }),
    { numRuns: 300 }
  )
  expect(await isAnswered()).toBe(true)
})
