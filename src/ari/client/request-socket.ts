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

/** Asterisk closes a socket that receives a message of more than 65,535 bytes (less if built with LOW_MEMORY). */
const longestRequest = 65_000

export class RequestSocket {
  /** The callback for each response; undefined: given up, although Asterisk still has the request. */
  private readonly asked = new Map<string, ((answer: AriAnswer | AriRequestError) => void) | undefined>()
  private lastId = 0
  /** Callbacks for each answer, and for the end of the socket with its reason. */
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
      // Requests have their own deadlines, and Asterisk reads a ping only after the requests before it.
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

  /** How many requests Asterisk has not answered, including those given up. */
  get outstanding(): number {
    return this.asked.size
  }

  /** Sends a request. The returned function gives it up; its answer is then ignored. */
  send(request: AriRequest, deliver: (answer: AriAnswer | AriRequestError) => void): () => void {
    const id = String((this.lastId += 1))
    const message = messageOf(request, id)
    if (message.length > longestRequest) {
      deliver(new AriRequestError(413, `${request.uri.slice(0, 100)}… is too long for Asterisk`))
      return () => undefined
    }
    this.asked.set(id, deliver)
    // A closing socket emits its own event.
    this.socket.send(message, { binary: false }, () => undefined)
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

/** ARI's "REST over WebSocket" format: the body is a JSON string within the JSON. Bytes: `ws` sends them in one piece, a string in two. */
function messageOf({ method, uri, body }: AriRequest, id: string): Buffer {
  const content = body === undefined ? {} : { content_type: 'application/json', message_body: body }
  return Buffer.from(JSON.stringify({ type: 'RESTRequest', method, uri, ...content, request_id: id }))
}

/** Without a status, nobody knows whether it was carried out. */
function answerIn(message: Json): AriAnswer | AriRequestError {
  const { status_code: status, message_body: text } = message
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 100 || status > 599) {
    return new AriRequestError('cut', 'Asterisk answered without a status')
  }
  return { status, text: typeof text === 'string' ? text : '' }
}
