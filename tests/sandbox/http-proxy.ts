// A proxy before Asterisk's HTTP server, which meddles with single requests, over HTTP or a WebSocket: holds, cuts, delays or
// answers them itself, before Asterisk has acted on them or after.
import http from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { carriesRequests, proxyRequests } from './rest-proxy'

/** What is done to a request. Nothing: it is passed on, and its answer passed back. */
export interface Meddling {
  /** It, or its answer, is kept for good. */
  readonly hold?: 'before' | 'after'
  /** Its connection ends: before it has reached Asterisk, after Asterisk has acted, after the answer's head, or amid its body. */
  readonly cut?: 'before' | 'after' | 'head' | 'half'
  /** Half of the answer's body, as if that were all. */
  readonly short?: boolean
  /** The answer's status: Asterisk never sees it. */
  readonly answer?: number
  /** It reaches Asterisk so much later. */
  readonly delayMs?: number
}

export interface HttpProxy {
  readonly url: string
  /** What has been asked, in order: `POST /ari/channels/create?…`. */
  readonly asked: readonly string[]
  /** The most connections that were open at once, event sockets included. */
  readonly mostOpen: number
  /** Meddles with the next `times` requests that match; resolves with the first, once that is done. */
  meddle(matching: RegExp, meddling: Meddling, times?: number): Promise<string>
  /** Resets every connection there is. */
  reset(): void
  /** Nobody listens any more, until healed: event sockets stay, all other connections end. */
  refuse(): void
  /** Passes everything from now on, and forgets what has been asked. */
  heal(): Promise<void>
  close(): Promise<void>
}

export interface Met {
  readonly meddling: Meddling
  readonly done: () => void
}

interface Rule {
  readonly matching: RegExp
  readonly meddling: Meddling
  left: number
  readonly met: (request: string) => void
}

/** Listens on a free port and passes everything on to `port`, until told otherwise. */
export async function startHttpProxy(port: number): Promise<HttpProxy> {
  const asked: string[] = []
  let rules: Rule[] = []
  const open = new Set<Socket>()
  const upstream = new Set<Socket>()
  const eventSockets = new Set<Socket>()
  let mostOpen = 0
  const agent = new http.Agent({ keepAlive: true })

  /** What a request is to meet, and how to tell that it has. */
  const meets = (line: string): Met => {
    asked.push(line)
    const rule = rules.find(({ matching, left }) => left > 0 && matching.test(line))
    if (rule !== undefined) rule.left -= 1
    return { meddling: rule?.meddling ?? {}, done: () => rule?.met(line) }
  }

  const server = http.createServer((request, response) => {
    const { method = '', url = '' } = request
    const { meddling, done } = meets(`${method} ${decodeURIComponent(url)}`)
    if (meddling.hold === 'before') return done()
    if (meddling.cut === 'before') {
      request.socket.resetAndDestroy()
      return done()
    }
    if (meddling.answer !== undefined) {
      response.writeHead(meddling.answer, { 'content-type': 'application/json' })
      response.end('{"message":"as the case wants it"}')
      return done()
    }
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const pass = (): void => void passOn(request, Buffer.concat(chunks), response, meddling).then(done)
      if (meddling.delayMs === undefined) pass()
      else setTimeout(pass, meddling.delayMs)
    })
  })
  server.keepAliveTimeout = 60_000
  server.on('connection', (socket) => {
    open.add(socket)
    mostOpen = Math.max(mostOpen, open.size)
    socket.on('error', () => undefined).on('close', () => open.delete(socket))
  })
  server.on('upgrade', (request, client: Socket, head) => {
    if (carriesRequests(request)) {
      client.on('close', proxyRequests(port, request, client, head, meets))
      return
    }
    const target = connect(port, '127.0.0.1')
    upstream.add(target)
    eventSockets.add(client)
    const headers = request.rawHeaders.flatMap((each, index, all) =>
      index % 2 === 0 ? [`${each}: ${all[index + 1] ?? ''}`] : []
    )
    target.write([`GET ${request.url ?? ''} HTTP/1.1`, ...headers, '', ''].join('\r\n'))
    target.write(head)
    client.pipe(target).pipe(client)
    target.on('error', () => client.destroy()).on('close', () => upstream.delete(target) && client.destroy())
    client.on('close', () => eventSockets.delete(client) && target.destroy())
  })

  /** Resolves when Asterisk has answered, and its answer is on its way as far as the case lets it. */
  function passOn(
    request: http.IncomingMessage,
    body: Buffer,
    response: http.ServerResponse,
    meddling: Meddling
  ): Promise<void> {
    return new Promise((resolve) => {
      const { method, url, headers } = request
      const onward = http.request({ port, host: '127.0.0.1', method, path: url, headers, agent }, (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () => {
          finish(request.socket, response, answer, Buffer.concat(chunks), meddling)
          resolve()
        })
      })
      onward.on('error', () => {
        request.socket.destroy()
        resolve()
      })
      onward.end(body)
    })
  }

  const listen = (at: number): Promise<void> => new Promise((resolve) => server.listen(at, '127.0.0.1', resolve))
  await listen(0)
  const { port: own } = server.address() as AddressInfo
  const reset = (): void => {
    for (const socket of [...open]) socket.resetAndDestroy()
  }
  return {
    url: `http://127.0.0.1:${String(own)}`,
    asked,
    get mostOpen() {
      return mostOpen
    },
    meddle: (matching, meddling, times = 1) =>
      new Promise((met) => {
        rules.push({ matching, meddling, left: times, met })
      }),
    reset,
    refuse: () => {
      server.close()
      for (const socket of open) if (!eventSockets.has(socket)) socket.destroy()
    },
    heal: async () => {
      rules = []
      // Connections that the cases before have left open would let this one go without new ones.
      for (const socket of Object.values(agent.freeSockets).flatMap((each) => each ?? [])) socket.destroy()
      asked.splice(0)
      mostOpen = open.size
      if (!server.listening) await listen(own)
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        reset()
        for (const socket of upstream) socket.destroy()
        agent.destroy()
      })
  }
}

function finish(
  socket: Socket,
  response: http.ServerResponse,
  answer: http.IncomingMessage,
  body: Buffer,
  meddling: Meddling
): void {
  const { statusCode = 0, headers } = answer
  if (meddling.hold !== undefined) return
  if (meddling.cut !== undefined) {
    const half = meddling.cut === 'half' ? body.subarray(0, body.length / 2) : Buffer.alloc(0)
    if (meddling.cut === 'after') socket.resetAndDestroy()
    else {
      const head = `HTTP/1.1 ${String(statusCode)} OK\r\nContent-Type: application/json\r\nContent-Length: ${String(body.length + 2)}\r\n\r\n`
      socket.write(Buffer.concat([Buffer.from(head), half]), () => socket.destroy())
    }
    return
  }
  const sent = meddling.short === true ? body.subarray(0, body.length / 2) : body
  response.writeHead(statusCode, {
    'content-type': headers['content-type'] ?? 'application/json',
    'content-length': sent.length
  })
  response.end(sent)
}
