// A call's named timers over the clock. Starting a name again replaces it; a cancelled timer never fires. A timer decides
// against somebody who has said nothing, so it fires only when all that was said until then has been heard.
import type { Clock } from '../ports'

export class Timers {
  private readonly running = new Map<string, Running>()
  private held = false

  constructor(
    private readonly clock: Clock,
    /** See {@link Telephony.caughtUp}. */
    private readonly caughtUp: () => Promise<void>,
    private readonly fired: (name: string) => void
  ) {}

  start(name: string, ms: number): void {
    this.cancel(name)
    const running: Running = {
      cancel: this.clock.after(ms, () => {
        running.isDue = true
        void this.fire(name, running)
      }),
      isDue: false
    }
    this.running.set(name, running)
  }

  cancel(name: string): void {
    this.running.get(name)?.cancel()
    this.running.delete(name)
  }

  cancelAll(): void {
    for (const { cancel } of this.running.values()) cancel()
    this.running.clear()
  }

  get isHeld(): boolean {
    return this.held
  }

  /** Nothing fires until {@link release}. */
  hold(): void {
    this.held = true
  }

  /** Whatever is due by now fires. */
  release(): void {
    this.held = false
    for (const [name, running] of this.running) if (running.isDue) void this.fire(name, running)
  }

  /** Where nobody can say whether all has been heard, the next release fires it. */
  private async fire(name: string, running: Running): Promise<void> {
    try {
      await this.caughtUp()
    } catch {
      return
    }
    // Stopped meanwhile, or fired already.
    if (this.held || this.running.get(name) !== running) return
    this.running.delete(name)
    this.fired(name)
  }
}

interface Running {
  readonly cancel: () => void
  isDue: boolean
}
