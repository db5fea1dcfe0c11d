// Requests to Asterisk over connections that it may cut at any moment.
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { AriHttp } from '../../../src/ari/client/ari-http'
import type { AriAnswer } from '../../../src/ari/client/connection'
import type { AriOperation } from '../../../src/ari/client/operations'
import { askUntilAnswered } from '../../../src/ari/client/retry'

let server: Server
let address: { url: string; user: string; password: string; app: string }
/** What the server does with a request; `count` is how many have come on its connection. */
let behave: (request: IncomingMessage, response: ServerResponse, count: number) => void
/** How many requests have come on each connection. */
const requests = new Map<Socket, number>()
let open = 0
let mostOpen = 0

beforeAll(async () => {
  server = createServer((request, response) => {
    const count = (requests.get(request.socket) ?? 0) + 1
    requests.set(request.socket, count)
    behave(request, response, count)
  })
  server.on('connection', (socket) => {
    open += 1
    mostOpen = Math.max(mostOpen, open)
    socket.on('close', () => (open -= 1))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  address = { url: `http://127.0.0.1:${String(port)}`, user: 'u', password: 'p', app: 'followme' }
})
beforeEach(() => {
  requests.clear()
  mostOpen = open
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const limits = { sockets: 16 }

function ask(http: AriHttp, operation: AriOperation, uri: string, deadlineMs = 5000): Promise<AriAnswer> {
  const method = operation === 'channels.list' ? 'GET' : 'POST'
  return askUntilAnswered(operation, deadlineMs, (leftMs, isRepetition) =>
    http.send({ method, uri }, leftMs, isRepetition)
  )
}

test('a request is answered even if every kept-alive connection has been closed in the meantime', async () => {
  behave = (request, response, count) => {
    if (count > 1) request.socket.destroy()
    else setImmediate(() => response.end('{}'))
  }
  const http = new AriHttp(address, limits)
  const answers = await Promise.all([1, 2, 3].map(() => ask(http, 'channels.list', 'channels')))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
  expect(requests.size).toBe(3)
  expect(await ask(http, 'channels.answer', 'channels/x/answer')).toMatchObject({ status: 200 })
  http.abort('over')
})

test('100 concurrent requests are all answered over no more connections than allowed, even if each connection is cut once', async () => {
  const cut = new Set<string>()
  behave = (request, response) => {
    const { url = '' } = request
    if (cut.has(url)) return void setImmediate(() => response.end('{}'))
    cut.add(url)
    request.socket.destroy()
  }
  const http = new AriHttp(address, limits)
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, index) => ask(http, 'channels.ring', `channels/${String(index)}/ring`))
  )
  expect(answers.every(({ status }) => status === 200)).toBe(true)
  expect(cut.size).toBe(100)
  expect(mostOpen).toBeLessThanOrEqual(limits.sockets)
  http.abort('over')
})

test('a request that is not safe to repeat is not retried when its connection is cut', async () => {
  behave = (request) => request.socket.destroy()
  const http = new AriHttp(address, limits)
  await expect(ask(http, 'channels.dial', 'channels/x/dial')).rejects.toMatchObject({ status: 'cut' })
  expect(requests.size).toBe(1)
  http.abort('over')
})

test('a request that Asterisk answers with 503 (not ready) is retried, because it had no effect', async () => {
  let asked = 0
  behave = (_, response) => {
    asked += 1
    response.statusCode = asked < 3 ? 503 : 200
    response.end('{}')
  }
  const http = new AriHttp(address, limits)
  expect(await ask(http, 'channels.dial', 'channels/x/dial')).toMatchObject({ status: 200 })
  expect(asked).toBe(3)
  http.abort('over')
})

test.each([
  ['all connections are cut', 'cut', (request: IncomingMessage) => request.socket.destroy()],
  ['no request is answered', 'timeout', () => undefined]
])('a request fails at its deadline if %s', async (_, status, cut) => {
  behave = cut
  const http = new AriHttp(address, limits)
  const before = performance.now()
  await expect(ask(http, 'channels.list', 'channels', 300)).rejects.toMatchObject({ status })
  expect(performance.now() - before).toBeLessThan(2000)
  http.abort('over')
})

test('closing the connection fails every pending request, including those waiting to be retried', async () => {
  behave = (request) => request.socket.destroy()
  const http = new AriHttp(address, limits)
  const all = [1, 2, 3].map(() => ask(http, 'channels.list', 'channels'))
  await new Promise((resolve) => setTimeout(resolve, 100))
  http.abort('the event socket is closed')
  const reason = { status: 'disconnected', message: 'the event socket is closed' }
  for (const each of all) await expect(each).rejects.toMatchObject(reason)
  await expect(ask(http, 'channels.list', 'channels')).rejects.toMatchObject(reason)
})
