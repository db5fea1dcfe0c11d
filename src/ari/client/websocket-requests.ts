// Requests over WebSockets: ARI's "REST over WebSocket".
import { AriHttp } from './ari-http'
import type { AriAnswer, AriLimits, Requests } from './connection'
import { operations, requestOf, takesParameter } from './operations'
import type { AriOperation, AriParameters } from './operations'
import type { AriAddress } from './address'
import type { RequestPool } from './request-pool'
import { askUntilAnswered } from './retry'

export class WebSocketRequests implements Requests {
  readonly transport = 'websocket'
  readonly wakesIdleChannels = true
  private readonly http: AriHttp

  constructor(
    private readonly pool: RequestPool,
    address: AriAddress,
    private readonly limits: AriLimits
  ) {
    this.http = new AriHttp(address, limits)
  }

  /**
   * Long answers are requested over HTTP. Asterisk copies each WebSocket message to a thread's stack, and crashes if it does
   * not fit (res_http_websocket.c; seen with a list of 2,000 channels, 1 MB). HTTP has no such limit.
   */
  send(operation: AriOperation, parameters: AriParameters): Promise<AriAnswer> {
    const { isUrgent = false, hasLongAnswer = false } = operations[operation]
    const request = requestOf(operation, parameters)
    return askUntilAnswered(operation, this.limits.requestMs, (leftMs, isRepetition) =>
      hasLongAnswer ? this.http.send(request, leftMs, isRepetition) : this.pool.send(request, isUrgent, leftMs)
    )
  }

  accepts(operation: AriOperation, parameter: string): boolean {
    return takesParameter(operation, parameter)
  }

  abort(reason: string): void {
    this.pool.abort(reason)
    this.http.abort(reason)
  }
}
