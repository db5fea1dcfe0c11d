// What the HTTP proxy does to single requests, done to those that come over a WebSocket: held, cut, delayed or answered by the
// proxy itself, before Asterisk has acted on them or after.
import type http from 'node:http'
import type { Socket } from 'node:net'
import WebSocket, { WebSocketServer } from 'ws'
import type { Meddling, Met } from './http-proxy'

interface Message {
  readonly request_id: string
  readonly method?: string
  readonly uri?: string
  readonly message_body?: string
}

/** Sockets that carry requests are of applications of their own. */
export function carriesRequests({ url = '' }: http.IncomingMessage): boolean {
  return url.includes('-requests-')
}

const server = new WebSocketServer({ noServer: true })

/**
 * Passes requests and answers between the client of this upgrade and Asterisk at `port`; `meets` is asked
 * `POST /ari/channels/create?...`. Gives what ends it.
 */
export function proxyRequests(
  port: number,
  request: http.IncomingMessage,
  socket: Socket,
  head: Buffer,
  meets: (line: string) => Met
): () => void {
  const { authorization = '' } = request.headers
  const upstream = new WebSocket(`ws://127.0.0.1:${String(port)}${request.url ?? ''}`, { headers: { authorization } })
  const sent = new Map<string, Met>()
  const end = (): void => {
    upstream.on('error', () => undefined).terminate()
    socket.destroy()
    // Those that were under way go down with their socket, whatever was to be done to them.
    for (const { done } of sent.values()) done()
    sent.clear()
  }
  upstream.on('unexpected-response', (_request, { statusCode = 500 }) => {
    socket.end(`HTTP/1.1 ${String(statusCode)} Refused\r\nConnection: close\r\n\r\n`)
  })
  upstream.on('error', end)
  upstream.on('open', () => {
    server.handleUpgrade(request, socket, head, (client) => {
      client.on('message', (data: Buffer) => {
        const message = JSON.parse(String(data)) as Message
        const met = meets(`${message.method ?? ''} /ari/${decodeURIComponent(message.uri ?? '')}`)
        const { meddling, done } = met
        if (meddling.hold === 'before' || meddling.cut === 'before' || meddling.answer !== undefined) {
          if (meddling.cut !== undefined) socket.resetAndDestroy()
          if (meddling.answer !== undefined) client.send(answered(message, meddling.answer))
          return done()
        }
        sent.set(message.request_id, met)
        const onward = (): void => upstream.send(String(data), () => undefined)
        if (meddling.delayMs === undefined) onward()
        else setTimeout(onward, meddling.delayMs)
      })
      client.on('close', end)
      client.on('error', end)
      upstream.on('message', (data: Buffer) => {
        const message = JSON.parse(String(data)) as Message
        const { meddling = {}, done = () => undefined } = sent.get(message.request_id) ?? {}
        sent.delete(message.request_id)
        pass(client, socket, message, String(data), meddling)
        done()
      })
      upstream.on('close', end)
    })
  })
  return end
}

function pass(client: WebSocket, socket: Socket, message: Message, text: string, meddling: Meddling): void {
  if (meddling.hold !== undefined) return
  if (meddling.cut === 'after') socket.resetAndDestroy()
  else if (meddling.cut !== undefined) {
    // The head of a frame of 100 bytes, and some or none of them.
    const payload = meddling.cut === 'half' ? text.slice(0, 50) : ''
    socket.write(Buffer.concat([Buffer.from([0x81, 100]), Buffer.from(payload)]), () => socket.destroy())
  } else if (meddling.short === true) {
    const { message_body: body = '' } = message
    client.send(JSON.stringify({ ...message, message_body: body.slice(0, body.length / 2) }))
  } else client.send(text)
}

function answered({ request_id, uri }: Message, status_code: number): string {
  const message_body = '{"message":"as the case wants it"}'
  return JSON.stringify({ type: 'RESTResponse', request_id, uri, status_code, reason_phrase: 'odd', message_body })
}
