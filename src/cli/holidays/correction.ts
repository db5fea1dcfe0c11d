// The type of a correction: an error of date-holidays, and the law that shows it.

/** In English, or in several languages by their ISO 639-1 codes. */
export type Name = string | Readonly<Record<string, string>>

/** One law, and what follows from it. */
export interface Correction {
  /** `KR`, or `CA-BC` for a region; several where one law, or laws that say the same, hold in each. */
  readonly places: readonly string[]
  /** Regions of the country in which it does not hold. */
  readonly notIn?: readonly string[]
  /** The law, for the person who reads the row. */
  readonly law: string
  /** Where the law, or a list made from it, can be read. */
  readonly source: string
  /** Rules in the grammar of date-holidays: `05-01 since 2026`, `2027-05-20`. Each is a public holiday. */
  readonly add?: Readonly<Record<string, Name>>
  /** Rules of the library, letter for letter, that give no public holiday. */
  readonly remove?: readonly string[]
  /** Single dates of a rule of the library, and where the government has put them. */
  readonly move?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** From this date on the public holidays are working days. */
  readonly suspend?: { readonly since: string }
  /** Days off in place of holidays at the weekend, those of the library itself replaced. */
  readonly substitute?: Substitute
}

export interface Substitute {
  /** The first year in which the law holds. */
  readonly since: number
  /** On these days of the week (0: Sunday) a holiday gives another day off: the next one that is neither weekend nor holiday. */
  readonly weekdays: readonly number[]
  /** Days that are no working days anyhow, on which a substitute never falls. */
  readonly weekend: readonly number[]
  /** The rules to which it applies; left out: all public holidays but those of `except`. */
  readonly only?: readonly string[]
  readonly except?: readonly string[]
}

/** The weekend of most countries, as days of the week. */
export const satSun = [0, 6] as const

/** A source that cites the laws themselves, country by country, and is checked against official calendars. */
export function vacanza(file: string): string {
  return `vacanza/holidays, holidays/countries/${file}.py, and the texts that it cites`
}
