// What ari-client does to the process that loads it.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AriClientConnector } from '../../../src/ari/client/ari-client-connector'
import { defaultLimits } from '../../../src/ari/client/connection'

test("two connectors that load ari-client at the same time hide its console output, and no one else's", async () => {
  const { console: terminal } = globalThis
  const log = terminal.log.bind(terminal)
  const printed: unknown[] = []
  const print = (line: unknown): void => void printed.push(line)
  terminal.log = print
  // As Asterisk describes its API, by a version of Swagger that the library finds old; the second answer comes after the first.
  let delayMs = 0
  const server = createServer((_, response) => {
    const description = {
      swaggerVersion: '1.1',
      apiVersion: '8.0.0',
      basePath: `http://127.0.0.1:${port()}/ari`,
      apis: []
    }
    setTimeout(
      () => response.setHeader('content-type', 'application/json').end(JSON.stringify(description)),
      (delayMs += 200)
    )
  })
  const port = (): number => (server.address() as AddressInfo).port
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const limits = { ...defaultLimits, connectMs: 2000 }
    const load = (): Promise<unknown> => {
      const address = { url: `http://127.0.0.1:${port()}`, user: 'followme', password: 'x', app: 'followme' }
      // It then has no socket to open.
      return new AriClientConnector(limits)
        .open(address, '22.10.1', { event: print, closed: print } as never)
        .catch(String)
    }
    const loading = [load(), load()]
    await new Promise((resolve) => setTimeout(resolve, 100))
    terminal.log('a line')
    await Promise.all(loading)
    expect(Reflect.get(terminal, 'log')).toBe(print)
    terminal.log('another')
    expect(printed).toEqual(['a line', 'another'])
  } finally {
    terminal.log = log
    server.closeAllConnections()
    server.close()
  }
})
