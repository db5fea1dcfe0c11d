// How targets and trunks are used, according to the records: figures, and what each of them does now. PURE.
import { isTrunkFailure } from './cause'
import type { AttemptRecord } from './record'
import { TrunkHealth } from './trunk-health'

/** The attempts on one target through one trunk. Of all but `lastAt`, those since some instant. */
export interface Usage {
  readonly dial: string
  readonly trunk: string | null
  /** When the last one began, in milliseconds since the epoch. */
  readonly lastAt: number
  readonly tried: number
  readonly answered: number
  readonly busy: number
  readonly noAnswer: number
  readonly failed: number
  /** How long each of those answered took, in milliseconds. */
  readonly answerMs: readonly number[]
}

export interface Figures extends Pick<Usage, 'tried' | 'answered' | 'busy' | 'noAnswer' | 'failed'> {
  /** Milliseconds since the epoch; null: never. */
  readonly lastAt: number | null
  /** Null: none was answered. */
  readonly medianAnswerMs: number | null
}

/** The figures of all these together. */
export function figuresOf(usages: readonly Usage[]): Figures {
  const sum = (what: 'tried' | 'answered' | 'busy' | 'noAnswer' | 'failed') =>
    usages.reduce((all, each) => all + each[what], 0)
  return {
    lastAt: usages.length === 0 ? null : Math.max(...usages.map(({ lastAt }) => lastAt)),
    tried: sum('tried'),
    answered: sum('answered'),
    busy: sum('busy'),
    noAnswer: sum('noAnswer'),
    failed: sum('failed'),
    medianAnswerMs: medianOf(usages.flatMap(({ answerMs }) => answerMs))
  }
}

function medianOf(values: readonly number[]): number | null {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = sorted.length >> 1
  const upper = sorted[middle]
  if (upper === undefined) return null
  return sorted.length % 2 === 1 ? upper : Math.round(((sorted[middle - 1] ?? upper) + upper) / 2)
}

/**
 * Until when each trunk is passed over, by its name, as it follows from these attempts, in the order of their ends. A process that has
 * started since knows nothing of them.
 */
export function restingTrunks(attempts: readonly AttemptRecord[], now: number): ReadonlyMap<string, number> {
  const healths = new Map<string, TrunkHealth>()
  for (const { trunk, outcome, sipCode, ringingAt, answeredAt, dialledAt, endedAt } of attempts) {
    if (trunk === null || outcome === null || endedAt === null) continue
    const health = healths.get(trunk) ?? new TrunkHealth()
    healths.set(trunk, health)
    const hasRung = ringingAt !== null || answeredAt !== null
    const said = hasRung ? 'worked' : saidOfTrunk(outcome, sipCode, dialledAt !== null)
    if (said === 'worked') health.worked()
    else if (said === 'failed') health.failed(endedAt)
  }
  const resting = [...healths].map(([name, { restingUntil }]) => [name, restingUntil ?? 0] as const)
  return new Map(resting.filter(([, until]) => until > now))
}

/** What an attempt that ended before it rang says about its trunk. */
export function saidOfTrunk(
  outcome: AttemptRecord['outcome'] & string,
  sipCode: number | null | undefined,
  wasDialled: boolean
): 'failed' | 'worked' | 'nothing' {
  if (outcome === 'limited') return 'nothing'
  if ((outcome === 'unavailable' && !wasDialled) || isTrunkFailure(outcome, sipCode)) return 'failed'
  return ['busy', 'declined', 'no-answer', 'wrong-number', 'unavailable'].includes(outcome) ? 'worked' : 'nothing'
}
