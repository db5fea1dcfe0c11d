// Requests over several WebSockets. Asterisk handles the requests of one socket one after another, so each request goes to the socket
// with the shortest queue, and one socket is reserved for urgent requests. A socket that ends, or that leaves a request unanswered,
// is replaced; if that fails, the connection is lost.
import { setTimeout as pause } from 'node:timers/promises'
import { reasonOf } from '../../errors'
import type { AriAnswer, AriLimits } from './connection'
import type { AriRequest } from './operations'
import type { RequestSocket } from './request-socket'
import { repetitionPauseMs } from './retry'
import { AriRequestError } from './transport'

interface Waiting {
  readonly request: AriRequest
  readonly isUrgent: boolean
  readonly settle: (answer: AriAnswer | AriRequestError) => void
  /** Where it is, once it has been sent. */
  on?: RequestSocket
  giveUp?: () => void
}

/** How long a socket that is stuck is left to Asterisk. Bounds how many there are: one a slot in each deadline. */
function patienceOf({ requestMs }: Pick<AriLimits, 'requestMs'>): number {
  return 6 * requestMs
}

export class RequestPool {
  /** The first is for urgent requests alone; undefined while another is opened in its place. */
  private readonly sockets: (RequestSocket | undefined)[]
  /** With a request unanswered beyond its deadline: used no more, and ended once Asterisk has done what it has been asked. */
  private readonly stuck = new Map<RequestSocket, NodeJS.Timeout>()
  /** Beyond what may be on its way: these go as soon as there is room, the urgent ones first. */
  private readonly waiting = { urgent: new Set<Waiting>(), ordinary: new Set<Waiting>() }
  /** Sockets that have ended since there was an answer. */
  private cuts = 0
  private over: string | undefined

  /** `lost` is called once, when requests are of no use any more. */
  constructor(
    sockets: readonly RequestSocket[],
    private readonly open: () => Promise<RequestSocket>,
    private readonly limits: Pick<AriLimits, 'pipelined' | 'requestMs'>,
    private readonly lost: (reason: string) => void
  ) {
    this.sockets = [...sockets]
    for (const socket of sockets) this.listen(socket)
  }

  /** Resolves with the answer, or rejects with {@link AriRequestError}: `timeout` after `ms`, `cut` when its socket ends. */
  send(request: AriRequest, isUrgent: boolean, ms: number): Promise<AriAnswer> {
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
    for (const socket of [...this.sockets, ...this.stuck.keys()]) socket?.end('disconnected', reason)
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
      this.cuts = 0
      if (!this.stuck.has(socket)) this.sendWaiting()
      else if (socket.outstanding === 0) socket.end('cut', 'not used any more')
    }
    socket.onEnd = (reason) => {
      clearTimeout(this.stuck.get(socket))
      if (this.stuck.delete(socket)) return
      this.cuts += 1
      this.replace(socket, reason)
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
    if (on === undefined || !this.sockets.includes(on)) return
    // A request that hangs in Asterisk blocks those behind it. Closing the socket now might lose them unread.
    const patience = setTimeout(() => on.end('cut', 'not answered in time'), patienceOf(this.limits))
    this.stuck.set(on, patience)
    this.replace(on, 'a request was not answered')
  }

  private replace(socket: RequestSocket, why: string): void {
    const index = this.sockets.indexOf(socket)
    if (index < 0 || this.over !== undefined) return
    this.sockets[index] = undefined
    this.openPatiently().then(
      (fresh) => this.putInPlace(index, fresh),
      (error: unknown) => this.fail(`${why}, and no other can be opened: ${reasonOf(error)}`)
    )
  }

  /** Those that end as soon as they are open are opened more and more seldom. */
  private async openPatiently(): Promise<RequestSocket> {
    if (this.cuts > 1) await pause(repetitionPauseMs(this.cuts - 2))
    return this.open()
  }

  private putInPlace(index: number, fresh: RequestSocket): void {
    if (this.over !== undefined) return fresh.end('disconnected', this.over)
    this.sockets[index] = fresh
    this.listen(fresh)
    this.sendWaiting()
  }

  private fail(reason: string): void {
    if (this.over !== undefined) return
    this.abort(reason)
    this.lost(reason)
  }
}
