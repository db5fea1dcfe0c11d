// The port over ari-client, guarded: it has no timeouts, never pings, gives up reconnecting after 43 s, and lets what a
// listener throws wedge the socket. So its socket is taken out of its hands as soon as it is open, every request has a
// deadline, and a connection that fails is thrown away whole (read from ari-client 2.2.0 and swagger-client 2.0.26).
import { EventEmitter } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import { createRequire } from 'node:module'
import ari from 'ari-client'
import type { Client, Response, Socket } from 'ari-client'
import { AppError, reasonOf } from '../core/errors'
import type { AriAddress } from './probe'
import { probe } from './probe'
import { AriRequestError } from './transport'
import type { AriConnection, AriHandlers, AriOperation, AriParameters, AriTransport } from './transport'

export interface AriLimits {
  /** How long connecting may take, each of its stages. */
  readonly connectMs: number
  /** How long a request may take. */
  readonly requestMs: number
  /** How often the event socket is pinged; two pings without an answer end the connection. */
  readonly pingMs: number
  /** How many HTTP connections are used at once; Asterisk closes those past its sessionlimit without a word. */
  readonly sockets: number
}

export const defaultLimits: AriLimits = { connectMs: 5000, requestMs: 5000, pingMs: 2500, sockets: 16 }

export class AriClientTransport implements AriTransport {
  private client: Client | undefined

  constructor(
    private readonly address: AriAddress,
    private readonly limits: AriLimits = defaultLimits
  ) {
    capSockets(limits)
    keepSwaggerFromThrowing()
  }

  async connect(handlers: AriHandlers): Promise<AriConnection> {
    await probe(this.address, this.limits.connectMs)
    // Its description of the API is read once and kept: a reconnect then costs one socket, and cannot throw.
    this.client ??= await loadClient(this.address, this.limits.connectMs)
    const socket = await openSocket(this.client, this.address.app, this.limits.connectMs)
    return new Connection(this.client, socket, this.limits, handlers)
  }
}

class Connection implements AriConnection {
  private readonly pending = new Set<(error: AriRequestError) => void>()
  private readonly pinging: NodeJS.Timeout
  private unanswered = 0
  private over = false

  constructor(
    private readonly client: Client,
    private readonly socket: Socket,
    private readonly limits: AriLimits,
    private readonly handlers: AriHandlers
  ) {
    socket.on('message', (data) => {
      this.unanswered = 0
      handlers.message(String(data))
    })
    socket.on('pong', () => (this.unanswered = 0))
    socket.on('error', (error) => this.lost(`the event socket failed (${reasonOf(error)})`))
    socket.on('close', (code: number) => this.lost(`Asterisk closed the event socket (${String(code)})`))
    this.pinging = setInterval(() => this.ping(), limits.pingMs)
  }

  request(operation: AriOperation, parameters: AriParameters): Promise<unknown> {
    const call = operationOf(this.client, operation)
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer)
        this.pending.delete(fail)
        act()
      }
      const fail = (error: AriRequestError): void => settle(() => reject(error))
      const timer = setTimeout(
        () =>
          fail(new AriRequestError('timeout', `no answer to ${operation} within ${String(this.limits.requestMs)} ms`)),
        this.limits.requestMs
      )
      if (this.over) return fail(new AriRequestError('disconnected', `not connected to Asterisk: ${operation}`))
      this.pending.add(fail)
      call(
        bodyAsText({ ...parameters }),
        (response) => settle(() => resolve(parsed(response))),
        (response) => fail(requestError(operation, response))
      )
    })
  }

  accepts(operation: AriOperation, parameter: string): boolean {
    const [resource = '', method = ''] = operation.split('.')
    const known = this.client._swagger.apis[resource]?.operations[method]?.parameters ?? []
    return known.some(({ name }) => name === parameter)
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
    this.socket.ping()
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
    for (const fail of [...this.pending]) fail(new AriRequestError('disconnected', reason))
  }
}

/**
 * ari-client uses Node's global agent, and a socket for each request of a burst. This one keeps a few alive, for less
 * time than Asterisk does (15 s), and ends one that goes silent in a request, so that none is used up for good.
 */
function capSockets({ sockets, requestMs }: AriLimits): void {
  const options = { keepAlive: true, maxSockets: sockets, timeout: requestMs, scheduling: 'lifo' } as const
  http.globalAgent = new http.Agent(options)
  https.globalAgent = new https.Agent(options)
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
 * Opens the event socket and takes it over, synchronously with its opening so that no message is missed. Each attempt
 * has an emitter and a socket of its own, on the API description that all share.
 */
async function openSocket(client: Client, app: string, timeoutMs: number): Promise<Socket> {
  const attempt = Object.assign(Object.create(Object.getPrototypeOf(client) as object), client) as Client
  EventEmitter.call(attempt)
  const opened = new Promise<Socket>((resolve, reject) => {
    attempt.on('WebSocketConnected', () => {
      attempt._ws.removeAllListeners()
      resolve(attempt._ws)
    })
    attempt.on('WebSocketReconnecting', (error: Error | undefined) => {
      reject(new Error(error?.message ?? 'the event socket was refused'))
    })
  })
  attempt.start(app).catch(() => undefined)
  try {
    return await within(timeoutMs, 'opening the event socket', opened)
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

/** Below ari-client's own wrapper, which would keep the message of an error and drop its HTTP status. */
function operationOf(client: Client, operation: AriOperation): ReturnType<typeof lookUp> & object {
  const found = lookUp(client, operation)
  if (found === undefined) throw new AriRequestError(404, `this Asterisk does not know ${operation}`)
  return found
}

function lookUp(client: Client, operation: AriOperation) {
  const [resource = '', method = ''] = operation.split('.')
  return client._swagger.apis[resource]?.[method]
}

/** swagger-client sends `body` as it stands; every other object is one of our body parameters. */
function bodyAsText(parameters: Record<string, unknown>): Record<string, unknown> {
  for (const [name, value] of Object.entries(parameters)) {
    if (typeof value !== 'object') continue
    Reflect.deleteProperty(parameters, name)
    parameters['body'] = JSON.stringify(value)
  }
  return parameters
}

function parsed(response: Response): unknown {
  const text = response.data.toString()
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

function requestError(operation: AriOperation, response: Response | Error | string | undefined): AriRequestError {
  if (typeof response === 'object' && 'status' in response) {
    const message = /"(?:message|error)"\s*:\s*"([^"]*)"/.exec(response.data.toString())?.[1] ?? ''
    return new AriRequestError(response.status, `${operation}: ${String(response.status)} ${message}`)
  }
  return new AriRequestError('disconnected', `${operation}: ${reasonOf(response)}`)
}
