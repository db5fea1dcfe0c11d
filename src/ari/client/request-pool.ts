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
  /** The socket that it was sent on, once sent. */
  on?: RequestSocket
  giveUp?: () => void
}

/** How long a stuck socket is kept open. This limits their number: one per slot and deadline. */
function patienceOf({ requestMs }: Pick<AriLimits, 'requestMs'>): number {
  return 6 * requestMs
}

export class RequestPool {
  /** The first is reserved for urgent requests; undefined while a replacement is being opened. */
  private readonly sockets: (RequestSocket | undefined)[]
  /** Sockets with a request past its deadline: no longer used, and closed once Asterisk has handled their requests. */
  private readonly stuck = new Map<RequestSocket, NodeJS.Timeout>()
  /** Requests over the limit of pending ones: sent as soon as there is room, urgent ones first. */
  private readonly waiting = { urgent: new Set<Waiting>(), ordinary: new Set<Waiting>() }
  /** How many sockets have ended since the last answer. */
  private cuts = 0
  private over: string | undefined

  /** `lost` is called once, when requests can no longer be sent. */
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
      else if (socket.outstanding === 0) socket.end('cut', 'no longer used')
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

  /** The socket with the fewest pending requests; undefined if all are full. */
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
    // A request that hangs in Asterisk blocks those behind it. Closing the socket now might lose them before Asterisk reads them.
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
      (error: unknown) => this.fail(`${why}, and a new request socket cannot be opened: ${reasonOf(error)}`)
    )
  }

  /** Back off if sockets end as soon as they are open. */
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
