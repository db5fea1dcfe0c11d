// The operations of ARI that followme uses, for every transport: method, path, parameters, and how each is to be asked. Method and
// path are the same in all versions from 16 on. The parameters are those of the versions that take requests over a WebSocket
// (20.14, 21.9, 22.4, 23.0 and later); over HTTP, Asterisk's own API description says which of them it accepts.

interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** The path, with `{name}` for each path parameter. */
  readonly path: string
  /** The query parameters, and body fields that are parameters. */
  readonly parameters: readonly string[]
  /** Whether we use the answer. The answers of other operations, such as the new channel, only repeat what events report. */
  readonly isQuestion?: true
  /** Whether repeating it does harm. */
  readonly neverTwice?: true
  /** Whether a caller or a called person is waiting for it. */
  readonly isUrgent?: true
  /** Whether its answer grows with the number of calls. */
  readonly hasLongAnswer?: true
}

const table = {
  'applications.filter': { method: 'PUT', path: 'applications/{applicationName}/eventFilter', parameters: ['filter'] },
  'asterisk.getObject': {
    method: 'GET',
    path: 'asterisk/config/dynamic/{configClass}/{objectType}/{id}',
    parameters: [],
    isQuestion: true
  },
  'bridges.addChannel': {
    method: 'POST',
    path: 'bridges/{bridgeId}/addChannel',
    parameters: ['channel', 'role', 'absorbDTMF', 'mute', 'inhibitConnectedLineUpdates']
  },
  'bridges.createWithId': { method: 'POST', path: 'bridges/{bridgeId}', parameters: ['type', 'name'] },
  'bridges.destroy': { method: 'DELETE', path: 'bridges/{bridgeId}', parameters: [] },
  'bridges.list': { method: 'GET', path: 'bridges', parameters: [], isQuestion: true, hasLongAnswer: true },
  'channels.answer': { method: 'POST', path: 'channels/{channelId}/answer', parameters: [], isUrgent: true },
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
  // Asterisk ends a leg that is dialled twice.
  'channels.dial': {
    method: 'POST',
    path: 'channels/{channelId}/dial',
    parameters: ['caller', 'timeout'],
    neverTwice: true
  },
  'channels.getChannelVar': {
    method: 'GET',
    path: 'channels/{channelId}/variable',
    parameters: ['variable'],
    isQuestion: true
  },
  'channels.hangup': {
    method: 'DELETE',
    path: 'channels/{channelId}',
    parameters: ['reason_code', 'reason'],
    isUrgent: true
  },
  'channels.list': { method: 'GET', path: 'channels', parameters: [], isQuestion: true, hasLongAnswer: true },
  'channels.ring': { method: 'POST', path: 'channels/{channelId}/ring', parameters: [] },
  'channels.setChannelVar': {
    method: 'POST',
    path: 'channels/{channelId}/variable',
    parameters: ['variable', 'value']
  }
} as const satisfies Readonly<Record<string, Operation>>

/** Keyed by the names in Asterisk's API description. */
export type AriOperation = keyof typeof table

export const operations: Readonly<Record<AriOperation, Operation>> = table

/** Path, query and body parameters together; a body parameter is an object. */
export type AriParameters = Readonly<Record<string, string | number | object>>

/** One request, ready to be sent over any transport. */
export interface AriRequest {
  readonly method: string
  /** Below `/ari/`, without a leading slash, percent-encoded. */
  readonly uri: string
  /** JSON. */
  readonly body?: string
}

export function requestOf(operation: AriOperation, parameters: AriParameters): AriRequest {
  const { method, path } = operations[operation]
  let uri = path
  let query = ''
  let body: string | undefined
  for (const [name, value] of Object.entries(parameters)) {
    const place = `{${name}}`
    if (typeof value === 'object') body = JSON.stringify(value)
    else if (path.includes(place)) uri = uri.replace(place, () => encoded(value))
    else query += `${query === '' ? '?' : '&'}${encoded(name)}=${encoded(value)}`
  }
  return { method, uri: uri + query, ...(body !== undefined && { body }) }
}

export function takesParameter(operation: AriOperation, parameter: string): boolean {
  const { path, parameters } = operations[operation]
  return parameters.includes(parameter) || path.includes(`{${parameter}}`)
}

/** A lone surrogate, which a URL cannot contain, becomes the replacement character. */
function encoded(value: string | number): string {
  return encodeURIComponent(String(value).replace(/\p{Surrogate}/gu, '\ufffd'))
}
