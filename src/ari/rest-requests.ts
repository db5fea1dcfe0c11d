// The operations as Asterisk takes them over a WebSocket (20.14, 21.9, 22.4, 23.0 and later): method, path and parameters, by
// its own API description, which need not be asked for.
import type { AriOperation, AriParameters } from './transport'

interface Described {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** With `{name}` for each path parameter. */
  readonly path: string
  /** Those of the query, and of the body where its fields are parameters. */
  readonly parameters: readonly string[]
}

const described: Readonly<Record<AriOperation, Described>> = {
  'applications.filter': { method: 'PUT', path: 'applications/{applicationName}/eventFilter', parameters: ['filter'] },
  'bridges.addChannel': {
    method: 'POST',
    path: 'bridges/{bridgeId}/addChannel',
    parameters: ['channel', 'role', 'absorbDTMF', 'mute', 'inhibitConnectedLineUpdates']
  },
  'bridges.createWithId': { method: 'POST', path: 'bridges/{bridgeId}', parameters: ['type', 'name'] },
  'bridges.destroy': { method: 'DELETE', path: 'bridges/{bridgeId}', parameters: [] },
  'bridges.list': { method: 'GET', path: 'bridges', parameters: [] },
  'channels.answer': { method: 'POST', path: 'channels/{channelId}/answer', parameters: [] },
  'channels.continueInDialplan': {
    method: 'POST',
    path: 'channels/{channelId}/continue',
    parameters: ['context', 'extension', 'priority', 'label']
  },
  'channels.create': {
    method: 'POST',
    path: 'channels/create',
    parameters: ['endpoint', 'app', 'appArgs', 'channelId', 'otherChannelId', 'originator', 'formats', 'variables']
  },
  'channels.dial': { method: 'POST', path: 'channels/{channelId}/dial', parameters: ['caller', 'timeout'] },
  'channels.getChannelVar': { method: 'GET', path: 'channels/{channelId}/variable', parameters: ['variable'] },
  'channels.hangup': { method: 'DELETE', path: 'channels/{channelId}', parameters: ['reason_code', 'reason'] },
  'channels.list': { method: 'GET', path: 'channels', parameters: [] },
  'channels.ring': { method: 'POST', path: 'channels/{channelId}/ring', parameters: [] },
  'channels.setChannelVar': {
    method: 'POST',
    path: 'channels/{channelId}/variable',
    parameters: ['variable', 'value', 'bypassStasis']
  }
}

/** One message to Asterisk, without its id. */
export interface RestRequest {
  readonly type: 'RESTRequest'
  readonly method: string
  /** Without a leading slash, percent-encoded. */
  readonly uri: string
  readonly content_type?: 'application/json'
  /** JSON within the JSON. */
  readonly message_body?: string
}

export function restRequest(operation: AriOperation, parameters: AriParameters): RestRequest {
  const { method, path } = described[operation]
  let uri = path
  let query = ''
  let body: string | undefined
  for (const [name, value] of Object.entries(parameters)) {
    const place = `{${name}}`
    if (typeof value === 'object') body = JSON.stringify(value)
    else if (path.includes(place)) uri = uri.replace(place, () => encoded(value))
    else query += `${query === '' ? '?' : '&'}${encoded(name)}=${encoded(value)}`
  }
  return {
    type: 'RESTRequest',
    method,
    uri: uri + query,
    ...(body !== undefined && { content_type: 'application/json', message_body: body })
  }
}

export function takesParameter(operation: AriOperation, parameter: string): boolean {
  const { path, parameters } = described[operation]
  return parameters.includes(parameter) || path.includes(`{${parameter}}`)
}

/** Half a pair of surrogates, which no URL can hold, becomes the replacement character. */
function encoded(value: string | number): string {
  return encodeURIComponent(String(value).replace(/\p{Surrogate}/gu, '\ufffd'))
}
