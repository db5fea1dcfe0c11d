// A link to Asterisk that never gives up: connect, filter events, and reconnect with a backoff whenever the connection breaks.
import type { TelephonyEvent, Clock, Log } from '../ports'
import { reasonOf } from '../errors'
import { maxRetryMs, maxTakenNameRetryMs, takenNameRetryMs, retryMs } from './backoff'
import { readEvent, wantedEvents } from './events'
import { isObject, textIn } from './client/json'
import type { AriOperation, AriParameters } from './client/operations'
import { RequestFailureLog } from './request-failure-log'
import { AriRequestError } from './client/transport'
import type { AriConnection, AriTransport, AriTransportKind } from './client/transport'

export interface LinkOptions {
  readonly transport: AriTransport
  readonly app: string
  readonly clock: Clock
  readonly log: Log
  /** Returns a number in [0, 1), to spread the reconnects of several controllers. */
  readonly random: () => number
}

/** Shorter than the first wait after a replacement. */
const orderlyMs = 3000

/** One link for the life of the process. If a listener throws, the error is logged and the next message is read. */
export class AriLink {
  private connection: AriConnection | undefined
  private connectedAt = 0
  private listener: (event: TelephonyEvent) => void = () => undefined
  /** Attempts since the last connection. */
  private attempts = 0
  /** Failures since the last connection that lasted. */
  private failures = 0
  /** How often another program has taken our application name since we last kept it for a while. */
  private replacements = 0
  private lastReason = ''
  private readonly faults: RequestFailureLog
  /** Which attempt is current: events of an earlier one are ignored. */
  private turn = 0
  private stopped = false
  private cancelRetry: () => void = () => undefined

  constructor(private readonly options: LinkOptions) {
    this.faults = new RequestFailureLog({ ...options, ask: (operation, parameters) => this.ask(operation, parameters) })
  }

  /** Starts connecting; `listener` gets every event from now on, `connected` and `disconnected` among them. */
  start(listener: (event: TelephonyEvent) => void): void {
    this.listener = listener
    void this.connect()
  }

  get connected(): boolean {
    return this.connection !== undefined
  }

  /** How requests travel; null while disconnected. */
  get transport(): AriTransportKind | null {
    return this.connection?.transport ?? null
  }

  /** Why there is no connection, in words; empty while connected, or before the first attempt has failed. */
  get trouble(): string {
    return this.lastReason
  }

  async request(operation: AriOperation, parameters: AriParameters): Promise<unknown> {
    try {
      return await this.ask(operation, parameters)
    } catch (error) {
      if (error instanceof AriRequestError) this.faults.judge(operation, parameters, error)
      throw error
    }
  }

  private async ask(operation: AriOperation, parameters: AriParameters): Promise<unknown> {
    if (this.connection !== undefined) return this.connection.request(operation, parameters)
    throw new AriRequestError('disconnected', `not connected to Asterisk: ${operation}`)
  }

  /** Resolves when every event that Asterisk has sent until now has been handled; rejects if the connection is gone. */
  async eventBarrier(): Promise<void> {
    if (this.connection === undefined) throw new AriRequestError('disconnected', 'not connected to Asterisk')
    return this.connection.eventBarrier()
  }

  /** Whether the Asterisk we are connected to knows this parameter. */
  accepts(operation: AriOperation, parameter: string): boolean {
    return this.connection?.accepts(operation, parameter) ?? false
  }

  /** See {@link AriConnection.wakesIdleChannels}; false while there is no connection. */
  get wakesIdleChannels(): boolean {
    return this.connection?.wakesIdleChannels ?? false
  }

  /** Reconnects now. */
  reconnect(reason: string): void {
    this.cancelRetry()
    this.turn += 1
    this.connection?.close()
    this.connection = undefined
    this.emit({ type: 'disconnected' })
    this.retry(reason, 0)
  }

  stop(): void {
    this.stopped = true
    this.cancelRetry()
    this.faults.stop()
    this.connection?.close()
    this.connection = undefined
  }

  private async connect(): Promise<void> {
    const { transport, log, clock, app } = this.options
    this.attempts += 1
    this.turn += 1
    const { turn } = this
    const isCurrent = (): boolean => turn === this.turn
    let over = false
    try {
      const connection = await transport.connect({
        message: (message) => {
          if (isCurrent()) this.read(message)
        },
        closed: (reason) => {
          over = true
          if (isCurrent()) this.closed(reason)
        }
      })
      if (this.stopped || !isCurrent()) {
        connection.close()
        return
      }
      // The connection may have ended already; that was handled, and another attempt follows.
      if (over as boolean) return
      this.connection = connection
      this.connectedAt = clock.now()
      await this.filterEvents(connection)
    } catch (error) {
      if (isCurrent()) this.retry(reasonOf(error))
      return
    }
    if (!this.connected || !isCurrent()) return
    log.info('connected to Asterisk', {
      app,
      transport: this.transport,
      ...(this.attempts > 1 && { attempts: this.attempts })
    })
    this.attempts = 0
    this.lastReason = ''
    this.emit({ type: 'connected' })
  }

  /**
   * Saves a third of the traffic. If Asterisk cannot filter, it sends all events, and followme ignores those it does not need.
   */
  private async filterEvents(connection: AriConnection): Promise<void> {
    const allowed = wantedEvents.map((type) => ({ type }))
    try {
      await connection.request('applications.filter', { applicationName: this.options.app, filter: { allowed } })
    } catch (error) {
      if (!this.connected) return
      this.options.log.warn('Asterisk cannot filter events; continuing without a filter', { reason: reasonOf(error) })
    }
  }

  private closed(reason: string): void {
    this.disconnected()
    if (this.lastedMs() >= maxRetryMs) this.failures = 0
    this.retry(reason)
  }

  /** Asterisk sends an application's events to the latest connection: two programs that reconnected immediately would compete forever. */
  private replaced(): void {
    this.connection?.close()
    this.disconnected()
    if (this.lastedMs() > 2 * maxTakenNameRetryMs) this.replacements = 0
    this.replacements += 1
    const delayMs = takenNameRetryMs(this.replacements, this.options.random())
    const what = `another program has connected as application "${this.options.app}" and gets its events`
    this.lastReason = `${what}: stop it, or give this followme another name (FOLLOWME_ARI_APP, and Stasis() in extensions_followme.conf); followme retries in ${String(Math.round(delayMs / 1000))} s`
    const { log, clock } = this.options
    log.info(what)
    this.retry(this.lastReason, delayMs)
    // With `serve --replace`, this process exits immediately: do not warn.
    const { cancelRetry, lastReason } = this
    const cancelWarning = clock.after(orderlyMs, () => log.warn(`no connection to Asterisk: ${lastReason}; retrying`))
    this.cancelRetry = () => {
      cancelRetry()
      cancelWarning()
    }
  }

  private disconnected(): void {
    this.connection = undefined
    if (!this.stopped) this.emit({ type: 'disconnected' })
  }

  private lastedMs(): number {
    return this.options.clock.now() - this.connectedAt
  }

  private retry(reason: string, delayMs = retryMs(this.failures, this.options.random())): void {
    if (this.stopped) return
    // Log each reason only once until it changes.
    if (reason !== this.lastReason) this.options.log.warn(`no connection to Asterisk: ${reason}; retrying`)
    this.lastReason = reason
    this.failures += 1
    this.cancelRetry = this.options.clock.after(delayMs, () => void this.connect())
  }

  private read(message: unknown): void {
    const event = readEvent(message)
    if (event === undefined) {
      // Only its type: the event may be of any size and depth.
      const type = isObject(message) ? textIn(message, 'type').slice(0, 100) : ''
      this.options.log.debug('ignored event', { event: type })
    } else if (event.type === 'replaced') {
      this.replaced()
    } else {
      this.emit(event)
    }
  }

  private emit(event: TelephonyEvent): void {
    try {
      this.listener(event)
    } catch (error) {
      this.options.log.error('cannot handle an event', { event, reason: reasonOf(error) })
    }
  }
}
