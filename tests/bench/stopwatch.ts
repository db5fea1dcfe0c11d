// Times, and what they say in three numbers.

/** Microseconds. */
export interface Spread {
  readonly median: number
  readonly p99: number
  readonly max: number
}

/**
 * `elapsed` is what a caller waits, and on a busy machine most of its tail is other programs' turns. `processor` is what this
 * process worked meanwhile, all its threads together: the same, were the machine its own.
 */
export interface Figures {
  readonly elapsed: Spread
  readonly processor: Spread
}

export class Stopwatch {
  private readonly elapsed: Float64Array
  private readonly processor: Float64Array
  private count = 0
  private began = 0
  private worked = 0

  constructor(many: number) {
    this.elapsed = new Float64Array(many)
    this.processor = new Float64Array(many)
  }

  start(): void {
    this.worked = worked()
    this.began = performance.now()
  }

  stop(): void {
    this.elapsed[this.count] = 1000 * (performance.now() - this.began)
    this.processor[this.count++] = worked() - this.worked
  }

  figures(): Figures {
    return {
      elapsed: spreadOf(this.elapsed.subarray(0, this.count)),
      processor: spreadOf(this.processor.subarray(0, this.count))
    }
  }
}

function worked(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

function spreadOf(times: Float64Array): Spread {
  const sorted = times.toSorted()
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
  return { median: at(0.5), p99: at(0.99), max: at(1) }
}
