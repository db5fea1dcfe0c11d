// Pings a WebSocket, so that one whose other end has gone without a word is noticed, and one that is idle is kept open by
// whatever lies between.
import { reasonOf } from '../../errors'

/** So many pings without an answer, and the socket is dead. */
const maxUnanswered = 2

/** How long a socket may be dead, at most, before that is noticed: it may have died right after an answer. */
export function noticedWithinMs({ pingMs }: { readonly pingMs: number }): number {
  return (maxUnanswered + 1) * pingMs
}

export interface HeartbeatOptions {
  readonly pingMs: number
  /** May throw, where the socket is closed. */
  readonly ping: () => void
  /** Called with the reason when it is dead; possibly more than once, until {@link Heartbeat.stop}. */
  readonly dead: (reason: string) => void
  /** Nothing is to be expected now: an answer would wait behind others. Default: never. */
  readonly isBusy?: () => boolean
}

export class Heartbeat {
  private readonly timer: NodeJS.Timeout
  private unanswered = 0

  constructor(private readonly options: HeartbeatOptions) {
    this.timer = setInterval(() => this.beat(), options.pingMs)
  }

  /** Something has come, an answer or anything else. */
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
