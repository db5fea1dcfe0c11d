// ARI's requests over HTTP: a few connections kept alive, a deadline for each request, and no request that outlives it.
import http from 'node:http'
import https from 'node:https'
import { isError, reasonOf } from '../core/errors'
import type { AriAddress } from './probe'
import { AriRequestError } from './transport'

export interface HttpLimits {
  /** How long a request may take. */
  readonly requestMs: number
  /** How many connections are used at once; Asterisk closes those past its sessionlimit without a word. */
  readonly sockets: number
}

export interface HttpAnswer {
  readonly status: number
  readonly text: string
}

export class AriHttp {
  private readonly agent: http.Agent
  private readonly authorization: string
  private readonly pending = new Set<http.ClientRequest>()

  constructor(
    private readonly address: AriAddress,
    private readonly limits: HttpLimits
  ) {
    const { Agent } = address.url.startsWith('https:') ? https : http
    // Idle ones are closed before Asterisk does (15 s), so that none is used while it is being closed.
    this.agent = new Agent({ keepAlive: true, maxSockets: limits.sockets, timeout: 10_000, scheduling: 'lifo' })
    this.authorization = `Basic ${Buffer.from(`${address.user}:${address.password}`).toString('base64')}`
  }

  /**
   * Sends a request, once more where its connection is cut: ids are ours, so a repetition does nothing twice. It goes out
   * on a connection of its own, since those that are kept may all have been cut together. Rejects with
   * {@link AriRequestError}: `timeout` where nobody knows what became of it, `disconnected` where nobody listens.
   */
  async send(method: string, path: string, body: string | undefined): Promise<HttpAnswer> {
    try {
      return await this.sendOnce(method, path, body, this.agent)
    } catch (error) {
      if (error instanceof AriRequestError) throw error
      return this.sendOnce(method, path, body, false).catch((again: unknown) => {
        throw again instanceof AriRequestError ? again : new AriRequestError('timeout', `${path}: ${reasonOf(again)}`)
      })
    }
  }

  /** Ends every request that waits for its answer: each rejects as `disconnected`. */
  abort(reason: string): void {
    for (const request of this.pending) request.destroy(new AriRequestError('disconnected', reason))
  }

  private sendOnce(
    method: string,
    path: string,
    body: string | undefined,
    agent: http.Agent | false
  ): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const { request: open } = this.address.url.startsWith('https:') ? https : http
      const headers = {
        authorization: this.authorization,
        ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
      }
      const request = open(new URL(path, this.address.url), { method, headers, agent }, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => (text += chunk))
        response.on('error', reject)
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
      })
      const late = new AriRequestError('timeout', `no answer to ${path} within ${String(this.limits.requestMs)} ms`)
      const timer = setTimeout(() => request.destroy(late), this.limits.requestMs)
      this.pending.add(request)
      request.on('close', () => {
        clearTimeout(timer)
        this.pending.delete(request)
      })
      request.on('error', (error) => {
        const refused = isError(error) && 'code' in error && error.code === 'ECONNREFUSED'
        reject(refused ? new AriRequestError('disconnected', `${path}: ${error.message}`) : error)
      })
      request.end(body)
    })
  }
}
