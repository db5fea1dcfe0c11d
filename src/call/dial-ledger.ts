// The legs of the last 24 hours to telephone numbers, and whether one more would exceed a limit of dial_policy. PURE.
import type { PolicyRow } from '../rules/dial-policy'
import type { AttemptRecord } from './record'

/** A leg to a number, and how far it has got. Instants are milliseconds since the epoch. */
export interface DialledLeg {
  readonly leg: string
  /** The international numbers that the far end may connect the leg to. */
  readonly numbers: readonly string[]
  readonly startedAt: number
  /** The number may have been dialled. */
  readonly isDialled: boolean
  readonly answeredAt: number | null
  /** When the leg ended; null if it is still there. */
  readonly endedAt: number | null
}

/** A limit that is used up, its row, and the current count. */
export interface UsedUp {
  readonly row: PolicyRow
  readonly limit: 'max_calls' | 'max_per_hour' | 'max_minutes_day'
  readonly most: number
  readonly count: number
}

export const hourMs = 3_600_000
export const dayMs = 24 * hourMs

export class DialLedger {
  private readonly legs = new Map<string, DialledLeg>()

  /** Adds a leg. If it is known already, nothing changes. */
  add(leg: DialledLeg): void {
    if (!this.legs.has(leg.leg)) this.legs.set(leg.leg, leg)
  }

  change(leg: string, change: Partial<Pick<DialledLeg, 'isDialled' | 'answeredAt' | 'endedAt'>>): void {
    const known = this.legs.get(leg)
    if (known !== undefined) this.legs.set(leg, { ...known, ...change })
  }

  has(leg: string): boolean {
    return this.legs.has(leg)
  }

  /** The legs that have not ended. */
  live(): readonly DialledLeg[] {
    return [...this.legs.values()].filter(({ endedAt }) => endedAt === null)
  }

  /** Forgets the legs that ended before this instant. */
  forget(before: number): void {
    for (const [leg, { endedAt }] of this.legs) if (endedAt !== null && endedAt < before) this.legs.delete(leg)
  }

  /** The first limit of these rows that one more leg would exceed at this instant. `except` is the id of that leg; it does not count. */
  usedUp(rows: readonly PolicyRow[], at: number, except?: string): UsedUp | undefined {
    for (const row of rows) {
      const { prefix, maxCalls = null, maxPerHour = null, maxMinutesDay = null } = row
      let calls = 0
      let perHour = 0
      let talkedMs = 0
      for (const each of this.legs.values()) {
        if (each.leg === except || !each.numbers.some((number) => number.startsWith(prefix))) continue
        const { startedAt, isDialled, answeredAt, endedAt } = each
        if (endedAt === null) calls += 1
        if ((endedAt === null || isDialled) && startedAt > at - hourMs) perHour += 1
        if (answeredAt !== null) talkedMs += Math.max(0, (endedAt ?? at) - Math.max(answeredAt, at - dayMs))
      }
      if (maxCalls !== null && calls >= maxCalls) return { row, limit: 'max_calls', most: maxCalls, count: calls }
      if (maxPerHour !== null && perHour >= maxPerHour) {
        return { row, limit: 'max_per_hour', most: maxPerHour, count: perHour }
      }
      if (maxMinutesDay !== null && talkedMs >= maxMinutesDay * 60_000) {
        const count = Math.floor(talkedMs / 60_000)
        return { row, limit: 'max_minutes_day', most: maxMinutesDay, count }
      }
    }
    return undefined
  }
}

/** A recorded attempt as a leg. If the record does not say whether it was dialled, it counts as dialled. */
export function dialledLeg(attempt: AttemptRecord, numbers: readonly string[]): DialledLeg {
  const { call, step, target, leg, startedAt, dialledAt, answeredAt, endedAt, outcome } = attempt
  return {
    // Attempts of the failsafe have no leg id.
    leg: leg === '' ? `${call}/${step}/${target}` : leg,
    numbers,
    startedAt,
    isDialled: dialledAt !== null || endedAt === null || outcome === 'lost',
    answeredAt,
    endedAt
  }
}

/** Why another call to this target is refused, and what to do about it. */
export function usedUpText(dial: string, { row: { prefix }, limit, most, count }: UsedUp): string {
  const used = {
    max_calls: `${count} of its calls ${count === 1 ? 'is' : 'are'} in progress`,
    max_per_hour: `${count} were dialled in the last 60 minutes`,
    max_minutes_day: `its calls lasted ${count} minutes in the last 24 hours`
  }[limit]
  return `target ${JSON.stringify(dial)} is over a limit of the row ${prefix} of dial_policy: ${used}, and ${limit} is ${most}: wait, or raise ${limit} in that row`
}
