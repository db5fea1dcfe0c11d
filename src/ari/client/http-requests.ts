// Requests over HTTP, with the parameters of the API description that ari-client loaded. ari-client's own requests have no
// deadline, lose the error of a cut connection, and drop the status of an error response.
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
    // Asterisk would answer as for a module that is not loaded, which would end the connection.
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
