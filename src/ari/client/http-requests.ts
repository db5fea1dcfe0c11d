// Requests over HTTP, to an Asterisk that accepts what the API description says that ari-client has loaded. Its own way of
// sending has no deadline, loses the error of a connection that is cut, and keeps of an error's answer the words but not the
// status.
import type { Client, Operation } from 'ari-client'
import { AriHttp } from './ari-http'
import type { AriAnswer, AriLimits, Requests } from './connection'
import { requestOf } from './operations'
import type { AriOperation, AriParameters } from './operations'
import type { AriAddress } from './address'
import { askUntilAnswered } from './retry'
import { AriRequestError } from './transport'

export class HttpRequests implements Requests {
  readonly transport = 'http'
  private readonly http: AriHttp

  constructor(
    private readonly client: Client,
    address: AriAddress,
    private readonly limits: AriLimits,
    readonly wakesIdleChannels: boolean
  ) {
    this.http = new AriHttp(address, limits)
  }

  async send(operation: AriOperation, parameters: AriParameters): Promise<AriAnswer> {
    // Asterisk's own answer would be that of a module that is not loaded, and end the connection.
    if (describedIn(this.client, operation) === undefined)
      throw new AriRequestError(404, `this Asterisk does not know ${operation}`)
    const request = requestOf(operation, parameters)
    return askUntilAnswered(operation, this.limits.requestMs, (leftMs, isRepetition) =>
      this.http.send(request, leftMs, isRepetition)
    )
  }

  accepts(operation: AriOperation, parameter: string): boolean {
    return describedIn(this.client, operation)?.parameters.some(({ name }) => name === parameter) ?? false
  }

  abort(reason: string): void {
    this.http.abort(reason)
  }
}

function describedIn(client: Client, operation: AriOperation): Operation | undefined {
  const [resource = '', method = ''] = operation.split('.')
  return client._swagger.apis[resource]?.operations[method]
}
