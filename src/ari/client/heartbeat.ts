// Pings a WebSocket: to notice when the other end has silently gone, and to keep idle connections open across firewalls and
// proxies.
import { reasonOf } from '../../errors'

/** After this many unanswered pings, the socket is dead. */
const maxUnanswered = 2

/** The longest time before a dead socket is noticed: it may have died right after an answer. */
export function noticedWithinMs({ pingMs }: { readonly pingMs: number }): number {
  return (maxUnanswered + 1) * pingMs
}

export interface HeartbeatOptions {
  readonly pingMs: number
  /** May throw if the socket is closed. */
  readonly ping: () => void
  /** Called with the reason when the socket is dead; possibly more than once, until {@link Heartbeat.stop}. */
  readonly dead: (reason: string) => void
  /** Whether to expect no answer now, because it would wait behind others. Default: never. */
  readonly isBusy?: () => boolean
}

export class Heartbeat {
  private readonly timer: NodeJS.Timeout
  private unanswered = 0

  constructor(private readonly options: HeartbeatOptions) {
    this.timer = setInterval(() => this.beat(), options.pingMs)
  }

  /** Call it when anything was received, an answer or something else. */
  onTraffic(): void {
    this.unanswered = 0
  }

  stop(): void {
    clearInterval(this.timer)
  }

  private beat(): void {
    const { pingMs, ping, dead, isBusy } = this.options
    if (isBusy?.() === true) return
    if (this.unanswered >= maxUnanswered) {
      return dead(`Asterisk has not answered a ping for ${String((this.unanswered * pingMs) / 1000)} s`)
    }
    this.unanswered += 1
    try {
      ping()
    } catch (error) {
      dead(`the socket is closed (${reasonOf(error)})`)
    }
  }
}
