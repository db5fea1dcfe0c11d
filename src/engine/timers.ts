// A call's named timers over the clock. Starting a name again replaces it; a cancelled timer never fires.
import type { Clock } from '../core/ports'

export class Timers {
  private readonly running = new Map<string, () => void>()

  constructor(
    private readonly clock: Clock,
    private readonly fired: (name: string) => void
  ) {}

  start(name: string, ms: number): void {
    this.cancel(name)
    const cancel = this.clock.after(ms, () => {
      this.running.delete(name)
      this.fired(name)
    })
    this.running.set(name, cancel)
  }

  cancel(name: string): void {
    this.running.get(name)?.()
    this.running.delete(name)
  }

  cancelAll(): void {
    for (const cancel of this.running.values()) cancel()
    this.running.clear()
  }
}
