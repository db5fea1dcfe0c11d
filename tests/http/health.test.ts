import { once } from 'node:events'
import { connect } from 'node:net'
import { serveHealth } from '../../src/http/health'
import type { HealthServer, Readiness } from '../../src/http/health'

const address = { host: '127.0.0.1', port: 0 }
let server: HealthServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

async function get(path: string, readiness: () => Readiness): Promise<[number, unknown]> {
  server = await serveHealth(address, readiness)
  const response = await fetch(`http://127.0.0.1:${String(server.port)}${path}`)
  return [response.status, await response.json()]
}

const ready: Readiness = { ready: true, reasons: [], calls: 2 }

test('liveness does not depend on Asterisk', async () => {
  expect(await get('/healthz', () => ({ ready: false, reasons: ['asterisk: away'], calls: 0 }))).toEqual([
    200,
    { alive: true }
  ])
})

test('/readyz answers 200 if ready, or 503 with the reasons', async () => {
  expect(await get('/readyz', () => ready)).toEqual([200, ready])
  await server?.close()
  const away: Readiness = { ready: false, reasons: ['asterisk: away'], calls: 0 }
  expect(await get('/readyz', () => away)).toEqual([503, away])
})

test('a readiness check that throws means not ready', async () => {
  const broken = (): Readiness => {
    throw new Error('database is closed')
  }
  expect(await get('/readyz', broken)).toEqual([503, { ready: false, reasons: ['database is closed'] }])
})

test('any other path is 404', async () => {
  expect((await get('/admin', () => ready))[0]).toBe(404)
})

test.each(['//', 'http://[', '/%', '?', '*'])('a malformed target %p is answered like any other', async (target) => {
  server = await serveHealth(address, () => ready)
  const socket = connect(server.port, '127.0.0.1')
  socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
  const [answer] = (await once(socket, 'data')) as [Buffer]
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 40[04] /)
})

test('a port already in use is reported with the cure', async () => {
  server = await serveHealth(address, () => ready)
  await expect(serveHealth({ ...address, port: server.port }, () => ready)).rejects.toThrow(
    `FOLLOWME_HTTP: cannot listen on 127.0.0.1:${String(server.port)}`
  )
})
