// Requests over several WebSockets. Asterisk carries out those of one socket one after another, and some wait inside it: so
// each goes to the socket with the fewest before it, and one socket is kept for what may never wait.
import { reasonOf } from '../core/errors'
import type { AriAnswer, AriLimits } from './connection'
import type { RequestSocket } from './request-socket'
import type { RestRequest } from './rest-requests'
import { AriRequestError } from './transport'

interface Waiting {
  readonly request: RestRequest
  readonly isUrgent: boolean
  readonly settle: (answer: AriAnswer | AriRequestError) => void
  /** Where it is, once it has been sent. */
  on?: RequestSocket
  giveUp?: () => void
}

export class RequestPool {
  /** The first is for urgent requests alone; undefined while another is opened in its place. */
  private readonly sockets: (RequestSocket | undefined)[]
  /** With a request unanswered beyond its deadline: used no more, ended when nobody waits for anything on it. */
  private readonly stuck = new Set<RequestSocket>()
  /** Beyond what may be on its way: these go as soon as there is room, the urgent ones first. */
  private readonly waiting = { urgent: new Set<Waiting>(), ordinary: new Set<Waiting>() }
  private over: string | undefined

  /** `lost` is called once, when requests are of no use any more. */
  constructor(
    sockets: readonly RequestSocket[],
    private readonly open: () => Promise<RequestSocket>,
    private readonly limits: Pick<AriLimits, 'pipelined'>,
    private readonly lost: (reason: string) => void
  ) {
    this.sockets = [...sockets]
    for (const socket of sockets) this.listen(socket)
  }

  /** Resolves with the answer, or rejects with {@link AriRequestError}: `timeout` after `ms`. */
  send(request: RestRequest, isUrgent: boolean, ms: number): Promise<AriAnswer> {
    return new Promise((resolve, reject) => {
      if (this.over !== undefined) return reject(new AriRequestError('disconnected', this.over))
      const timer = setTimeout(() => this.timedOut(waiting), ms)
      const waiting: Waiting = {
        request,
        isUrgent,
        settle: (answer) => {
          clearTimeout(timer)
          if (answer instanceof AriRequestError) reject(answer)
          else resolve(answer)
        }
      }
      const socket = this.socketFor(isUrgent)
      if (socket === undefined) this.line(isUrgent).add(waiting)
      else this.sendOn(socket, waiting)
    })
  }

  abort(reason: string): void {
    if (this.over !== undefined) return
    this.over = reason
    for (const socket of [...this.sockets, ...this.stuck]) socket?.end(reason)
    for (const line of Object.values(this.waiting)) {
      for (const { settle } of line) settle(new AriRequestError('disconnected', reason))
      line.clear()
    }
  }

  private line(isUrgent: boolean): Set<Waiting> {
    return isUrgent ? this.waiting.urgent : this.waiting.ordinary
  }

  private listen(socket: RequestSocket): void {
    socket.onAnswer = () => {
      if (this.stuck.has(socket)) this.endUnused(socket)
      else this.sendWaiting()
    }
    socket.onEnd = (reason) => {
      if (!this.stuck.delete(socket)) this.fail(reason)
    }
  }

  private sendOn(socket: RequestSocket, waiting: Waiting): void {
    waiting.on = socket
    waiting.giveUp = socket.send(waiting.request, waiting.settle)
  }

  /** The one with the fewest requests before this one; undefined where all have as many as they may. */
  private socketFor(isUrgent: boolean): RequestSocket | undefined {
    let best: RequestSocket | undefined
    for (const [index, socket] of this.sockets.entries()) {
      if (index === 0 && !isUrgent && this.sockets.length > 1) continue
      if (socket === undefined) continue
      if (socket.outstanding < (best?.outstanding ?? this.limits.pipelined)) best = socket
    }
    return best
  }

  private sendWaiting(): void {
    for (const isUrgent of [true, false]) {
      const line = this.line(isUrgent)
      for (const waiting of line) {
        const socket = this.socketFor(isUrgent)
        if (socket === undefined) break
        line.delete(waiting)
        this.sendOn(socket, waiting)
      }
    }
  }

  private timedOut(waiting: Waiting): void {
    const { request, isUrgent, on, giveUp, settle } = waiting
    this.line(isUrgent).delete(waiting)
    giveUp?.()
    settle(new AriRequestError('timeout', `no answer to ${request.uri.split('?', 1)[0] ?? ''} in time`))
    if (on !== undefined) this.replace(on)
  }

  /** What Asterisk does not get done on this socket holds up all behind it: others go by another, opened in its place. */
  private replace(socket: RequestSocket): void {
    const index = this.sockets.indexOf(socket)
    if (index >= 0 && this.over === undefined) {
      this.stuck.add(socket)
      this.sockets[index] = undefined
      this.open().then(
        (fresh) => this.putInPlace(index, fresh),
        (error: unknown) =>
          this.fail(`a request was not answered, and no other socket can be opened (${reasonOf(error)})`)
      )
    }
    this.endUnused(socket)
  }

  private putInPlace(index: number, fresh: RequestSocket): void {
    if (this.over !== undefined) return fresh.end(this.over)
    this.sockets[index] = fresh
    this.listen(fresh)
    this.sendWaiting()
  }

  private endUnused(socket: RequestSocket): void {
    if (this.stuck.has(socket) && socket.awaited === 0) socket.end('not answered in time')
  }

  private fail(reason: string): void {
    if (this.over !== undefined) return
    this.abort(reason)
    this.lost(reason)
  }
}
