// One request to ARI on its own HTTP connection, for the probe before connecting and for `followme doctor`. Calls use
// ari-http.ts and the WebSockets.
import { type AriAddress, authorizationOf } from './address'

export interface HttpAnswer {
  readonly status: number
  readonly text: string
  /** Asterisk's clock when it answered; null if unknown. */
  readonly date: string | null
}

/** `path` is below `/ari/`; `body` is sent as JSON. Rejects as fetch does, with a `TimeoutError` after `timeoutMs`. */
export async function askOnce(
  address: AriAddress,
  method: string,
  path: string,
  timeoutMs: number,
  body?: object
): Promise<HttpAnswer> {
  const response = await fetch(`${address.url}/ari/${path}`, {
    method,
    headers: {
      authorization: authorizationOf(address),
      // Otherwise the connection would stay open without use.
      connection: 'close',
      ...(body && { 'content-type': 'application/json' })
    },
    ...(body && { body: JSON.stringify(body) }),
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs)
  })
  return { status: response.status, text: await response.text(), date: response.headers.get('date') }
}
