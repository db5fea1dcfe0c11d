// What is wrong with the rows of a number, and so is passed over when a call is decided, in words. PURE.
import { reasonOf } from '../errors'
import { dayOfDate, startOfDate } from './schedule/instant'
import { parseDialable, parseFallback } from './number'
import type { Schedule } from './schedule/schedule'
import { wallClockOf } from './schedule/time-zones'
import { dayMs } from './schedule/wall-clock'

/** What can be wrong with a rule; see rule.ts. */
interface RuleRows {
  readonly name: string
  readonly enabled: boolean
  readonly schedule: { readonly compiled: Schedule } | null
  readonly validFrom: string | null
  readonly validUntil: string | null
  readonly fallback: string | null
  readonly targets: readonly { readonly dial: string }[]
}

/** What can be wrong with a number; see rule.ts. */
interface NumberRows {
  readonly number: string
  readonly timeZone: string
  readonly fallback: string
  readonly rules: readonly RuleRows[]
}

/** From one instant until another (exclusive; milliseconds since the epoch). */
export interface Validity {
  readonly from: number
  readonly until: number
}

/** As far as changes are looked for; what is further off happens on no particular hour. */
const horizonMs = 9 * 366 * dayMs

/**
 * When a rule holds, by its dates in the number's zone; an instant that is more than nine years from `at` is infinite, as
 * `valid_until` 9999-12-31 is meant, and costs no look into the zone data of other centuries. Throws `invalid` where they mean nothing.
 */
export function validityOf(
  { validFrom, validUntil }: Pick<RuleRows, 'validFrom' | 'validUntil'>,
  timeZone: string,
  at: number
): Validity {
  const start = (date: string, days: number): number => {
    const ahead = dayOfDate(date) * dayMs - at
    return Math.abs(ahead) > horizonMs ? Math.sign(ahead) * Infinity : startOfDate(date, timeZone, days)
  }
  return {
    from: validFrom === null ? -Infinity : start(validFrom, 0),
    // The last day counts whole: it ends where the next one begins.
    until: validUntil === null ? Infinity : start(validUntil, 1)
  }
}

/**
 * Why a rule can never be used, or undefined: its dates mean nothing, or it has targets of which none can be dialled and no
 * fallback of its own. What is wrong with its schedule, that says.
 */
export function ruleFault(
  rule: Pick<RuleRows, 'validFrom' | 'validUntil' | 'fallback' | 'targets'>,
  { number, timeZone }: Pick<NumberRows, 'number' | 'timeZone'>
): string | undefined {
  const dates = [rule.validFrom, rule.validUntil].filter((date) => date !== null)
  const fault = dates.length === 0 ? undefined : faultIn(() => [wallClockOf(timeZone), ...dates.map(dayOfDate)])
  if (fault !== undefined) return fault
  if (rule.fallback !== null) return undefined
  let first: string | undefined
  for (const { dial } of rule.targets) {
    const fault = faultIn(() => parseDialable(dial, number))
    if (fault === undefined) return undefined
    first ??= fault
  }
  return first
}

/** What a parser says of a value, or undefined where it takes it. */
export function faultIn(parse: () => unknown): string | undefined {
  try {
    parse()
    return undefined
  } catch (error) {
    return reasonOf(error)
  }
}

/** How a decision's notes tell of a fault. */
export const noteOf = {
  zone: (number: string, fault: string) =>
    `the dates of ${number} cannot be read, and its times are shown in UTC: ${fault}`,
  rule: (number: string, name: string, fault: string) => `rule '${name}' of ${number} is passed over: ${fault}`,
  target: (fault: string) => `skipped: ${fault}`,
  fallback: (fault: string) => `busy instead: ${fault}`
} as const

/** A note on everything in these rows that can be wrong by itself, also in rules that do not answer now. */
export function notesOn({ number, timeZone, fallback, rules }: NumberRows): string[] {
  const notes = new Set<string>()
  const note = (parse: () => unknown, words: (fault: string) => string) => {
    const fault = faultIn(parse)
    if (fault !== undefined) notes.add(words(fault))
  }
  note(
    () => wallClockOf(timeZone),
    (fault) => noteOf.zone(number, fault)
  )
  note(() => parseFallback(fallback), noteOf.fallback)
  for (const rule of rules.filter(({ enabled }) => enabled)) {
    for (const fault of rule.schedule?.compiled.faults ?? []) notes.add(`passed over: ${fault}`)
    const unusable = ruleFault(rule, { number, timeZone })
    if (unusable !== undefined) {
      notes.add(noteOf.rule(number, rule.name, unusable))
      continue
    }
    const own = rule.fallback
    if (own !== null) note(() => parseFallback(own), noteOf.fallback)
    for (const { dial } of rule.targets) note(() => parseDialable(dial, number), noteOf.target)
  }
  return [...notes]
}
