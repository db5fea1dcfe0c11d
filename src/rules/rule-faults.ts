// What can be wrong with the rows of a number, each worded once: check reports it, and a decision that skips the row notes the
// same words. PURE.
import type { DialPolicy } from './dial-policy'
import { type Finding, error, findingOf, findingText, warning } from './finding'
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
  readonly policy: DialPolicy
  readonly timeZone: string
  readonly fallback: string
  readonly maxCalls: number | null
  readonly fallbackFull: string | null
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

export function zoneFault(timeZone: string): Finding | undefined {
  return findingOf(() => wallClockOf(timeZone))
}

export function dateFault(date: string): Finding | undefined {
  return findingOf(() => dayOfDate(date))
}

/** Of a target of this number; without a policy, only what makes it a fault everywhere. `isPrivate`: it is at a PBX of the site. */
export function targetFault(
  dial: string,
  number: string,
  policy?: DialPolicy,
  isPrivate?: boolean
): Finding | undefined {
  return findingOf(() => parseDialable(dial, number, policy, isPrivate))
}

export function fallbackFault(text: string): Finding | undefined {
  return findingOf(() => parseFallback(text))
}

/** Of a number for which there is no way out. */
export function noTrunkTakes(number: string): Finding {
  return error(
    `no trunk takes the number ${number}`,
    'add a row to trunks, enable one, or add a prefix of the number to trunk_prefixes'
  )
}

/** Of a target or fallback that names a number which does not exist. */
export function leadsNowhere(text: string, to: string): Finding {
  return error(`${text} leads nowhere, there is no virtual number ${to}`, 'add it to virtual_numbers, or correct it')
}

export function leadsToDisabled(text: string, to: string): Finding {
  return warning(`${text} leads to a disabled number`, `set enabled to 1 for ${to}, or correct it`)
}

export function leadsToItself(what: 'target' | 'fallback', text: string): Finding {
  const cure = what === 'target' ? 'dial a phone, or another number' : 'write busy, voicemail:… or another number'
  return error(`the ${what} ${text} is the virtual number itself`, cure)
}

/** Of numbers that lead to each other; the last is the first again. */
export function circleFinding(circle: readonly string[]): Finding {
  const shown =
    circle.length > 12 ? [...circle.slice(0, 6), `(${circle.length - 12} more)`, ...circle.slice(-6)] : circle
  return error(
    `calls go round in a circle: ${shown.join(' → ')}`,
    'let one of them end with a phone, voicemail or busy instead'
  )
}

/** Of an override that names a rule; `others` are the rules that there are. */
export function noSuchRule(number: string, name: string, others: readonly { readonly name: string }[]): Finding {
  const names = others.map((other) => `'${other.name}'`)
  const cure = names.length === 0 ? 'add that rule, or delete the override' : `name one of ${names.join(', ')}`
  return error(`it names the rule '${name}', which ${number} does not have`, cure)
}

/**
 * Why a rule can never be used, or undefined: its dates mean nothing, or it has targets of which none can be dialled and no
 * fallback of its own. Faults of its schedule are listed there.
 */
export function ruleFault(
  rule: Pick<RuleRows, 'validFrom' | 'validUntil' | 'fallback' | 'targets'>,
  { number, timeZone, policy }: Pick<NumberRows, 'number' | 'timeZone' | 'policy'>
): Finding | undefined {
  const dates = [rule.validFrom, rule.validUntil].filter((date) => date !== null)
  if (dates.length > 0) {
    const fault = [zoneFault(timeZone), ...dates.map(dateFault)].find((each) => each !== undefined)
    if (fault !== undefined) return fault
  }
  if (rule.fallback !== null) return undefined
  let first: Finding | undefined
  for (const { dial } of rule.targets) {
    const fault = targetFault(dial, number, undefined, policy.trunks.isPrivate(dial))
    if (fault === undefined) return undefined
    first ??= fault
  }
  return first
}

/** A fault as a note of a decision: what is done instead, then the words of check. */
export const noteOf = {
  zone: (number: string, fault: Finding) =>
    `the dates of ${number} cannot be read, and its times are shown in UTC: ${findingText(fault)}`,
  rule: (number: string, name: string, fault: Finding) =>
    `rule '${name}' of ${number} is skipped: ${findingText(fault)}`,
  override: (number: string, fault: Finding) => `the override of ${number} is ignored: ${findingText(fault)}`,
  target: (fault: Finding) => `skipped: ${findingText(fault)}`,
  fallback: (fault: Finding) => `busy instead: ${findingText(fault)}`
} as const

/** A note on everything in these rows that can be wrong by itself, also in rules that do not answer now. */
export function notesOn({ number, policy, timeZone, fallback, maxCalls, fallbackFull, rules }: NumberRows): string[] {
  const notes = new Set<string>()
  const note = (fault: Finding | undefined, words: (fault: Finding) => string) => {
    if (fault !== undefined) notes.add(words(fault))
  }
  note(zoneFault(timeZone), (fault) => noteOf.zone(number, fault))
  note(fallbackFault(fallback), noteOf.fallback)
  if (maxCalls !== null && fallbackFull !== null) note(fallbackFault(fallbackFull), noteOf.fallback)
  for (const rule of rules.filter(({ enabled }) => enabled)) {
    for (const fault of rule.schedule?.compiled.faults ?? []) notes.add(`skipped: ${fault}`)
    const unusable = ruleFault(rule, { number, timeZone, policy })
    if (unusable !== undefined) {
      notes.add(noteOf.rule(number, rule.name, unusable))
      continue
    }
    if (rule.fallback !== null) note(fallbackFault(rule.fallback), noteOf.fallback)
    for (const { dial } of rule.targets) note(targetFault(dial, number, policy), noteOf.target)
  }
  return [...notes]
}
