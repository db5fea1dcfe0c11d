// A call's timers. Starting a timer again replaces it; a cancelled timer never fires. Before a timer fires, every event that Asterisk has
// sent until then must have arrived: an answer may be among them.
import { timerKey } from '../call/timers'
import type { Timer } from '../call/types'
import type { Clock } from '../ports'

export class Timers {
  private readonly running = new Map<string, Running>()
  private suspended = false

  constructor(
    private readonly clock: Clock,
    /** See {@link Telephony.eventBarrier}. */
    private readonly eventBarrier: () => Promise<void>,
    private readonly fired: (timer: Timer) => void
  ) {}

  start(timer: Timer, ms: number): void {
    this.cancel(timer)
    const running: Running = {
      timer,
      cancel: this.clock.after(ms, () => {
        running.isDue = true
        void this.fire(running)
      }),
      isDue: false
    }
    this.running.set(timerKey(timer), running)
  }

  cancel(timer: Timer): void {
    const key = timerKey(timer)
    this.running.get(key)?.cancel()
    this.running.delete(key)
  }

  cancelAll(): void {
    for (const { cancel } of this.running.values()) cancel()
    this.running.clear()
  }

  get isSuspended(): boolean {
    return this.suspended
  }

  /** Nothing fires until {@link resume}. */
  suspend(): void {
    this.suspended = true
  }

  /** Whatever is due by now fires. */
  resume(): void {
    this.suspended = false
    for (const running of this.running.values()) if (running.isDue) void this.fire(running)
  }

  /** If the connection is lost meanwhile, the next resume() fires it. */
  private async fire(running: Running): Promise<void> {
    try {
      await this.eventBarrier()
    } catch {
      return
    }
    // Stopped meanwhile, or fired already.
    const key = timerKey(running.timer)
    if (this.suspended || this.running.get(key) !== running) return
    this.running.delete(key)
    this.fired(running.timer)
  }
}

interface Running {
  readonly timer: Timer
  readonly cancel: () => void
  isDue: boolean
}
