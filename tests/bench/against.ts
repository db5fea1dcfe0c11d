// Two runs compared, by their ratios to Dial(): how fast the machine was does not matter. PURE.
import type { Cell } from './cell'
import type { Spread } from './figures'
import { mostBusy } from './machine'
import { isOurs } from './plan'
import type { Plan } from './plan'
import { keyOf } from './summary'
import type { Figure } from './summary'

export interface Change {
  readonly figure: Figure
  /** Ratios to Dial(); the figure itself where there is none. */
  readonly was: Spread | null
  readonly is: Spread | null
  /** By more than the rounds of either run differ among themselves, and by more than a tenth; null: too few calls to say. */
  readonly verdict: 'worse' | 'better' | 'same' | null
}

const margin = 1.1

/**
 * Of followme's figures, those of the earlier run that `plan` asks for, too. One that could be measured before and cannot any
 * more is worse, and so are all of a way that could not be gone at all.
 */
export function changes(before: readonly Figure[], after: readonly Figure[], plan: Plan): Change[] {
  const now = new Map(after.map((figure) => [keyOf(figure), figure]))
  return before
    .filter((old) => isOurs(old.way) && isWanted(old, plan))
    .map((old) => {
      const figure = now.get(keyOf(old)) ?? { ...old, value: null, ratio: null, over: null }
      const isRatio = old.ratio !== null && figure.ratio !== null
      const [was, is] = isRatio ? [old.ratio, figure.ratio] : [old.value, figure.value]
      // A ratio on one side only: on the other there was no Dial() to compare with.
      const isUnlike = (old.ratio === null) !== (figure.ratio === null)
      const isUnsaid = was !== null && is !== null && (isUnlike || figure.isRare)
      return { figure, was, is, verdict: isUnsaid ? null : verdictOf(was, is, figure.isBetter) }
    })
}

function isWanted({ way, profile, rate, name }: Figure, plan: Plan): boolean {
  if (!plan.ways.includes(way)) return false
  if (profile === null || rate === null) return name === 'capacity' ? plan.capacity : plan.held > 0
  return plan.profiles.includes(profile) && plan.rates.includes(rate)
}

/** Why the two cannot be compared, in words; null where they can. */
export function unlike(before: Plan, after: Plan): string | null {
  const names = ['seconds', 'warmUp', 'rounds', 'held'] as const
  const differs = (name: (typeof names)[number]) =>
    before[name] !== after[name] && !(name === 'held' && Math.min(before.held, after.held) === 0)
  const name = names.find(differs)
  if (name === undefined) return null
  return `that run was made with other options (${name} ${String(before[name])}, now ${String(after[name])}): give both the same`
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
