// One WebSocket that carries requests to Asterisk, each with an id, and their answers back, in any order. Asterisk carries out
// the requests of one socket one after another.
import type WebSocket from 'ws'
import { reasonOf } from '../../errors'
import type { AriAnswer, AriLimits } from './connection'
import { Heartbeat } from './heartbeat'
import { isObject, parsedJson } from './json'
import type { Json } from './json'
import type { AriRequest } from './operations'
import { AriRequestError } from './transport'

/** Asterisk ends a socket on which a message of more than 65,535 bytes comes (fewer where it was built for little memory). */
const longestRequest = 65_000

export class RequestSocket {
  /** Who waits for the response; undefined: nobody any more, although Asterisk still has the request. */
  private readonly asked = new Map<string, ((answer: AriAnswer | AriRequestError) => void) | undefined>()
  private lastId = 0
  /** Called with each answer; with the end of the socket, and why. */
  onAnswer: () => void = () => undefined
  onEnd: (reason: string) => void = () => undefined

  private readonly heartbeat: Heartbeat

  constructor(
    private readonly socket: WebSocket,
    { pingMs }: Pick<AriLimits, 'pingMs'>
  ) {
    this.heartbeat = new Heartbeat({
      pingMs,
      ping: () => socket.ping(),
      dead: (reason) => this.end('cut', `a request socket is dead: ${reason}`),
      // Requests have deadlines of their own, and Asterisk reads a ping when it has done what came before it.
      isBusy: () => this.outstanding > 0
    })
    socket.on('pong', () => this.heartbeat.onTraffic())
    socket.on('message', (data: Buffer) => {
      this.heartbeat.onTraffic()
      this.read(parsedJson(String(data)))
    })
    socket.on('error', (error) => this.end('cut', `a request socket failed (${reasonOf(error)})`))
    socket.on('close', (code) => this.end('cut', `Asterisk closed a request socket (${String(code)})`))
  }

  /** How many requests Asterisk has not answered, given up or not. */
  get outstanding(): number {
    return this.asked.size
  }

  /** Sends; the return value gives the request up, whose answer then goes nowhere. */
  send(request: AriRequest, deliver: (answer: AriAnswer | AriRequestError) => void): () => void {
    const id = String((this.lastId += 1))
    const message = messageOf(request, id)
    if (Buffer.byteLength(message) > longestRequest) {
      deliver(new AriRequestError(413, `${request.uri.slice(0, 100)}… is too long for Asterisk`))
      return () => undefined
    }
    this.asked.set(id, deliver)
    // A socket that is closing emits an event of its own.
    this.socket.send(message, () => undefined)
    return () => {
      if (this.asked.has(id)) this.asked.set(id, undefined)
    }
  }

  /** Closes it immediately, and fails every pending request. */
  end(status: 'cut' | 'disconnected', reason: string): void {
    this.heartbeat.stop()
    this.socket.removeAllListeners()
    this.socket.on('error', () => undefined)
    this.socket.terminate()
    const waiting = [...this.asked.values()]
    this.asked.clear()
    for (const deliver of waiting) deliver?.(new AriRequestError(status, reason))
    const { onEnd } = this
    this.onEnd = () => undefined
    onEnd(reason)
  }

  private read(message: unknown): void {
    if (!isObject(message) || message['type'] !== 'RESTResponse') return
    const id = message['request_id']
    if (typeof id !== 'string' || !this.asked.has(id)) return
    const deliver = this.asked.get(id)
    this.asked.delete(id)
    deliver?.(answerIn(message))
    this.onAnswer()
  }
}

/** ARI's "REST over WebSocket": a body is JSON within the JSON. */
function messageOf({ method, uri, body }: AriRequest, id: string): string {
  const content = body === undefined ? {} : { content_type: 'application/json', message_body: body }
  return JSON.stringify({ type: 'RESTRequest', method, uri, ...content, request_id: id })
}

/** What has no status may have been carried out or not. */
function answerIn(message: Json): AriAnswer | AriRequestError {
  const { status_code: status, message_body: text } = message
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 100 || status > 599) {
    return new AriRequestError('cut', 'Asterisk answered without a status')
  }
  return { status, text: typeof text === 'string' ? text : '' }
}
