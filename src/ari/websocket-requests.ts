// Requests over WebSockets: ARI's "REST over WebSocket".
import { setTimeout as pause } from 'node:timers/promises'
import { AriHttp, firstPauseMs, longestPauseMs } from './ari-http'
import type { AriAnswer, AriLimits, Requests } from './connection'
import type { AriAddress } from './probe'
import type { RequestPool } from './request-pool'
import { restRequest, takesParameter } from './rest-requests'
import { AriRequestError, neverTwice } from './transport'
import type { AriOperation, AriParameters } from './transport'

/** What a caller or a person called waits for. */
const urgent: ReadonlySet<AriOperation> = new Set<AriOperation>(['channels.answer', 'channels.hangup'])

/**
 * Their answers grow with the calls there are. Asterisk puts a message to a WebSocket on the stack of a thread, and dies where
 * that is too small (res_http_websocket.c; seen with the list of 2,000 channels, 1 MB). HTTP has no such end.
 */
const overHttp: ReadonlySet<AriOperation> = new Set<AriOperation>(['bridges.list', 'channels.list'])

export class WebSocketRequests implements Requests {
  readonly transport = 'websocket'
  readonly wakesLegs = true
  private readonly http: AriHttp

  constructor(
    private readonly pool: RequestPool,
    address: AriAddress,
    private readonly limits: AriLimits
  ) {
    this.http = new AriHttp(address, limits)
  }

  /**
   * Asked again while its socket ends or Asterisk is not ready (503), until the deadline, as over HTTP: ids are ours, so a
   * repetition does nothing twice. Where it would, only a 503 is asked again.
   */
  async send(operation: AriOperation, parameters: AriParameters): Promise<AriAnswer> {
    const endAt = performance.now() + this.limits.requestMs
    const request = restRequest(operation, parameters)
    if (overHttp.has(operation)) return this.http.send(request.method, `/ari/${request.uri}`, undefined)
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      const isLast = performance.now() + pauseMs * 2 >= endAt
      try {
        const answer = await this.pool.send(request, urgent.has(operation), endAt - performance.now())
        if (answer.status !== 503 || isLast) return answer
      } catch (error) {
        const isCut = error instanceof AriRequestError && error.status === 'cut'
        if (!isCut || isLast || neverTwice.has(operation)) throw error
      }
      await pause(pauseMs)
    }
  }

  accepts(operation: AriOperation, parameter: string): boolean {
    return takesParameter(operation, parameter)
  }

  abort(reason: string): void {
    this.pool.abort(reason)
    this.http.abort(reason)
  }
}
