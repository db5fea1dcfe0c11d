// Requests over WebSockets, against a server that answers late, never, twice, or nonsense. What Asterisk itself does with them:
// contract.test.ts. More on demand: FOLLOWME_RUNS=10000 npx jest request-pool
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import WebSocket, { WebSocketServer } from 'ws'
import { selectTransport } from '../../../src/ari/client/select-transport'
import { RequestPool } from '../../../src/ari/client/request-pool'
import { RequestSocket } from '../../../src/ari/client/request-socket'
import { until } from '../../sandbox/child'
import { bentMessage, everyMessage, typeOf } from '../odd-messages'

const runs = Number(process.env['FOLLOWME_RUNS'] ?? 500)
const seed = Number(process.env['FOLLOWME_SEED'] ?? 20261122)
jest.setTimeout(600_000)

interface Asked {
  readonly uri: string
  readonly request_id: string
  readonly on: WebSocket
}

let server: WebSocketServer
const asked: Asked[] = []
beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  server.on('connection', (on) => {
    on.on('message', (data: Buffer) => asked.push({ ...(JSON.parse(String(data)) as Omit<Asked, 'on'>), on }))
  })
  await once(server, 'listening')
})
afterEach(async () => {
  asked.splice(0)
  for (const each of server.clients) each.terminate()
  await new Promise((resolve) => server.close(resolve))
})

async function openSocket(pingMs = 60_000): Promise<RequestSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${String((server.address() as AddressInfo).port)}`)
  await once(socket, 'open')
  return new RequestSocket(socket, { pingMs })
}

/** One socket for urgent requests and one for the others, unless told otherwise. */
async function givenPool(pipelined = 8, sockets = 2, requestMs = 5000, pingMs = 60_000) {
  const lost: string[] = []
  const openOne = (): Promise<RequestSocket> => openSocket(pingMs)
  const open = await Promise.all(Array.from({ length: sockets }, openOne))
  const pool = new RequestPool(open, openOne, { pipelined, requestMs }, (reason) => lost.push(reason))
  const send = (uri: string, { isUrgent = false, ms = 20_000 } = {}) => pool.send({ method: 'GET', uri }, isUrgent, ms)
  return { pool, lost, send }
}

const answerTo = ({ request_id, on }: Asked, text = 'yes'): void =>
  on.send(JSON.stringify({ type: 'RESTResponse', request_id, status_code: 200, message_body: text }))

function at(index: number): Asked {
  const one = asked[index]
  if (one === undefined) throw new Error(`request ${String(index)} has not come`)
  return one
}

async function arrived(count: number): Promise<void> {
  await until(`${String(count)} requests to arrive`, () => asked.length >= count)
}

test('responses that arrive out of order resolve the right requests', async () => {
  const { pool, send } = await givenPool()
  const answers = ['a', 'b', 'c'].map((uri) => send(uri))
  await arrived(3)
  for (const each of [...asked].reverse()) answerTo(each, each.uri)
  expect(await Promise.all(answers)).toEqual(['a', 'b', 'c'].map((text) => ({ status: 200, text })))
  pool.abort('done')
})

test('requests beyond the pipelining limit are queued; urgent requests are not', async () => {
  const { pool, send } = await givenPool(2)
  const answers = Array.from({ length: 5 }, (_, index) => send(String(index)))
  await arrived(2)
  const hangUp = send('hang up', { isUrgent: true })
  await arrived(3)
  expect(asked.map(({ uri }) => uri)).toEqual(['0', '1', 'hang up'])
  for (let index = 0; index < 6; index += 1) {
    await arrived(index + 1)
    answerTo(at(index))
  }
  await Promise.all([...answers, hangUp])
  pool.abort('done')
})

test('a socket that answers nothing is replaced, and the next request is answered', async () => {
  const { pool, lost, send } = await givenPool(8, 2, 50)
  await expect(send('slow', { ms: 50 })).rejects.toMatchObject({ status: 'timeout' })
  expect(asked[0]?.on.readyState).toBe(WebSocket.OPEN)
  await until('the socket to go', () => asked[0]?.on.readyState === WebSocket.CLOSED)
  const next = send('next')
  await arrived(2)
  expect(asked[1]?.on).not.toBe(asked[0]?.on)
  answerTo(at(1))
  expect(await next).toEqual({ status: 200, text: 'yes' })
  expect(lost).toEqual([])
  pool.abort('done')
})

test('a late answer is ignored, but another request on the same socket still gets its answer', async () => {
  const { pool, lost, send } = await givenPool()
  const slow = send('slow', { ms: 50 })
  const patient = send('patient')
  await expect(slow).rejects.toMatchObject({ status: 'timeout' })
  answerTo(at(0))
  answerTo(at(1), 'at last')
  expect(await patient).toEqual({ status: 200, text: 'at last' })
  await until('the socket to go', () => asked[0]?.on.readyState === WebSocket.CLOSED)
  expect(lost).toEqual([])
  pool.abort('done')
})

test('an idle socket that answers no ping is replaced, and the next request does not wait for it', async () => {
  // What comes is taken in, and nothing is said any more: as where something between the two has forgotten them.
  const deaf: WebSocket[] = []
  server.on('connection', (on) => {
    if (deaf.length === 2) return
    deaf.push(on)
    on.pong = () => undefined
  })
  const { pool, lost, send } = await givenPool(8, 2, 5000, 100)
  await until('the sockets to be replaced', () => deaf.every((on) => on.readyState === WebSocket.CLOSED))
  await until('others to be there', () => [...server.clients].length === 2)
  const urgent = send('urgent', { isUrgent: true, ms: 1000 })
  await arrived(1)
  answerTo(at(0))
  expect(await urgent).toEqual({ status: 200, text: 'yes' })
  expect(lost).toEqual([])
  pool.abort('done')
})

test('a socket with a pending request is not pinged, because Asterisk handles messages in order', async () => {
  server.on('connection', (on) => (on.pong = () => undefined))
  const { pool, send } = await givenPool(8, 1, 5000, 50)
  const slow = send('slow')
  await arrived(1)
  await new Promise((resolve) => setTimeout(resolve, 500))
  answerTo(at(0), 'late')
  expect(await slow).toEqual({ status: 200, text: 'late' })
  pool.abort('done')
})

test('a closed socket is replaced: its sent requests fail as cut, and queued requests use the new socket', async () => {
  const { pool, lost, send } = await givenPool(1)
  const sent = send('sent')
  const waits = send('waits')
  await arrived(1)
  at(0).on.terminate()
  await expect(sent).rejects.toMatchObject({ status: 'cut' })
  await arrived(2)
  answerTo(at(1))
  expect(await waits).toEqual({ status: 200, text: 'yes' })
  expect(lost).toEqual([])
  pool.abort('done')
})

test('if a socket cannot be replaced, all pending requests fail and the loss is reported once', async () => {
  const { lost, send } = await givenPool(1)
  const answers = Promise.allSettled([send('waits'), send('sent'), send('urgent', { isUrgent: true })])
  await arrived(2)
  server.close()
  at(1).on.terminate()
  for (const each of await answers) {
    expect(each).toMatchObject({ reason: { status: expect.stringMatching(/disconnected|cut/) as string } })
  }
  expect(lost).toEqual([expect.stringContaining('a new request socket cannot be opened')])
  await expect(send('after')).rejects.toMatchObject({ status: 'disconnected' })
})

test('sockets that close as soon as they open are reopened with a delay', async () => {
  const { pool } = await givenPool()
  let opened = 0
  server.on('connection', (on) => {
    opened += 1
    on.terminate()
  })
  server.clients.forEach((each) => each.terminate())
  const from = performance.now()
  await until('a few to be opened', () => opened >= 8)
  expect(performance.now() - from).toBeGreaterThan(300)
  pool.abort('done')
})

test('a request too long for Asterisk, which would close the socket, is not sent', async () => {
  const { pool, send } = await givenPool()
  await expect(send('x'.repeat(70_000))).rejects.toMatchObject({ status: 413 })
  expect(asked).toEqual([])
  pool.abort('done')
})

test('a malformed response resolves its request or counts as cut, and the next request is answered', async () => {
  const { pool, lost, send } = await givenPool()
  const response = everyMessage.find((message) => typeOf(message) === 'RESTResponse') ?? ''
  const whole = response.replace('"status_code":1', '"status_code":200')
  const bent = fc.sample(bentMessage(whole), { numRuns: runs, seed })
  for (const [index, text] of bent.entries()) {
    const answer = send(String(index)).catch((error: unknown) => error)
    await arrived(index + 1)
    const { on, request_id } = at(index)
    on.send(text.replace(/"request_id":"[^"]*"/, `"request_id":"${request_id}"`))
    on.send('{"type":"RESTResponse","request_id":"no such","status_code":200}')
    answerTo(at(index))
    answerTo(at(index), 'twice')
    const got = (await answer) as { status: unknown; text?: unknown }
    const isAnswer = Number.isInteger(got.status) && typeof got.text === 'string'
    if (!isAnswer && got.status !== 'cut') throw new Error(`${text.slice(0, 500)}: ${JSON.stringify(got)}`)
  }
  expect(lost).toEqual([])
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  pool.abort('done')
})

test.each([
  ['16.28.0~dfsg-0+deb11u4', 'http'],
  ['20.13.0', 'http'],
  ['20.14.0', 'websocket'],
  ['21.8.0', 'http'],
  ['21.9.1', 'websocket'],
  ['22.3.0', 'http'],
  ['22.4.0-rc1', 'websocket'],
  ['certified-22.8-cert1', 'websocket'],
  ['certified/20.7-cert3', 'http'],
  ['23.0.0', 'websocket'],
  ['24.1.0', 'websocket'],
  ['GIT-master-1a2b3c', 'http']
] as const)('requests to Asterisk %s use %s', (version, transport) => {
  expect(selectTransport('auto', version, 'u')).toBe(transport)
  expect(selectTransport('http', version, 'u')).toBe('http')
  const asked = (): string => selectTransport('websocket', version, 'http://pbx:8088')
  if (transport === 'http' && /^(certified.)?\d/.test(version)) {
    expect(asked).toThrow(`Asterisk ${version} at http://pbx:8088 does not accept requests over a WebSocket`)
  } else expect(asked()).toBe('websocket')
})
