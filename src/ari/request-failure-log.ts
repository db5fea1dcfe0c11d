// Logs requests that Asterisk fails to carry out. What a call normally meets is not a fault, and left to the call: a leg that is
// gone or just going, an endpoint that is not registered.
import type { Clock, Log } from '../ports'
import type { AriOperation, AriParameters } from './client/operations'
import { AriRequestError } from './client/transport'

export interface RequestFailureLogOptions {
  readonly clock: Clock
  readonly log: Log
  /** Sends a request to Asterisk without logging a failure. */
  readonly ask: (operation: AriOperation, parameters: AriParameters) => Promise<unknown>
}

/** Failures of the same kind are logged at most this often. */
const logIntervalMs = 60_000
/** One that was hung up in the instant of a request has gone by then. */
const hangUpMs = 1000

export class RequestFailureLog {
  private readonly loggedAt = new Map<AriRequestError['status'], number>()
  /** A check for one leg is pending; failures until then add nothing. */
  private isLooking = false
  private cancelLook: () => void = () => undefined

  constructor(private readonly options: RequestFailureLogOptions) {}

  stop(): void {
    this.cancelLook()
  }

  judge(operation: AriOperation, parameters: AriParameters, error: AriRequestError): void {
    const { status } = error
    const isOrdinary = status === 500 && (operation === 'channels.create' || operation === 'bridges.createWithId')
    const isFault = status === 'timeout' || status === 'cut' || (typeof status === 'number' && status >= 500)
    if (isOrdinary || !isFault || this.isLogged(status)) return
    const { channelId } = parameters
    if (status === 500 && typeof channelId === 'string') this.logUnlessGone(channelId, operation, error)
    else this.log(operation, error)
  }

  /** A leg that is just being hung up can do nothing that it is asked: Asterisk answers that with 500, too. */
  private logUnlessGone(channelId: string, operation: AriOperation, error: AriRequestError): void {
    if (this.isLooking) return
    this.isLooking = true
    this.cancelLook = this.options.clock.after(hangUpMs, () => {
      void this.isGone(channelId).then((isGone) => {
        this.isLooking = false
        if (!isGone) this.log(operation, error)
      })
    })
  }

  private async isGone(channelId: string): Promise<boolean> {
    try {
      await this.options.ask('channels.getChannelVar', { channelId, variable: 'CHANNEL(state)' })
      return false
    } catch (error) {
      return error instanceof AriRequestError && error.status === 404
    }
  }

  private isLogged(status: AriRequestError['status']): boolean {
    return this.options.clock.now() - (this.loggedAt.get(status) ?? -Infinity) < logIntervalMs
  }

  private log(operation: AriOperation, { status, message }: AriRequestError): void {
    this.loggedAt.set(status, this.options.clock.now())
    const cure =
      typeof status === 'number'
        ? "Asterisk's own log says why"
        : 'Asterisk or the network is overloaded or not responding (see "core show taskprocessors")'
    this.options.log.warn(`Asterisk is failing requests: ${cure} (logged at most once a minute)`, {
      operation,
      status,
      reason: message
    })
  }
}
