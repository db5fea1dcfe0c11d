// ARI requests over HTTP, each sent once: a few connections are kept alive, and no request outlives its deadline.
import http from 'node:http'
import https from 'node:https'
import { hasCode, reasonOf } from '../../errors'
import type { AriAnswer, AriLimits } from './connection'
import type { AriRequest } from './operations'
import type { AriAddress } from './address'
import { authorizationOf } from './address'
import { AriRequestError } from './transport'

export class AriHttp {
  private readonly kept: http.Agent
  /** For repeated requests: all kept connections may have been cut at once. */
  private readonly fresh: http.Agent
  private readonly authorization: string
  private readonly pending = new Set<http.ClientRequest>()
  private over: string | undefined

  constructor(
    private readonly address: AriAddress,
    { sockets }: Pick<AriLimits, 'sockets'>
  ) {
    const { Agent } = address.url.startsWith('https:') ? https : http
    const repeating = Math.ceil(sockets / 4)
    // Idle connections are closed before Asterisk closes them (15 s), so that none is used while it closes.
    this.kept = new Agent({
      keepAlive: true,
      maxSockets: sockets - repeating,
      timeout: 10_000,
      scheduling: 'lifo'
    })
    this.fresh = new Agent({ keepAlive: false, maxSockets: repeating })
    this.authorization = authorizationOf(address)
  }

  /** Rejects with {@link AriRequestError}: `timeout` after `leftMs`, `cut` when its connection breaks. */
  send({ method, uri, body }: AriRequest, leftMs: number, isRepetition: boolean): Promise<AriAnswer> {
    return new Promise((resolve, reject) => {
      if (this.over !== undefined) return reject(new AriRequestError('disconnected', this.over))
      const what = uri.split('?', 1)[0] ?? ''
      const fail = (error: Error): void => reject(failureOf(error, what))
      const { request: open } = this.address.url.startsWith('https:') ? https : http
      const headers = {
        authorization: this.authorization,
        ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
      }
      const agent = isRepetition ? this.fresh : this.kept
      const request = open(new URL(`/ari/${uri}`, this.address.url), { method, headers, agent }, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => (text += chunk))
        response.on('error', fail)
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
      })
      const timer = setTimeout(() => {
        request.destroy(new AriRequestError('timeout', `no answer to ${what} in time`))
      }, leftMs)
      this.pending.add(request)
      request.on('close', () => {
        clearTimeout(timer)
        this.pending.delete(request)
      })
      request.on('error', fail)
      request.end(body)
    })
  }

  /** Ends every pending request, which rejects as `disconnected`. Nothing is sent afterwards. */
  abort(reason: string): void {
    this.over = reason
    for (const request of this.pending) request.destroy(new AriRequestError('disconnected', reason))
    this.kept.destroy()
  }
}

function failureOf(error: Error, what: string): AriRequestError {
  if (error instanceof AriRequestError) return error
  return hasCode(error, 'ECONNREFUSED')
    ? new AriRequestError('disconnected', `connection refused (${error.message})`)
    : new AriRequestError('cut', `${what}: ${reasonOf(error)}`)
}
