// ARI's requests over HTTP: a few connections kept alive, a deadline for each request, and no request that outlives it.
import http from 'node:http'
import https from 'node:https'
import { hasCode, reasonOf } from '../errors'
import type { AriAnswer, AriLimits } from './connection'
import type { AriAddress } from './probe'
import { authorizationOf } from './probe'
import { AriRequestError } from './transport'

/** Between two attempts of a request: doubled from the first to the longest. */
export const firstPauseMs = 50
export const longestPauseMs = 800

export class AriHttp {
  private readonly kept: http.Agent
  /** For repetitions: the connections that are kept may all have been cut together. */
  private readonly fresh: http.Agent
  private readonly authorization: string
  private readonly pending = new Set<http.ClientRequest>()
  private over: string | undefined

  constructor(
    private readonly address: AriAddress,
    private readonly limits: Pick<AriLimits, 'requestMs' | 'sockets'>
  ) {
    const { Agent } = address.url.startsWith('https:') ? https : http
    const repeating = Math.ceil(limits.sockets / 4)
    // Idle ones are closed before Asterisk does (15 s), so that none is used while it is being closed.
    this.kept = new Agent({
      keepAlive: true,
      maxSockets: limits.sockets - repeating,
      timeout: 10_000,
      scheduling: 'lifo'
    })
    this.fresh = new Agent({ keepAlive: false, maxSockets: repeating })
    this.authorization = authorizationOf(address)
  }

  /**
   * Sends a request, and again while its connection is cut or Asterisk is not ready (503), until the deadline: ids are ours,
   * so a repetition does nothing twice. Where it would, `mayRepeat` is false, and only a 503 is asked again. Rejects with
   * {@link AriRequestError}.
   */
  async send(method: string, path: string, body: string | undefined, mayRepeat = true): Promise<AriAnswer> {
    const endAt = performance.now() + this.limits.requestMs
    let agent = this.kept
    for (let pauseMs = 0; ; pauseMs = Math.min(Math.max(pauseMs * 2, firstPauseMs), longestPauseMs)) {
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs))
      if (this.over !== undefined) throw new AriRequestError('disconnected', this.over)
      const isLast = performance.now() + pauseMs * 2 >= endAt
      try {
        const answer = await this.sendOnce(method, path, body, agent, endAt - performance.now())
        if (answer.status !== 503 || isLast) return answer
      } catch (error) {
        if (error instanceof AriRequestError) throw error
        if (!mayRepeat || isLast) throw new AriRequestError('cut', `${path}: ${reasonOf(error)}`)
      }
      agent = this.fresh
    }
  }

  /** Ends every request that waits for its answer: each rejects as `disconnected`. Nothing is sent any more. */
  abort(reason: string): void {
    this.over = reason
    for (const request of this.pending) request.destroy(new AriRequestError('disconnected', reason))
    this.kept.destroy()
  }

  private sendOnce(
    method: string,
    path: string,
    body: string | undefined,
    agent: http.Agent,
    leftMs: number
  ): Promise<AriAnswer> {
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
      const timer = setTimeout(() => request.destroy(late), leftMs)
      this.pending.add(request)
      request.on('close', () => {
        clearTimeout(timer)
        this.pending.delete(request)
      })
      request.on('error', (error) => {
        const refused = hasCode(error, 'ECONNREFUSED')
        reject(refused ? new AriRequestError('disconnected', `connections are refused (${error.message})`) : error)
      })
      request.end(body)
    })
  }
}
