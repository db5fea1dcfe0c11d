// The trunks of the site, and which of them a number goes through. PURE.
import { dialledFrom, planOfNumber } from './numbering/numbering-plan'
import { numberOf } from './numbering/read-number'

/** One row of `trunks`, with its prefixes. */
export interface TrunkRow {
  readonly name: string
  /** The lowest is tried first; of two, the first by name. */
  readonly position: number
  /** What is dialled, with one {@link placeholders placeholder}: `PJSIP/{number}@carrier`. */
  readonly dial: string
  /** What it is shown as the caller, whatever `caller_id_policy` says of trunks; null: that decides. */
  readonly shows: 'number' | 'caller' | null
  /** The reason in the SIP header Diversion (RFC 5806); null: no such header. */
  readonly diversion: string | null
  /** How many calls it carries at once; null: any number. */
  readonly maxCalls: number | null
  /** It leads to a PBX of the site, and takes only the numbers of its prefixes. */
  readonly isPrivate: boolean
  readonly enabled: boolean
  /** In E.164, such as `+44`. None: it takes every number. */
  readonly prefixes: readonly string[]
}

/** What stands for the number in `trunks.dial`. */
export const placeholders = ['{number}', '{digits}', '{national}'] as const

export class Trunks {
  /** By position. */
  readonly rows: readonly TrunkRow[]
  private readonly privatePlaces: ReadonlySet<string>

  constructor(rows: readonly TrunkRow[]) {
    this.rows = rows.toSorted((a, b) => a.position - b.position || (a.name < b.name ? -1 : 1))
    this.privatePlaces = new Set(rows.filter(({ isPrivate }) => isPrivate).map(({ dial }) => placeOf(dial)))
  }

  /** Without a row, every number goes through FOLLOWME_TRUNK. */
  get isEmpty(): boolean {
    return this.rows.length === 0
  }

  /** The trunks that take this E.164 number, in the order in which they are tried. */
  for(number: string): readonly TrunkRow[] {
    return this.rows.filter((row) => row.enabled && takes(row, number))
  }

  /** Whether `PJSIP/101@branch` leads to a PBX of the site. */
  isPrivate(dial: string): boolean {
    return dial.includes('@') && this.privatePlaces.has(placeOf(dial))
  }
}

/** The number of what is dialled at this trunk, as the virtual number `home` reads its digits; undefined: it is not dialled there. */
export function numberAt({ dial }: Pick<TrunkRow, 'dial'>, endpoint: string, home: string): string | undefined {
  const [before = '', after = ''] = dial.split(/\{\w+\}/)
  const sent = endpoint.slice(before.length, endpoint.length - after.length)
  const readings = [sent, `+${sent}`, numberOf(sent, planOfNumber(home), 'national')]
  return readings.find(
    (each) => each !== undefined && /^\+[1-9][0-9]+$/.test(each) && dialAt({ dial }, each, home) === endpoint
  )
}

export const noTrunks = new Trunks([])

function takes({ prefixes, isPrivate }: TrunkRow, number: string): boolean {
  return prefixes.length === 0 ? !isPrivate : prefixes.some((prefix) => number.startsWith(prefix))
}

/** Where a dial string leads, whatever the number: `PJSIP/@branch` of `PJSIP/101@branch`. */
function placeOf(dial: string): string {
  return dial.replace(/^(\w+\/)[^@]*/, '$1')
}

/** What is dialled at this trunk for an E.164 number. `home` is the virtual number, which says what is national. */
export function dialAt({ dial }: Pick<TrunkRow, 'dial'>, number: string, home: string): string {
  return dial
    .replace('{number}', number)
    .replace('{digits}', number.slice(1))
    .replace('{national}', () => dialledFrom(number, home))
}
