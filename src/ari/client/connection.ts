// One connection to Asterisk: its event socket, with pings, and its requests. It ends as soon as either fails. It is the same
// for every transport, except for how requests travel.
import { reasonOf } from '../../errors'
import { Heartbeat } from './heartbeat'
import { parsedJson } from './json'
import { operations } from './operations'
import type { AriOperation, AriParameters } from './operations'
import type { AriAddress } from './address'
import { connectionRefusal } from './probe'
import { AriRequestError } from './transport'
import type { AriConnection, AriHandlers, AriTransportKind } from './transport'

export interface AriLimits {
  /** How long each stage of connecting may take. */
  readonly connectMs: number
  /** How often a WebSocket is pinged; two pings without an answer end it. */
  readonly pingMs: number
  /** How long a request may take, including retries. */
  readonly requestMs: number
  /** HTTP: how many connections are used at once. Asterisk silently closes those above its sessionlimit. */
  readonly sockets: number
  /** WebSocket: how many sockets carry requests; one of them is reserved for urgent requests. */
  readonly requestSockets: number
  /** WebSocket: how many requests may be pending on one socket; further ones wait here. */
  readonly pipelined: number
}

export const defaultLimits: AriLimits = {
  connectMs: 5000,
  requestMs: 5000,
  pingMs: 2500,
  sockets: 16,
  requestSockets: 4,
  pipelined: 8
}

/** An open event socket, of any version of ws. */
export interface EventSocket {
  on(event: 'message' | 'pong', listener: (data: unknown) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'close', listener: (code: number) => void): unknown
  removeAllListeners(): unknown
  ping(data?: string): void
  terminate(): void
}

export interface AriAnswer {
  readonly status: number
  /** JSON, or empty. */
  readonly text: string
}

/** How requests travel. */
export interface Requests {
  readonly transport: AriTransportKind
  readonly wakesIdleChannels: boolean
  /** Rejects with {@link AriRequestError}; with `disconnected` once no request can be sent. */
  send(operation: AriOperation, parameters: AriParameters): Promise<AriAnswer>
  accepts(operation: AriOperation, parameter: string): boolean
  /** Ends every pending request, which rejects as `disconnected`. Nothing is sent afterwards. */
  abort(reason: string): void
}

/** A connection with an open event socket. */
export class Connection implements AriConnection {
  readonly transport: AriTransportKind
  private readonly heartbeat: Heartbeat
  private readonly requests: Requests
  private pings = 0
  /** The callbacks that wait for the answer to each ping. */
  private readonly waiting = new Map<string, { resolve: () => void; reject: (error: Error) => void }>()
  private over = false

  /** `requestsBy` receives a callback for when requests can no longer be sent. */
  constructor(
    private readonly socket: EventSocket,
    private readonly address: AriAddress,
    { pingMs }: Pick<AriLimits, 'pingMs'>,
    private readonly handlers: AriHandlers,
    requestsBy: (lost: (reason: string) => void) => Requests
  ) {
    this.requests = requestsBy((reason) => this.lost(reason))
    this.transport = this.requests.transport
    this.heartbeat = new Heartbeat({ pingMs, ping: () => socket.ping(), dead: (reason) => this.lost(reason) })
    socket.on('message', (data) => {
      this.heartbeat.onTraffic()
      handlers.message(parsedJson(String(data)))
    })
    socket.on('pong', (data) => {
      this.heartbeat.onTraffic()
      this.waiting.get(String(data))?.resolve()
      this.waiting.delete(String(data))
    })
    socket.on('error', (error) => this.lost(`the event socket failed (${reasonOf(error)})`))
    socket.on('close', (code) => this.lost(`Asterisk closed the event socket (${String(code)})`))
  }

  async request(operation: AriOperation, parameters: AriParameters): Promise<unknown> {
    if (this.over) throw new AriRequestError('disconnected', `not connected to Asterisk: ${operation}`)
    const { status, text } = await this.send(operation, parameters)
    if (status >= 200 && status < 300) return operations[operation].isQuestion === true ? parsedJson(text) : undefined
    const refused = status === 503 ? undefined : connectionRefusal(this.address, status, text)
    if (refused !== undefined) throw this.useless(refused)
    const message = /"(?:message|error)"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? ''
    throw new AriRequestError(status, `${operation}: ${String(status)} ${message}`)
  }

  private async send(operation: AriOperation, parameters: AriParameters): Promise<AriAnswer> {
    try {
      return await this.requests.send(operation, parameters)
    } catch (error) {
      // Events may still arrive, but without requests we cannot control calls.
      if (error instanceof AriRequestError && error.status === 'disconnected') throw this.useless(error.message)
      throw error
    }
  }

  private useless(reason: string): AriRequestError {
    this.lost(reason)
    return new AriRequestError('disconnected', reason)
  }

  accepts(operation: AriOperation, parameter: string): boolean {
    return this.requests.accepts(operation, parameter)
  }

  get wakesIdleChannels(): boolean {
    return this.requests.wakesIdleChannels
  }

  eventBarrier(): Promise<void> {
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

  private lost(reason: string): void {
    if (this.over) return
    this.end(reason)
    this.handlers.closed(reason)
  }

  private end(reason: string): void {
    if (this.over) return
    this.over = true
    this.heartbeat.stop()
    this.socket.removeAllListeners()
    // A terminated socket may still emit an error, which without a listener would end the process.
    this.socket.on('error', () => undefined)
    this.socket.terminate()
    this.requests.abort(reason)
    for (const { reject } of this.waiting.values()) reject(new AriRequestError('disconnected', reason))
    this.waiting.clear()
  }
}
