// Chooses the transport: as configured, or else WebSockets if Asterisk accepts requests over them, otherwise HTTP.
import { AppError } from '../../errors'
import { AriClientConnector } from './ari-client-connector'
import { defaultLimits } from './connection'
import type { AriLimits } from './connection'
import { probe } from './probe'
import type { AriAddress } from './address'
import type { AriConnection, AriHandlers, AriTransport, AriTransportKind } from './transport'
import { takesRequests } from './version'
import { WebSocketConnector } from './websocket-connector'

export class SelectedTransport implements AriTransport {
  private readonly overHttp: AriClientConnector
  private readonly overWebSocket: WebSocketConnector

  constructor(
    private address: AriAddress,
    private readonly choice: AriTransportKind | 'auto',
    private readonly limits: AriLimits = defaultLimits
  ) {
    this.overHttp = new AriClientConnector(limits)
    this.overWebSocket = new WebSocketConnector(limits)
  }

  /** Used from the next connection on; false if the address is unchanged. */
  use(address: AriAddress): boolean {
    const { url, user, password, app } = this.address
    if (url === address.url && user === address.user && password === address.password && app === address.app)
      return false
    this.address = address
    return true
  }

  async connect(handlers: AriHandlers): Promise<AriConnection> {
    const { address } = this
    // Checked at each connection, because Asterisk may have been upgraded in the meantime.
    const version = await probe(address, this.limits.connectMs)
    const isOverWebSocket = selectTransport(this.choice, version, address.url) === 'websocket'
    return isOverWebSocket ? this.overWebSocket.open(address, handlers) : this.overHttp.open(address, version, handlers)
  }
}

/** Throws `unavailable` if WebSockets are configured but Asterisk is too old for them. */
export function selectTransport(choice: AriTransportKind | 'auto', version: string, url: string): AriTransportKind {
  const takes = takesRequests(version)
  if (choice === 'websocket' && takes === false) {
    throw new AppError(
      'unavailable',
      `Asterisk ${version} at ${url} does not accept requests over a WebSocket: FOLLOWME_ARI_TRANSPORT=websocket needs Asterisk 20.14, 21.9, 22.4, 23.0 or later; unset it`
    )
  }
  return choice === 'auto' ? (takes === true ? 'websocket' : 'http') : choice
}
