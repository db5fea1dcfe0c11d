// The transport over ari-client, with guards. ari-client has no timeouts, never pings, stops reconnecting after 43 s, and a
// listener that throws wedges its socket. So we take over its socket as soon as it is open, give every request a deadline, and
// discard a failed connection completely (read from ari-client 2.2.0 and swagger-client 2.0.26).
import { createRequire } from 'node:module'
import type { Client, Socket } from 'ari-client'
import { Connection } from './connection'
import type { AriLimits } from './connection'
import { HttpRequests } from './http-requests'
import type { AriAddress } from './address'
import type { AriConnection, AriHandlers } from './transport'
import { wakesIdleChannels } from './version'
import { withTimeout } from './with-timeout'

/** Opens connections with events over ari-client's socket and requests over HTTP. */
export class AriClientConnector {
  private kept: { readonly address: AriAddress; readonly version: string; readonly client: Client } | undefined

  constructor(private readonly limits: AriLimits) {}

  /** Connects to an Asterisk of this version, which has been probed. */
  async open(address: AriAddress, version: string, handlers: AriHandlers): Promise<AriConnection> {
    const { limits } = this
    // The API description is read once and kept, so a reconnect costs only one socket and cannot throw.
    const isKept = this.kept?.address === address && this.kept.version === version
    const client = isKept && this.kept ? this.kept.client : await loadClient(address, limits.connectMs)
    this.kept = { address, version, client }
    return openSocket(client, address.app, limits.connectMs, (socket) => {
      const requests = (): HttpRequests => new HttpRequests(client, address, limits, wakesIdleChannels(version))
      return new Connection(socket, address, limits, handlers, requests)
    })
  }
}

/** Loads the API description. */
async function loadClient({ url, user, password }: AriAddress, timeoutMs: number): Promise<Client> {
  // Loaded only here: it brings a dozen libraries that requests over WebSockets do not need.
  const { default: ari } = await import('ari-client')
  keepSwaggerFromThrowing()
  keepSwaggerFromPrinting()
  return withTimeout(timeoutMs, 'reading its API description', ari.connect(url, user, password))
}

/**
 * swagger-client prints a remark on standard output for every Asterisk, and keeps all its messages, through a function in the
 * global `log`.
 */
function keepSwaggerFromPrinting(): void {
  Reflect.set(globalThis, 'log', () => undefined)
}

/**
 * On a failure, swagger-client notifies ari-client, which rejects, but it also throws a bare string from a socket's callback,
 * which would end the process. Seen when Asterisk was restarted while its description was being read (503).
 */
function keepSwaggerFromThrowing(): void {
  const { SwaggerApi } = createRequire(require.resolve('ari-client'))('swagger-client') as SwaggerClient
  SwaggerApi.prototype.fail = function (message) {
    this.failure(message)
  }
}

interface SwaggerClient {
  readonly SwaggerApi: {
    readonly prototype: { fail: (this: { readonly failure: (message: string) => void }, message: string) => void }
  }
}

/**
 * Opens the event socket and takes it over in the same tick, because the first message may follow immediately. Each attempt has
 * its own emitter and socket; all share the API description.
 */
async function openSocket<T>(client: Client, app: string, timeoutMs: number, take: (socket: Socket) => T): Promise<T> {
  const attempt = Object.assign(Object.create(Object.getPrototypeOf(client) as object), client) as Client
  // The copy shares its listeners with the original until it gets its own list.
  attempt.removeAllListeners()
  const taken = new Promise<T>((resolve, reject) => {
    attempt.on('WebSocketConnected', () => {
      attempt._ws.removeAllListeners()
      resolve(take(attempt._ws))
    })
    attempt.on('WebSocketReconnecting', (error: Error | undefined) => {
      reject(new Error(error?.message ?? 'the event socket was refused'))
    })
  })
  attempt.start(app).catch(() => undefined)
  try {
    return await withTimeout(timeoutMs, 'opening the event socket', taken)
  } catch (error) {
    giveUp(attempt)
    throw error
  }
}

/**
 * ari-client would reconnect a moment later, and the new socket would take the events from the one we use. So we tell
 * ari-client that the close is intended, and end a socket that it may be preparing before it sends its request.
 */
function giveUp(attempt: Client): void {
  let socket = attempt._ws
  const end = (next: Socket): void => {
    socket = next
    // Ending a socket before it is open makes it emit an error.
    next.on('error', () => undefined)
    next.terminate()
  }
  attempt._wsClosed = true
  end(socket)
  Object.defineProperty(attempt, '_ws', { get: () => socket, set: end })
}
