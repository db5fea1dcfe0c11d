// The type of a correction: an error of date-holidays, and the law that shows it.

/** In English, or in several languages by their ISO 639-1 codes. */
export type Name = string | Readonly<Record<string, string>>

/** One law, and its effect on the holidays. */
export interface Correction {
  /** `KR`, or `CA-BC` for a region; several if the same law, or equal laws, hold in each. */
  readonly places: readonly string[]
  /** Regions of the country where the law does not hold. */
  readonly notIn?: readonly string[]
  /** The law, for the person who reads the row. */
  readonly law: string
  /** Where to read the law, or a list based on it. */
  readonly source: string
  /** Rules in the grammar of date-holidays: `05-01 since 2026`, `2027-05-20`. Each is a public holiday. */
  readonly add?: Readonly<Record<string, Name>>
  /** Rules of the library, copied exactly, that are not public holidays. */
  readonly remove?: readonly string[]
  /** Single dates of a library rule that the government has moved, and the new dates. */
  readonly move?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** From this date on the public holidays are working days. */
  readonly suspend?: { readonly since: string }
  /** Days off for holidays at the weekend; they replace the library's own. */
  readonly substitute?: Substitute
}

export interface Substitute {
  /** The first year in which the law holds. */
  readonly since: number
  /** On these days of the week (0: Sunday) a holiday gives another day off: the next one that is neither weekend nor holiday. */
  readonly weekdays: readonly number[]
  /** Days that are never working days, so that no substitute falls on them. */
  readonly weekend: readonly number[]
  /** The rules to which it applies; by default all public holidays except those in `except`. */
  readonly only?: readonly string[]
  readonly except?: readonly string[]
}

/** The weekend of most countries, as days of the week. */
export const satSun = [0, 6] as const

/** A source that cites the laws of each country and is checked against official calendars. */
export function vacanza(file: string): string {
  return `vacanza/holidays, holidays/countries/${file}.py, and the texts that it cites`
}
