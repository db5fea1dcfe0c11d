// Requests to Asterisk over connections that it may cut at any moment.
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { AriHttp } from '../../src/ari/ari-http'

let server: Server
/** How many requests have come on each connection. */
const requests = new Map<Socket, number>()

beforeAll(async () => {
  server = createServer((request, response) => {
    const count = (requests.get(request.socket) ?? 0) + 1
    requests.set(request.socket, count)
    if (count > 1) request.socket.destroy()
    else setImmediate(() => response.end('{}'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

test('a request is answered though every connection that was kept has been cut meanwhile', async () => {
  const { port } = server.address() as AddressInfo
  const address = { url: `http://127.0.0.1:${port}`, user: 'u', password: 'p', app: 'followme' }
  const http = new AriHttp(address, { requestMs: 5000, sockets: 16 })
  const answers = await Promise.all([1, 2, 3].map(() => http.send('GET', '/ari/channels', undefined)))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
  expect(requests.size).toBe(3)
  expect(await http.send('POST', '/ari/channels/x/answer', undefined)).toMatchObject({ status: 200 })
})
