// What is watched during a soak, and when it counts as a leak.

/** A figure at the moment when so many calls were over. */
export interface Point {
  readonly calls: number
  readonly value: number
}

/** By how much a figure grows with each call: the line through the points that lies nearest to all (least squares). */
export function slope(points: readonly Point[]): number {
  const mean = (of: (point: Point) => number) => points.reduce((sum, point) => sum + of(point), 0) / points.length
  const calls = mean((point) => point.calls)
  const value = mean((point) => point.value)
  const spread = points.reduce((sum, point) => sum + (point.calls - calls) ** 2, 0)
  return points.reduce((sum, point) => sum + (point.calls - calls) * (point.value - value), 0) / (spread || 1)
}

export interface Figure {
  readonly name: string
  readonly unit: 'MB' | ''
  /** The most that it may grow by in the whole run, in its unit; null: it is only told. */
  readonly most: number | null
  readonly points: readonly Point[]
}

export interface Judged {
  readonly figure: Figure
  readonly perThousand: number
  readonly growth: number
  readonly isFlat: boolean
}

export function judged(figure: Figure): Judged {
  const { points, most } = figure
  const perCall = slope(points)
  const growth = perCall * ((points.at(-1)?.calls ?? 0) - (points[0]?.calls ?? 0))
  return { figure, perThousand: 1000 * perCall, growth, isFlat: most === null || growth <= most }
}

/** For people, a line a figure. */
export function table(all: readonly Judged[]): string {
  const rows = all.map(({ figure: { name, unit, most, points }, perThousand, growth, isFlat }) => {
    const shown = (value: number) => `${value.toFixed(unit === 'MB' ? 1 : Math.abs(value) < 10 ? 2 : 0)} ${unit}`.trim()
    const signed = (value: number) => (value < 0 ? '' : '+') + shown(value)
    const values = points.map(({ value }) => value)
    return [
      name,
      shown(values[0] ?? 0),
      shown(values.at(-1) ?? 0),
      shown(Math.max(...values)),
      signed(perThousand),
      signed(growth),
      most === null ? '' : `${isFlat ? 'at most' : 'MORE THAN'} +${most} ${unit}`.trim()
    ]
  })
  const lines = [['', 'first', 'last', 'highest', 'slope per 1,000 calls', 'in this run', ''], ...rows]
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? []
  return lines
    .map((line) =>
      line
        .map((cell, at) => (at === 0 || at === 6 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
        .join('   ')
        .trimEnd()
    )
    .join('\n')
}
