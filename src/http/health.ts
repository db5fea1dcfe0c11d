// Health and readiness over HTTP: /healthz reports that the process is alive, /readyz whether it can take calls, /metrics its
// metrics.
import { createServer } from 'node:http'
import type { Server, ServerOptions } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AppError, reasonOf } from '../errors'

/** What /readyz answers: 200 with `ready`, else 503 with the reasons. */
export interface Readiness {
  readonly ready: boolean
  /** Why it is not ready, in words; empty when ready. */
  readonly reasons: readonly string[]
  /** How requests to Asterisk travel; null: not connected. */
  readonly transport?: 'websocket' | 'http' | null
  readonly calls: number
  /** How long ago the failsafe plan was last known to match the rules; null: not since the start. */
  readonly failsafeAgeSeconds?: number | null
  /** The time zone data in use, and since when (ISO 8601). */
  readonly zones?: { readonly version: string | null; readonly source: string; readonly since: string }
  /**
   * Call records: how many calls are waiting to be written, how many saves were lost since the start, and why nothing is being
   * written.
   */
  readonly records?: { readonly waiting: number; readonly lost: number; readonly fault: string | null }
  /** The trunks that have been used: how many calls each carries now, and until when it is passed over because it keeps failing. */
  readonly trunks?: readonly { readonly name: string; readonly calls: number; readonly restingUntil: string | null }[]
  /** The site's migrations that are not applied, and why. Calls use the rules in the database. */
  readonly siteMigrations?: { readonly pending: readonly string[]; readonly reason: string | null }
}

export interface HealthServer {
  readonly port: number
  close(): Promise<void>
}

/** Limits that cut off slow or large requests early: a valid request is one small packet. */
const limits: ServerOptions = {
  maxHeaderSize: 8192,
  headersTimeout: 5000,
  requestTimeout: 5000,
  connectionsCheckingInterval: 1000,
  keepAliveTimeout: 1000
}

/** Starts listening. Throws `unavailable`, naming the address, if it is taken. `readiness` is called at each request. */
export async function serveHealth(
  address: { readonly host: string; readonly port: number },
  readiness: () => Readiness | Promise<Readiness>,
  metrics?: { readonly contentType: string; page(): Promise<string> }
): Promise<HealthServer> {
  const server = createServer(limits, (request, response) => {
    const answer = (status: number, body: object): void => {
      // One answer per connection: anything after the request line and headers, such as a body, is not read.
      response.writeHead(status, {
        'content-type': 'application/json',
        'cache-control': 'no-store',
        connection: 'close'
      })
      response.end(`${JSON.stringify(body)}\n`)
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer(405, { error: 'use GET' })
    // Not parsed as a URL, because an invalid one would throw.
    const path = (request.url ?? '').split('?', 1)[0]
    if (path === '/healthz') return answer(200, { alive: true })
    if (path === '/metrics' && metrics !== undefined) {
      void metrics.page().then(
        (page) => {
          response.writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' })
          response.end(page)
        },
        (error: unknown) => answer(500, { error: reasonOf(error) })
      )
      return
    }
    if (path !== '/readyz') return answer(404, { error: 'unknown path: use /healthz, /readyz or /metrics' })
    void Promise.resolve()
      .then(readiness)
      .then(
        (state) => answer(state.ready ? 200 : 503, state),
        (error: unknown) => answer(503, { ready: false, reasons: [reasonOf(error)] })
      )
  })
  server.maxConnections = 100
  server.maxHeadersCount = 50
  await listen(server, address)
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
  }
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    // Never removed: an error of a later connection must not end the process.
    server.on('error', (error) =>
      reject(
        new AppError(
          'unavailable',
          `FOLLOWME_HTTP: cannot listen on ${host}:${String(port)} (${error.message}): free it, or choose another address`
        )
      )
    )
    server.listen(port, host, () => resolve())
  })
}
