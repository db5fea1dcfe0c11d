// Requests over HTTP, as the API description that ari-client has loaded says. Its own way of sending has no deadline, loses
// the error of a connection that is cut, and keeps of an error's answer the words but not the status.
import type { Client, Operation } from 'ari-client'
import { AriHttp } from './ari-http'
import type { AriAnswer, AriLimits, Requests } from './connection'
import type { AriAddress } from './probe'
import { askUntilAnswered } from './retry'
import { AriRequestError } from './transport'
import type { AriOperation, AriParameters } from './transport'

export class HttpRequests implements Requests {
  readonly transport = 'http'
  private readonly http: AriHttp

  constructor(
    private readonly client: Client,
    address: AriAddress,
    private readonly limits: AriLimits,
    readonly wakesLegs: boolean
  ) {
    this.http = new AriHttp(address, limits)
  }

  async send(operation: AriOperation, parameters: AriParameters): Promise<AriAnswer> {
    const described = operationOf(this.client, operation)
    if (described === undefined) throw new AriRequestError(404, `this Asterisk does not know ${operation}`)
    const entries = Object.entries(parameters)
    const body = entries.find(([, value]) => typeof value === 'object')?.[1]
    const url = new URL(described.urlify(Object.fromEntries(entries.filter(([, value]) => typeof value !== 'object'))))
    const request = {
      method: described.method.toUpperCase(),
      path: url.pathname + url.search,
      body: body === undefined ? undefined : JSON.stringify(body)
    }
    return askUntilAnswered(operation, this.limits.requestMs, (leftMs, isRepetition) =>
      this.http.send(request, leftMs, isRepetition)
    )
  }

  accepts(operation: AriOperation, parameter: string): boolean {
    return operationOf(this.client, operation)?.parameters.some(({ name }) => name === parameter) ?? false
  }

  abort(reason: string): void {
    this.http.abort(reason)
  }
}

function operationOf(client: Client, operation: AriOperation): Operation | undefined {
  const [resource = '', method = ''] = operation.split('.')
  return client._swagger.apis[resource]?.operations[method]
}
