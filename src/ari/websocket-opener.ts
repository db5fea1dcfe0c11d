// Opens connections of WebSockets alone: one for events, and a few for requests. Asterisk wants an application for each: those
// of the requests are applications of their own, to which nothing ever happens, so that no answer waits among events.
import { randomBytes } from 'node:crypto'
import WebSocket from 'ws'
import { Connection } from './connection'
import type { AriLimits } from './connection'
import { authorizationOf, refusal } from './probe'
import type { AriAddress } from './probe'
import { RequestPool } from './request-pool'
import { RequestSocket } from './request-socket'
import type { AriConnection, AriHandlers } from './transport'
import { WebSocketRequests } from './websocket-requests'
import { within } from './within'

/** Of a name as long as Asterisk takes (73 characters), what leaves room for the rest. */
const longestApp = 40

export class WebSocketOpener {
  private opened = 0

  constructor(private readonly limits: AriLimits) {}

  async open(address: AriAddress, handlers: AriHandlers): Promise<AriConnection> {
    const { limits } = this
    // Random: two processes of one name must not take each other's sockets.
    const name = `${address.app.slice(0, longestApp)}-requests-${randomBytes(4).toString('hex')}`
    const openRequests = (): Promise<RequestSocket> => {
      this.opened += 1
      return this.openSocket(
        address,
        `${name}-${String(this.opened)}`,
        (socket) => new RequestSocket(socket, this.limits)
      )
    }
    // First: the events are another program's until we can act on them.
    const opening = Array.from({ length: limits.requestSockets }, openRequests)
    try {
      const sockets = await Promise.all(opening)
      return await this.openSocket(
        address,
        address.app,
        (socket) =>
          new Connection(socket, address, limits, handlers, (lost) => {
            return new WebSocketRequests(new RequestPool(sockets, openRequests, limits, lost), address, limits)
          })
      )
    } catch (error) {
      for (const each of await Promise.allSettled(opening)) {
        if (each.status === 'fulfilled') each.value.end('disconnected', 'not used')
      }
      throw error
    }
  }

  /** `take` is called in the very moment of the opening: the first message may be right behind. */
  private async openSocket<T>(address: AriAddress, app: string, take: (socket: WebSocket) => T): Promise<T> {
    const url = new URL('/ari/events', address.url.replace(/^http/, 'ws'))
    url.searchParams.set('app', app)
    const socket = new WebSocket(url, {
      headers: { authorization: authorizationOf(address) },
      handshakeTimeout: this.limits.connectMs,
      perMessageDeflate: false
    })
    const taken = new Promise<T>((resolve, reject) => {
      socket.on('open', () => {
        socket.removeAllListeners()
        resolve(take(socket))
      })
      socket.on('unexpected-response', (_request, { statusCode = 0 }) => {
        reject(new Error(refusal(address, statusCode, '') ?? `it was answered ${String(statusCode)}`))
      })
      socket.on('error', reject)
    })
    const what = app === address.app ? 'the event socket' : 'a request socket'
    try {
      return await within(this.limits.connectMs, `opening ${what}`, taken)
    } catch (error) {
      // To be ended before it was open is an error to it.
      socket.removeAllListeners()
      socket.on('error', () => undefined)
      socket.terminate()
      throw error
    }
  }
}
