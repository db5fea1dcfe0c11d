// The port that hides the ARI library: connect, request, events. It has no notion of a call.

import type { AriOperation, AriParameters } from './operations'

/**
 * A failed request. `status` is Asterisk's HTTP status, or the reason why there is none. After `timeout` and `cut` (the
 * connection broke before the answer, and a retry was not allowed), the outcome is unknown.
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

/** Callbacks of a connection. Neither may throw. */
export interface AriHandlers {
  /** One message of the event socket, parsed; undefined if it was not JSON. */
  readonly message: (message: unknown) => void
  /** Called once, when the connection ends, with the reason. */
  readonly closed: (reason: string) => void
}

/** How requests travel: over HTTP, or over separate WebSockets. */
export type AriTransportKind = 'websocket' | 'http'

export interface AriConnection {
  readonly transport: AriTransportKind
  /**
   * Resolves with the parsed answer if the operation has one that we use, otherwise with undefined. Rejects with {@link
   * AriRequestError}, at the latest at the deadline.
   */
  request(operation: AriOperation, parameters: AriParameters): Promise<unknown>
  /**
   * Resolves when everything that Asterisk has sent so far has been passed to `message`: it sends a ping, whose answer arrives
   * after those messages. Rejects with {@link AriRequestError} `disconnected` if the connection ends first.
   */
  eventBarrier(): Promise<void>
  /** Whether the operation has this parameter in the connected version of Asterisk. */
  accepts(operation: AriOperation, parameter: string): boolean
  /** Whether a leg that is not up handles requests immediately; older versions of Asterisk may take up to 200 ms. */
  readonly wakesIdleChannels: boolean
  /** Ends the connection immediately. `closed` is not called. */
  close(): void
}

export interface AriTransport {
  /** Resolves when events arrive; rejects with an AppError `unavailable` whose message is fit for the log. */
  connect(handlers: AriHandlers): Promise<AriConnection>
}
