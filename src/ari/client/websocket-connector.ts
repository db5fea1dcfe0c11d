// Opens connections that use only WebSockets: one for events and a few for requests. Asterisk requires an application for each.
// Request sockets use separate applications without events, so that no answer waits behind events.
import { randomBytes } from 'node:crypto'
import { Connection } from './connection'
import type { AriLimits } from './connection'
import { openSocket } from './open-socket'
import type { AriAddress } from './address'
import { RequestPool } from './request-pool'
import { RequestSocket } from './request-socket'
import type { AriConnection, AriHandlers } from './transport'
import { WebSocketRequests } from './websocket-requests'

/** Asterisk accepts names of up to 73 characters: this leaves room for the rest. */
const longestApp = 40

export class WebSocketConnector {
  private opened = 0

  constructor(private readonly limits: AriLimits) {}

  async open(address: AriAddress, handlers: AriHandlers): Promise<AriConnection> {
    const { limits } = this
    // Random: two processes with the same name must not take each other's sockets.
    const name = `${address.app.slice(0, longestApp)}-requests-${randomBytes(4).toString('hex')}`
    const openRequests = (): Promise<RequestSocket> => {
      this.opened += 1
      return openSocket(
        { ...address, app: `${name}-${String(this.opened)}` },
        'a request socket',
        limits.connectMs,
        (socket) => new RequestSocket(socket, limits)
      )
    }
    // The request sockets come first: leave the events to another program until we can act on them.
    const opening = Array.from({ length: limits.requestSockets }, openRequests)
    try {
      const sockets = await Promise.all(opening)
      return await openSocket(
        address,
        'the event socket',
        limits.connectMs,
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
}
