// How many calls a target may have at once, whichever numbers they are for. PURE.

/** One row of `target_limits`. */
export interface TargetLimit {
  /** The target as the rules write it: `PJSIP/alice`, `+442071838750`. */
  readonly dial: string
  readonly maxCalls: number
  /** For so long, a conversation that has ended still counts. */
  readonly wrapUpSeconds: number
}

export class TargetLimits {
  /** By target. */
  readonly rows: readonly TargetLimit[]
  private readonly byDial: ReadonlyMap<string, TargetLimit>

  constructor(rows: readonly TargetLimit[]) {
    this.rows = rows.toSorted((one, other) => (one.dial < other.dial ? -1 : 1))
    this.byDial = new Map(rows.map((row) => [row.dial, row]))
  }

  for(dial: string): TargetLimit | undefined {
    return this.byDial.get(dial)
  }

  /** Its place among all rows, from 1; 0: it has no row. */
  placeOf(dial: string): number {
    const row = this.byDial.get(dial)
    return row === undefined ? 0 : this.rows.indexOf(row) + 1
  }
}

export const noTargetLimits = new TargetLimits([])

/** `at most 1 call, and 30 s to wrap up`. */
export function targetLimitText({ maxCalls, wrapUpSeconds }: Omit<TargetLimit, 'dial'>): string {
  const calls = `at most ${maxCalls} ${maxCalls === 1 ? 'call' : 'calls'}`
  return wrapUpSeconds === 0 ? calls : `${calls}, ${wrapUpSeconds} s to wrap up`
}
