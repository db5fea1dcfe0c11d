// The port over ari-client, guarded: it has no timeouts, never pings, gives up reconnecting after 43 s, and lets what a
// listener throws wedge the socket. So its socket is taken out of its hands as soon as it is open, every request has a
// deadline, and a connection that fails is thrown away whole (read from ari-client 2.2.0 and swagger-client 2.0.26).
import { createRequire } from 'node:module'
import type { Client, Socket } from 'ari-client'
import { Connection } from './connection'
import type { AriLimits } from './connection'
import { HttpRequests } from './http-requests'
import type { AriAddress } from './address'
import type { AriConnection, AriHandlers } from './transport'
import { wakesIdleChannels } from './version'
import { withTimeout } from './with-timeout'

/** Opens connections of events over ari-client's socket and requests over HTTP. */
export class AriClientConnector {
  private kept: { readonly address: AriAddress; readonly version: string; readonly client: Client } | undefined

  constructor(private readonly limits: AriLimits) {}

  /** To an Asterisk of this version, which has been probed. */
  async open(address: AriAddress, version: string, handlers: AriHandlers): Promise<AriConnection> {
    const { limits } = this
    // Its description of the API is read once and kept: a reconnect then costs one socket, and cannot throw.
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
  // Here and not before: it brings a dozen libraries, which nobody needs whose requests travel over WebSockets.
  const { default: ari } = await import('ari-client')
  keepSwaggerFromThrowing()
  keepSwaggerFromPrinting()
  return withTimeout(timeoutMs, 'reading its API description', ari.connect(url, user, password))
}

/**
 * swagger-client greets every Asterisk with a remark on standard output, which is not its to write on, and keeps all that it has
 * ever said: by a function that it leaves in the global `log`.
 */
function keepSwaggerFromPrinting(): void {
  Reflect.set(globalThis, 'log', () => undefined)
}

/**
 * swagger-client tells ari-client of a failure, which then rejects, and throws a bare string besides: from a socket's
 * callback, where only the end of the process is left. Seen when Asterisk is restarted while it is being read (503).
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
 * Opens the event socket and takes it over in the very moment of its opening: the first message may be right behind. Each
 * attempt has an emitter and a socket of its own, on the API description that all share.
 */
async function openSocket<T>(client: Client, app: string, timeoutMs: number, take: (socket: Socket) => T): Promise<T> {
  const attempt = Object.assign(Object.create(Object.getPrototypeOf(client) as object), client) as Client
  // The copy has its listeners in common with the original until it gets a list of its own.
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
 * ari-client would try again a moment later, and a socket that opened then would take our events from the one we use: so
 * it is told that the end is meant, and the socket it may have in preparation is ended before it has asked for anything.
 */
function giveUp(attempt: Client): void {
  let socket = attempt._ws
  const end = (next: Socket): void => {
    socket = next
    // To be ended before it was open is an error to it.
    next.on('error', () => undefined)
    next.terminate()
  }
  attempt._wsClosed = true
  end(socket)
  Object.defineProperty(attempt, '_ws', { get: () => socket, set: end })
}
