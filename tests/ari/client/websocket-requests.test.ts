// Requests to Asterisk over WebSockets that it may end at any moment.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import WebSocket, { WebSocketServer } from 'ws'
import { defaultLimits } from '../../../src/ari/client/connection'
import { RequestPool } from '../../../src/ari/client/request-pool'
import { RequestSocket } from '../../../src/ari/client/request-socket'
import { WebSocketRequests } from '../../../src/ari/client/websocket-requests'

let server: WebSocketServer
let requests: WebSocketRequests
/** The paths that were asked, in order. */
const asked: string[] = []
/** What the server does with a request; `count` is how many have come so far. */
let behave: (answer: (status: number) => void, socket: WebSocket, count: number) => void

beforeEach(async () => {
  asked.splice(0)
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  server.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => {
      const { request_id, uri } = JSON.parse(String(data)) as { readonly request_id: string; readonly uri: string }
      asked.push(uri)
      const answer = (status_code: number): void =>
        socket.send(JSON.stringify({ type: 'RESTResponse', request_id, status_code, message_body: '{}' }))
      behave(answer, socket, asked.length)
    })
  })
  await once(server, 'listening')
  const port = String((server.address() as AddressInfo).port)
  const openOne = async (): Promise<RequestSocket> => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`)
    await once(socket, 'open')
    return new RequestSocket(socket, defaultLimits)
  }
  const limits = { ...defaultLimits, requestMs: 1000 }
  const pool = new RequestPool([await openOne(), await openOne()], openOne, limits, () => undefined)
  requests = new WebSocketRequests(
    pool,
    { url: `http://127.0.0.1:${port}`, user: 'u', password: 'p', app: 'followme' },
    limits
  )
})
afterEach(async () => {
  requests.abort('over')
  for (const each of server.clients) each.terminate()
  await new Promise((resolve) => server.close(resolve))
})

const dial = { channelId: 'x', caller: 'y', timeout: 20 }

test('a request is retried if its socket closes before the answer', async () => {
  behave = (answer, socket, count) => (count < 3 ? socket.terminate() : answer(204))
  expect(await requests.send('channels.ring', { channelId: 'x' })).toMatchObject({ status: 204 })
  expect(asked).toEqual(Array.from({ length: 3 }, () => 'channels/x/ring'))
})

test('a leg is not dialled again after its socket has closed, because it may be ringing', async () => {
  behave = (_, socket) => socket.terminate()
  await expect(requests.send('channels.dial', dial)).rejects.toMatchObject({ status: 'cut' })
  expect(asked).toHaveLength(1)
})

test('any request, even a dial, that Asterisk answers with 503 (not ready) is retried, because it had no effect', async () => {
  behave = (answer, _, count) => answer(count < 3 ? 503 : 204)
  expect(await requests.send('channels.dial', dial)).toMatchObject({ status: 204 })
  expect(asked).toHaveLength(3)
})

test('if Asterisk never becomes ready, the last 503 is the answer at the deadline', async () => {
  behave = (answer) => answer(503)
  const from = performance.now()
  expect(await requests.send('channels.answer', { channelId: 'x' })).toMatchObject({ status: 503 })
  expect(performance.now() - from).toBeLessThan(1100)
  expect(asked.length).toBeGreaterThan(2)
})
