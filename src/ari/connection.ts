// One connection to Asterisk: its event socket, pinged, and the requests beside it. Over as soon as either is of no use.
import type { Client, Operation, Socket } from 'ari-client'
import { reasonOf } from '../core/errors'
import { AriHttp } from './ari-http'
import type { HttpAnswer, HttpLimits } from './ari-http'
import type { AriAddress } from './probe'
import { refusal } from './probe'
import { AriRequestError } from './transport'
import type { AriConnection, AriHandlers, AriOperation, AriParameters } from './transport'

export interface AriLimits extends HttpLimits {
  /** How long connecting may take, each of its stages. */
  readonly connectMs: number
  /** How often the event socket is pinged; {@link mostUnanswered} pings without an answer end the connection. */
  readonly pingMs: number
}

const mostUnanswered = 2

export const defaultLimits: AriLimits = { connectMs: 5000, requestMs: 5000, pingMs: 2500, sockets: 16 }

/** How long a connection may be dead, at most, before that is noticed: it may have died right after an answer. */
export function noticedWithinMs({ pingMs }: AriLimits): number {
  return (mostUnanswered + 1) * pingMs
}

/** To ask these again, unless it is known that Asterisk did nothing, would do harm: a leg dialled twice is ended. */
const neverTwice: ReadonlySet<AriOperation> = new Set<AriOperation>(['channels.dial'])

/** A connection whose event socket is open. */
export class Connection implements AriConnection {
  private readonly pinging: NodeJS.Timeout
  private readonly http: AriHttp
  private unanswered = 0
  private pings = 0
  /** Who waits for the answer to which ping. */
  private readonly waiting = new Map<string, { resolve: () => void; reject: (error: Error) => void }>()
  private over = false

  constructor(
    private readonly client: Client,
    private readonly socket: Socket,
    private readonly address: AriAddress,
    private readonly limits: AriLimits,
    private readonly handlers: AriHandlers
  ) {
    this.http = new AriHttp(address, limits)
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
    const { status, text } = await this.send(described.method.toUpperCase(), url, body, !neverTwice.has(operation))
    if (status >= 200 && status < 300) return parsed(text)
    const refused = status === 503 ? undefined : refusal(this.address, status, text)
    if (refused !== undefined) throw this.useless(refused)
    const message = /"(?:message|error)"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? ''
    throw new AriRequestError(status, `${operation}: ${String(status)} ${message}`)
  }

  private async send(method: string, url: URL, body: unknown, mayRepeat: boolean): Promise<HttpAnswer> {
    try {
      const text = body === undefined ? undefined : JSON.stringify(body)
      return await this.http.send(method, url.pathname + url.search, text, mayRepeat)
    } catch (error) {
      // Events may still come; but who cannot ask for anything has nothing in hand.
      if (error instanceof AriRequestError && error.status === 'disconnected') throw this.useless(error.message)
      throw error
    }
  }

  private useless(reason: string): AriRequestError {
    this.lost(reason)
    return new AriRequestError('disconnected', reason)
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
    if (this.unanswered >= mostUnanswered) {
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
