// The world's holidays, from the library date-holidays. It is loaded on first use, so other commands do not wait for it.
import { readFileSync } from 'node:fs'
import { AppError } from '../../errors'
import type { Correction } from './correction'
import { type Ruled, correctRules, correctionsOf, daysOf, withSubstitutes } from './correct'
import type { Holiday } from './dates'
import { type MissingName, missingNames } from './missing-names'

/** The library's types of holidays; most offices close on `public` ones. */
export const holidayTypes = ['public', 'bank', 'school', 'optional', 'observance'] as const

/** The years that the library's table of Islamic dates covers. */
export const firstYear = 1970
export const lastYear = 2080

/** A country, or a region of it. */
export interface HolidayRegion {
  readonly country: string
  /** `CA`, or `BY-A` for a region within a region; null: the whole country. */
  readonly region: string | null
  /** `United States of America (US), California (CA)`. */
  readonly title: string
  /** The codes of its regions. */
  readonly regions: readonly string[]
}

export interface HolidayCalendar {
  /** The library's version: `3.37.0`. */
  readonly version: string
  /** All countries, and all regions of each: `['US', null]`, `['US', 'CA']`. */
  places(): readonly (readonly [country: string, region: string | null])[]
  /** Throws `usage` if the library does not have the country or region; the message lists those it has. */
  place(country: string, region: string | undefined): HolidayRegion
  /**
   * All holidays that touch the year, of every type, in local time. Names are in the given language (ISO 639-1) if known,
   * otherwise in the place's own. Throws `usage` if no name is known in that language.
   */
  holidays(place: HolidayRegion, year: number, language: string | undefined): CorrectedHolidays
}

export interface CorrectedHolidays {
  /** Corrected by law where we looked it up. `law` is set if the library has no holiday of the type on that date. */
  readonly holidays: readonly Holiday[]
  /** Public holidays of the library that are not holidays by `law`. */
  readonly removed: readonly Holiday[]
  /** Public holidays with known dates in earlier years, but none in this year. */
  readonly missing: readonly MissingName[]
}

export async function holidayCalendar(): Promise<HolidayCalendar> {
  const { default: Holidays } = await import('date-holidays')
  const { version } = JSON.parse(readFileSync(require.resolve('date-holidays/package.json'), 'utf8')) as {
    version: string
  }
  const all = new Holidays()
  const countries = new Map(Object.entries(all.getCountries('en')))

  const regionsOf = (country: string): ReadonlyMap<string, string> => {
    const regions = new Map<string, string>()
    // The library converts every code it is asked for to capitals, so codes in lower case cannot be reached.
    const add = (code: string, name: string) => (code === code.toUpperCase() ? regions.set(code, name) : regions)
    for (const [state, name] of entries(all.getStates(country, 'en'))) {
      add(state, name)
      for (const [region, its] of entries(all.getRegions(country, state, 'en'))) add(`${state}-${region}`, its)
    }
    return regions
  }

  return {
    version,
    places: () =>
      [...countries.keys()].flatMap((country) => [
        [country, null] as const,
        ...[...regionsOf(country).keys()].map((region) => [country, region] as const)
      ]),
    place: (country, region) => {
      const code = country.toUpperCase()
      const name = countries.get(code)
      if (name === undefined) throw unknown('country', country, countries)
      const regions = regionsOf(code)
      const title = `${name} (${code})`
      if (region === undefined) return { country: code, region: null, title, regions: [...regions.keys()] }
      const regionName = regions.get(region.toUpperCase())
      if (regions.size === 0) throw new AppError('usage', `region "${region}": ${title} has no regions: leave it out`)
      if (regionName === undefined) throw unknown(`region of ${code}`, region, regions)
      const its = region.toUpperCase()
      const within = [...regions.keys()].filter((each) => each.startsWith(`${its}-`))
      return { country: code, region: its, title: `${title}, ${regionName} (${its})`, regions: within }
    },
    holidays: ({ country, region }, year, language) => {
      const [state = '', within = ''] = region?.split('-') ?? []
      // In UTC every day has 24 hours, so an instant can stand for a local time.
      const options = { timezone: 'UTC', ...(language === undefined ? {} : { languages: [language] }) }
      return inUtc(() => {
        const library = new Holidays(country, state, within, options)
        if (language !== undefined) requireLanguage(library.getRules(), language)
        const corrections = correctionsOf(country, region)
        const corrected = new Holidays(country, state, within, options)
        const laws = correctRules(corrected, corrections)
        const byLaw = yearsOf(corrected, corrections, laws, [year - 1, year, year + 1])
        const byRules = (accept: (rule: string) => boolean, years: readonly number[]) => {
          const some = new Holidays(country, state, within, options)
          correctRules(some, corrections)
          for (const rule of rulesOf(some)) if (!accept(rule)) some.unsetRule(rule)
          return yearsOf(some, corrections, laws, years)
        }
        const own = corrections.length === 0 ? byLaw : yearsOf(library, [], new Map(), [year])
        return { ...compared(own, byLaw, corrections, laws), missing: missingNames(byLaw, year, byRules) }
      })
    }
  }
}

function rulesOf(holidays: { getRules(): readonly object[] }): string[] {
  return holidays.getRules().map((each) => (each as { readonly rule: string }).rule)
}

function yearsOf(
  holidays: { getHolidays(year: number): readonly GivenHoliday[] },
  corrections: readonly Correction[],
  laws: ReadonlyMap<string, string>,
  years: readonly number[]
): readonly Ruled[] {
  const given = years.flatMap((each) => holidays.getHolidays(each)).map((each) => holidayOf(each, laws.get(each.rule)))
  return corrections.reduce<readonly Ruled[]>((all, { law, substitute, suspend }) => {
    if (suspend !== undefined)
      return all.filter(({ type, from }) => type !== 'public' || from < Date.parse(suspend.since))
    return substitute === undefined ? all : withSubstitutes(all, law, substitute)
  }, given)
}

/** Holidays that only the corrections have, and holidays that the corrections removed. */
function compared(
  library: readonly Ruled[],
  corrected: readonly Ruled[],
  corrections: readonly Correction[],
  laws: ReadonlyMap<string, string>
): { readonly holidays: readonly Holiday[]; readonly removed: readonly Holiday[] } {
  const keys = (holiday: Holiday) => daysOf(holiday).map((day) => `${holiday.type} ${day}`)
  const [before, after] = [new Set(library.flatMap(keys)), new Set(corrected.flatMap(keys))]
  const lawOf = ({ rule, substitute }: Ruled) =>
    laws.get(rule) ??
    corrections.find((each) => each.suspend !== undefined || (substitute && each.substitute !== undefined))?.law
  return {
    holidays: corrected.map((holiday) => {
      const { law, ...plain } = holiday
      return law === undefined || keys(holiday).every((key) => before.has(key)) ? plain : holiday
    }),
    removed: library.flatMap((holiday) => {
      const law = lawOf(holiday)
      const gone = holiday.type === 'public' && law !== undefined && keys(holiday).some((key) => !after.has(key))
      return gone ? [{ ...holiday, law }] : []
    })
  }
}

interface GivenHoliday {
  readonly date: string
  readonly name: string
  readonly type: string
  readonly rule: string
  readonly substitute?: boolean
  readonly start: Date
  readonly end: Date
}

function holidayOf({ date, name, type, rule, substitute, start, end }: GivenHoliday, law: string | undefined): Ruled {
  // In calendars whose days begin the evening before, the library starts a day six hours early: that offset marks them.
  const sunset = date.endsWith(' -0600')
  const from = start.getTime()
  const to = end.getTime()
  return { name, type, from, to, sunset, rule, substitute: substitute === true, ...(law === undefined ? {} : { law }) }
}

/** The library calculates in this machine's local time, so clock changes would affect its dates. */
function inUtc<T>(work: () => T): T {
  const before = process.env['TZ']
  process.env['TZ'] = 'UTC'
  try {
    return work()
  } finally {
    if (before === undefined) delete process.env['TZ']
    else process.env['TZ'] = before
  }
}

function requireLanguage(rules: readonly object[], language: string): void {
  const known = new Set(
    rules.flatMap((rule) => {
      const { name } = rule as { readonly name?: unknown }
      return typeof name === 'object' && name !== null ? Object.keys(name) : []
    })
  )
  if (known.has(language)) return
  throw new AppError(
    'usage',
    `--language "${language}": no holiday here has a name in this language: use one of ${[...known].sort().join(', ')}`
  )
}

function unknown(what: string, text: string, known: ReadonlyMap<string, string>): AppError {
  const today = modernCode(text)
  const near = [...known].filter(([code, name]) =>
    today !== undefined && known.has(today)
      ? code === today
      : code.endsWith(`-${text.toUpperCase()}`) || (text.length > 2 && name.toLowerCase().includes(text.toLowerCase()))
  )
  const cure =
    near.length === 0
      ? `write one of ${[...known.keys()].join(', ')}`
      : `write ${near.map(([code, name]) => `${code} (${name})`).join(' or ')}`
  return new AppError('usage', `unknown ${what} "${text}": ${cure}`)
}

/** The code that replaced another: GB for UK. */
function modernCode(text: string): string | undefined {
  try {
    return new Intl.Locale(`und-${text}`).region
  } catch {
    return undefined
  }
}

function entries(names: Readonly<Record<string, string>> | undefined): [string, string][] {
  return Object.entries(names ?? {})
}
