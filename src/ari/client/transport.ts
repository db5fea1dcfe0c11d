// The port behind which an ARI library lives: connect, request, events. Knows nothing of calls.

import type { AriOperation, AriParameters } from './operations'

/**
 * A request that did not succeed. `status` is Asterisk's HTTP status, or says why there is none: after `timeout` and `cut`
 * (the connection broke before the answer, and asking again was not allowed) nobody knows what became of it.
 */
export class AriRequestError extends Error {
  override readonly name = 'AriRequestError'

  constructor(
    readonly status: number | 'timeout' | 'cut' | 'disconnected',
    message: string
  ) {
    super(message)
  }
}

/** What a connection tells its owner. Neither may throw. */
export interface AriHandlers {
  /** One message of the event socket, parsed; undefined where it was no JSON. */
  readonly message: (message: unknown) => void
  /** The connection is over, once; `reason` says why. */
  readonly closed: (reason: string) => void
}

/** How requests travel: over HTTP, beside the event socket, or over WebSockets of their own. */
export type AriTransportKind = 'websocket' | 'http'

export interface AriConnection {
  readonly transport: AriTransportKind
  /**
   * Resolves with the parsed answer to a question, with undefined for any other operation, or rejects with
   * {@link AriRequestError}, at the latest when the deadline has passed.
   */
  request(operation: AriOperation, parameters: AriParameters): Promise<unknown>
  /**
   * Resolves when all that Asterisk had sent until now has been given to `message`: a ping goes out, and its answer comes
   * after them. Rejects with {@link AriRequestError} `disconnected` when the connection ends first.
   */
  eventBarrier(): Promise<void>
  /** Whether this Asterisk's operation has a parameter of that name: versions differ. */
  accepts(operation: AriOperation, parameter: string): boolean
  /** Whether a leg that is not up does at once what it is asked; in an older Asterisk, up to 200 ms may pass. */
  readonly wakesIdleChannels: boolean
  /** Ends the connection at once. `closed` is not called. */
  close(): void
}

export interface AriTransport {
  /** Resolves when events flow; rejects with an AppError `unavailable` in words for the log. */
  connect(handlers: AriHandlers): Promise<AriConnection>
}
