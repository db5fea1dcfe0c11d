// The highest rate at which a way still works.
import type { Cell } from './cell'
import { mostBusy } from './machine'

/** p99 of the setup delay below which a rate counts as carried. */
export const mostMs = 250

export interface Range {
  /** Where the search begins. */
  readonly from: number
  readonly least: number
  readonly most: number
}

/**
 * The highest rate for which `works` says so, to 5 % or 2 calls a second, 0 where none does: by leaps from `from` until one
 * works and one does not, then by bisection. A rate is asked for once.
 */
export async function highest(
  { from, least, most }: Range,
  works: (rate: number) => Promise<boolean>
): Promise<number> {
  let low = 0
  let high = most + 1
  for (let rate = from; ;) {
    if (await works(rate)) low = rate
    else high = rate
    const isBracketed = low > 0 && high <= most
    if (low >= most || high <= least) return low
    if (isBracketed && high - low <= Math.max(2, 0.05 * low)) return low
    if (isBracketed) rate = Math.round((low + high) / 2)
    else rate = low > 0 ? Math.min(most, Math.ceil(low * 1.4)) : Math.max(least, Math.floor(high / 1.4))
  }
}

export function isCarried(cell: Pick<Cell, 'faults' | 'setUp'>): boolean {
  return cell.faults.length === 0 && cell.setUp.p99 < mostMs
}

/** Why the rate that is measured is too much, in words; null where it is carried. Measured once more where others were busy. */
export async function whyNotCarried(measured: () => Promise<Cell>): Promise<string | null> {
  let cell = await measured()
  if (!isCarried(cell) && cell.foreignShare > mostBusy) cell = await measured()
  if (isCarried(cell)) return null
  return cell.faults[0]?.replaceAll(/\s+/g, ' ').slice(0, 200) ?? `the p99 was ${cell.setUp.p99.toFixed(0)} ms`
}
