// Times, and what they say in a few numbers.

/** Microseconds. */
export interface Figures {
  readonly median: number
  readonly p99: number
  readonly max: number
  /** The 99th percentile of those in which no other program was given the processor. */
  readonly p99Undisturbed: number
  /** The share of the others, 0 to 1: on a quiet machine next to nothing. */
  readonly disturbed: number
}

export class Stopwatch {
  private readonly times: Float64Array
  private readonly undisturbed: number[] = []
  private count = 0
  private began = 0
  private switches = 0

  constructor(many: number) {
    this.times = new Float64Array(many)
  }

  start(): void {
    this.switches = process.resourceUsage().involuntaryContextSwitches
    this.began = performance.now()
  }

  stop(): void {
    const took = 1000 * (performance.now() - this.began)
    this.times[this.count++] = took
    if (process.resourceUsage().involuntaryContextSwitches === this.switches) this.undisturbed.push(took)
  }

  figures(): Figures {
    const all = this.times.subarray(0, this.count).toSorted()
    const own = Float64Array.from(this.undisturbed).sort()
    return {
      median: at(all, 0.5),
      p99: at(all, 0.99),
      max: at(all, 1),
      p99Undisturbed: at(own, 0.99),
      disturbed: 1 - own.length / all.length
    }
  }
}

function at(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}
