// Two runs compared, by their ratios to Dial(): how fast the machine was does not matter. PURE.
import type { Cell } from './cell'
import type { Spread } from './figures'
import { mostBusy } from './machine'
import { isOurs } from './plan'
import { keyOf } from './summary'
import type { Figure } from './summary'

export interface Change {
  readonly figure: Figure
  /** Ratios to Dial(); the figure itself where there is none. */
  readonly was: Spread | null
  readonly is: Spread | null
  /** By more than the rounds of either run differ among themselves, and by more than a tenth. */
  readonly verdict: 'worse' | 'better' | 'same'
}

const margin = 1.1

/** Of followme's figures that both have. One that could be measured before and cannot any more is worse. */
export function changes(before: readonly Figure[], after: readonly Figure[]): Change[] {
  const known = new Map(before.map((figure) => [keyOf(figure), figure]))
  return after.flatMap((figure) => {
    const old = known.get(keyOf(figure))
    if (old === undefined || !isOurs(figure.way)) return []
    const [was, is] =
      old.ratio !== null && figure.ratio !== null ? [old.ratio, figure.ratio] : [old.value, figure.value]
    return [{ figure, was, is, verdict: verdictOf(was, is, figure.isBetter) }]
  })
}

function verdictOf(was: Spread | null, is: Spread | null, isBetter: Figure['isBetter']): Change['verdict'] {
  if (was === null) return is === null ? 'same' : 'better'
  if (is === null) return 'worse'
  const isMore = is.min > was.max && is.median > margin * was.median
  const isLess = is.max < was.min && margin * is.median < was.median
  if (isMore) return isBetter === 'higher' ? 'better' : 'worse'
  if (isLess) return isBetter === 'higher' ? 'worse' : 'better'
  return 'same'
}

/** Whether other programs had a part in so many measurements that what got slower says nothing: they slow the ways unalike. */
export function isDisturbed(cells: readonly Pick<Cell, 'foreignShare'>[]): boolean {
  return 2 * cells.filter(({ foreignShare }) => foreignShare > mostBusy).length > cells.length
}
