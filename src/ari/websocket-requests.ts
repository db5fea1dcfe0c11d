// Requests over WebSockets: ARI's "REST over WebSocket".
import { AriHttp } from './ari-http'
import type { AriAnswer, AriLimits, Requests } from './connection'
import type { AriAddress } from './probe'
import type { RequestPool } from './request-pool'
import { restRequest, takesParameter } from './rest-requests'
import { askUntilAnswered } from './retry'
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

  send(operation: AriOperation, parameters: AriParameters): Promise<AriAnswer> {
    const request = restRequest(operation, parameters)
    const { method, uri } = request
    return askUntilAnswered(operation, this.limits.requestMs, (leftMs, isRepetition) =>
      overHttp.has(operation)
        ? this.http.send({ method, path: `/ari/${uri}`, body: undefined }, leftMs, isRepetition)
        : this.pool.send(request, urgent.has(operation), leftMs)
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
