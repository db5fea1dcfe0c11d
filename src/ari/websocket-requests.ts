// Requests over WebSockets: ARI's "REST over WebSocket".
import { setTimeout as pause } from 'node:timers/promises'
import { firstPauseMs, longestPauseMs } from './ari-http'
import type { AriAnswer, AriLimits, Requests } from './connection'
import type { RequestPool } from './request-pool'
import { restRequest, takesParameter } from './rest-requests'
import { AriRequestError, neverTwice } from './transport'
import type { AriOperation, AriParameters } from './transport'

/** What a caller or a person called waits for. */
const urgent: ReadonlySet<AriOperation> = new Set<AriOperation>(['channels.answer', 'channels.hangup'])

export class WebSocketRequests implements Requests {
  readonly transport = 'websocket'

  constructor(
    private readonly pool: RequestPool,
    private readonly limits: Pick<AriLimits, 'requestMs'>
  ) {}

  /**
   * Asked again while its socket ends or Asterisk is not ready (503), until the deadline, as over HTTP: ids are ours, so a
   * repetition does nothing twice. Where it would, only a 503 is asked again.
   */
  async send(operation: AriOperation, parameters: AriParameters): Promise<AriAnswer> {
    const endAt = performance.now() + this.limits.requestMs
    const request = restRequest(operation, parameters)
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
  }
}
