// Corrects errors of date-holidays by adding and removing rules, in the library's own grammar.
import type Holidays from 'date-holidays'
import type { HolidaysTypes } from 'date-holidays'
import { dayMs } from '../../rules/schedule/wall-clock'
import type { Correction, Substitute } from './correction'
import { africaAndOceania } from './corrections-africa-oceania'
import { americas } from './corrections-americas'
import { asia } from './corrections-asia'
import { eastAsia } from './corrections-east-asia'
import { europe } from './corrections-europe'
import { southAmerica } from './corrections-south-america'
import { spain } from './corrections-spain'
import { unitedStates } from './corrections-united-states'
import type { Holiday } from './dates'

export const corrections: readonly Correction[] = [
  ...eastAsia,
  ...asia,
  ...europe,
  ...spain,
  ...americas,
  ...unitedStates,
  ...southAmerica,
  ...africaAndOceania
]

/** The corrections of a place: its country's, then its region's. */
export function correctionsOf(country: string, region: string | null): readonly Correction[] {
  const state = region === null ? undefined : `${country}-${region.split('-')[0]}`
  const codes = [country, state, region === null ? undefined : `${country}-${region}`]
  return [...new Set(codes)].flatMap((code) =>
    code === undefined
      ? []
      : corrections.filter(
          ({ places, notIn }) => places.includes(code) && !(state !== undefined && notIn?.includes(state))
        )
  )
}

/** Missing from the library's types: dates on which a rule does not hold, and their replacements. */
interface Moves {
  readonly disable?: readonly string[]
  readonly enable?: readonly string[]
}

/**
 * Adds the rules to the library's and returns the law of each. Throws if a rule does not fit the library's grammar, which is a
 * bug of ours.
 */
export function correctRules(holidays: Holidays, given: readonly Correction[]): ReadonlyMap<string, string> {
  const laws = new Map<string, string>()
  for (const { add = {}, remove = [], move = {}, law } of given) {
    for (const rule of remove) {
      holidays.unsetRule(rule)
      laws.set(rule, law)
    }
    for (const [rule, dates] of Object.entries(move)) {
      const own = holidays.getRule(rule) as unknown as HolidaysTypes.HolidayRule & Moves
      const disable = [...(own.disable ?? []), ...Object.keys(dates)]
      const enable = [...(own.enable ?? []), ...Object.values(dates)]
      holidays.setHoliday(rule, { ...own, disable, enable })
      laws.set(rule, law)
    }
    for (const [rule, name] of Object.entries(add)) {
      const names = typeof name === 'string' ? { en: name } : { ...name }
      if (!holidays.setHoliday(rule, { name: names, type: 'public' }))
        throw new Error(`no rule of date-holidays: ${rule}`)
      laws.set(rule, law)
    }
  }
  return laws
}

/** A holiday, and the rule that gave it. */
export interface Ruled extends Holiday {
  readonly rule: string
}

/** The holidays by date, with the days off that the law gives for holidays at the weekend. */
export function withSubstitutes(holidays: readonly Ruled[], law: string, substitute: Substitute): Ruled[] {
  const { since, weekdays, weekend, only, except = [] } = substitute
  const firstDay = Date.UTC(since, 0, 1)
  const applies = ({ type, from, rule }: Ruled) =>
    type === 'public' && from >= firstDay && (only?.includes(rule) ?? !except.includes(rule))
  // The library's own rule for weekends differs from the law.
  const kept = holidays.filter((holiday) => !(holiday.substitute && applies(holiday)))
  const off = new Set(kept.filter(({ type }) => type === 'public').flatMap(daysOf))
  const weekdayOf = (day: number) => new Date(day * dayMs).getUTCDay()
  const added = kept
    .filter(applies)
    .flatMap((holiday) => daysOf(holiday).map((day) => ({ holiday, day })))
    .filter(({ day }) => weekdays.includes(weekdayOf(day)))
    .map(({ holiday, day }): Ruled => {
      let next = day + 1
      while (off.has(next) || weekend.includes(weekdayOf(next))) next++
      off.add(next)
      const [from, to] = [next * dayMs, (next + 1) * dayMs]
      return { ...holiday, name: `${holiday.name} (substitute day)`, from, to, sunset: false, substitute: true, law }
    })
  return [...kept, ...added].sort((a, b) => a.from - b.from)
}

/** The whole days of a holiday, counted from 1970-01-01. */
export function daysOf({ from, to, sunset }: Holiday): number[] {
  // A day that begins at six in the evening counts as the next date.
  const shift = sunset ? dayMs / 4 : 0
  const first = Math.ceil((from + shift) / dayMs - 1e-9)
  const after = Math.floor((to + shift) / dayMs)
  return Array.from({ length: Math.max(0, after - first) }, (_, at) => first + at)
}
