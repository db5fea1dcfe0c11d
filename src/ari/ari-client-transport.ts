// The port over ari-client, guarded: it has no timeouts, never pings, gives up reconnecting after 43 s, and lets what a
// listener throws wedge the socket. So its socket is taken out of its hands as soon as it is open, every request has a
// deadline, and a connection that fails is thrown away whole (read from ari-client 2.2.0 and swagger-client 2.0.26).
import { createRequire } from 'node:module'
import ari from 'ari-client'
import type { Client, Operation, Socket } from 'ari-client'
import { AppError, reasonOf } from '../core/errors'
import { AriHttp } from './ari-http'
import type { HttpLimits } from './ari-http'
import type { AriAddress } from './probe'
import { probe } from './probe'
import { AriRequestError } from './transport'
import type { AriConnection, AriHandlers, AriOperation, AriParameters, AriTransport } from './transport'

export interface AriLimits extends HttpLimits {
  /** How long connecting may take, each of its stages. */
  readonly connectMs: number
  /** How often the event socket is pinged; two pings without an answer end the connection. */
  readonly pingMs: number
}

export const defaultLimits: AriLimits = { connectMs: 5000, requestMs: 5000, pingMs: 2500, sockets: 16 }

export class AriClientTransport implements AriTransport {
  private client: Client | undefined

  constructor(
    private address: AriAddress,
    private readonly limits: AriLimits = defaultLimits
  ) {
    keepSwaggerFromThrowing()
  }

  /** From the next connection on; false where it is the address already. */
  use(address: AriAddress): boolean {
    const { url, user, password, app } = this.address
    if (url === address.url && user === address.user && password === address.password && app === address.app)
      return false
    this.address = address
    this.client = undefined
    return true
  }

  async connect(handlers: AriHandlers): Promise<AriConnection> {
    await probe(this.address, this.limits.connectMs)
    // Its description of the API is read once and kept: a reconnect then costs one socket, and cannot throw.
    this.client ??= await loadClient(this.address, this.limits.connectMs)
    const { client, address, limits } = this
    return openSocket(client, address.app, limits.connectMs, (socket) => {
      return new Connection(client, socket, new AriHttp(address, limits), limits, handlers)
    })
  }
}

class Connection implements AriConnection {
  private readonly pinging: NodeJS.Timeout
  private unanswered = 0
  private pings = 0
  /** Who waits for the answer to which ping. */
  private readonly waiting = new Map<string, { resolve: () => void; reject: (error: Error) => void }>()
  private over = false

  constructor(
    private readonly client: Client,
    private readonly socket: Socket,
    private readonly http: AriHttp,
    private readonly limits: AriLimits,
    private readonly handlers: AriHandlers
  ) {
    socket.on('message', (data) => {
      this.unanswered = 0
      handlers.message(String(data))
    })
    socket.on('pong', (data: Buffer) => {
      this.unanswered = 0
      this.waiting.get(String(data))?.resolve()
      this.waiting.delete(String(data))
    })
    socket.on('error', (error) => this.lost(`the event socket failed (${reasonOf(error)})`))
    socket.on('close', (code: number) => this.lost(`Asterisk closed the event socket (${String(code)})`))
    this.pinging = setInterval(() => this.ping(), limits.pingMs)
  }

  /**
   * Of ari-client, the description of the API. Its own way of sending has no deadline, loses the error of a connection
   * that is cut, and keeps of an error's answer the words but not the status.
   */
  async request(operation: AriOperation, parameters: AriParameters): Promise<unknown> {
    if (this.over) throw new AriRequestError('disconnected', `not connected to Asterisk: ${operation}`)
    const described = operationOf(this.client, operation)
    if (described === undefined) throw new AriRequestError(404, `this Asterisk does not know ${operation}`)
    const entries = Object.entries(parameters)
    const body = entries.find(([, value]) => typeof value === 'object')?.[1]
    const url = new URL(described.urlify(Object.fromEntries(entries.filter(([, value]) => typeof value !== 'object'))))
    const { status, text } = await this.http.send(
      described.method.toUpperCase(),
      url.pathname + url.search,
      body === undefined ? undefined : JSON.stringify(body)
    )
    if (status >= 200 && status < 300) return parsed(text)
    const message = /"(?:message|error)"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? ''
    throw new AriRequestError(status, `${operation}: ${String(status)} ${message}`)
  }

  accepts(operation: AriOperation, parameter: string): boolean {
    return operationOf(this.client, operation)?.parameters.some(({ name }) => name === parameter) ?? false
  }

  caughtUp(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.over) return reject(new AriRequestError('disconnected', 'not connected to Asterisk'))
      this.pings += 1
      this.waiting.set(String(this.pings), { resolve, reject })
      try {
        this.socket.ping(String(this.pings))
      } catch (error) {
        this.lost(`the event socket is closed (${reasonOf(error)})`)
      }
    })
  }

  close(): void {
    this.end('closed')
  }

  private ping(): void {
    if (this.unanswered >= 2) {
      return this.lost(
        `Asterisk has not answered a ping for ${String((this.unanswered * this.limits.pingMs) / 1000)} s`
      )
    }
    this.unanswered += 1
    try {
      this.socket.ping()
    } catch (error) {
      this.lost(`the event socket is closed (${reasonOf(error)})`)
    }
  }

  private lost(reason: string): void {
    if (this.over) return
    this.end(reason)
    this.handlers.closed(reason)
  }

  private end(reason: string): void {
    if (this.over) return
    this.over = true
    clearInterval(this.pinging)
    this.socket.removeAllListeners()
    // A socket torn down may still report an error; without a listener that would end the process.
    this.socket.on('error', () => undefined)
    this.socket.terminate()
    this.http.abort(reason)
    for (const { reject } of this.waiting.values()) reject(new AriRequestError('disconnected', reason))
    this.waiting.clear()
  }
}

/** Loads the API description. */
async function loadClient({ url, user, password }: AriAddress, timeoutMs: number): Promise<Client> {
  // It greets every Asterisk with a remark about Swagger on standard output, which is not its to write on.
  const { log } = console
  console.log = () => undefined
  try {
    return await within(timeoutMs, 'reading its API description', ari.connect(url, user, password))
  } finally {
    console.log = log
  }
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
    return await within(timeoutMs, 'opening the event socket', taken)
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

async function within<T>(timeoutMs: number, doing: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${String(timeoutMs / 1000)} s`)), timeoutMs)
  })
  try {
    return await Promise.race([promise, late])
  } catch (error) {
    throw new AppError('unavailable', `Asterisk answers, but ${doing} failed: ${reasonOf(error)}`, { cause: error })
  } finally {
    clearTimeout(timer)
  }
}

function operationOf(client: Client, operation: AriOperation): Operation | undefined {
  const [resource = '', method = ''] = operation.split('.')
  return client._swagger.apis[resource]?.operations[method]
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
