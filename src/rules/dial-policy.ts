// Which numbers a site is willing to call: its rows of dial_policy, and where none of them speaks, the countries of its own
// numbers and nothing that costs more. PURE.
import { type CostlyKind, type Destination, countryName, destinationOf } from './numbering/destinations'
import { noTargetLimits, type TargetLimits } from './target-limits'
import { noTrunks, type Trunks } from './trunks'

/** One row of `dial_policy`: what numbers that begin with `prefix` are. */
export interface PolicyRow {
  /** A plus and digits: `+44`. A plus alone stands for every number. */
  readonly prefix: string
  /** `limit`: the row limits what other rows, or none, allow. */
  readonly verdict: 'allow' | 'deny' | 'limit'
  readonly note: string | null
  /** How many calls there may be at once, how many may be dialled in an hour, how many minutes talked in a day; null: any. */
  readonly maxCalls?: number | null
  readonly maxPerHour?: number | null
  readonly maxMinutesDay?: number | null
}

/** Why the policy lets nobody dial a number; `reason` is for after the number: `is in Sierra Leone …`. */
export interface PolicyRefusal {
  readonly kind: CostlyKind | 'country' | 'denied'
  readonly reason: string
  readonly cure: string
}

/** The answers of one policy are remembered: the same few numbers are asked about with each call. */
const maxRemembered = 10_000

/**
 * The policy of a site. Of the rows that fit a number, the one with the longest prefix decides whether it may be dialled; the limits
 * of all of them hold.
 */
export class DialPolicy {
  private readonly byPrefix: ReadonlyMap<string, PolicyRow>
  private readonly limited: readonly PolicyRow[]
  private readonly places: ReadonlySet<string>
  private readonly codes: ReadonlySet<string>
  private readonly remembered = new Map<string, PolicyRefusal | null>()

  /** `numbers` are the site's own, or one of them for each place that they are in. */
  constructor(
    readonly rows: readonly PolicyRow[],
    numbers: Iterable<string>,
    /** The ways out to the numbers that it allows. */
    readonly trunks: Trunks = noTrunks,
    /** How many calls its targets may have at once. */
    readonly targets: TargetLimits = noTargetLimits
  ) {
    const homes = [...numbers].map(destinationOf).filter((home) => home !== undefined)
    this.byPrefix = new Map(rows.filter(({ verdict }) => verdict !== 'limit').map((row) => [row.prefix, row]))
    this.limited = rows.filter(isLimited)
    this.places = new Set(homes.map(placeOf))
    this.codes = new Set(homes.map(({ code }) => code))
  }

  /** The same text for the same policy. */
  get key(): string {
    return JSON.stringify([this.rows, [...this.places].sort(), this.trunks.rows, this.targets.rows])
  }

  /** Why this E.164 number may not be dialled, or undefined where it may be. */
  refusalOf(number: string): PolicyRefusal | undefined {
    const known = this.remembered.get(number)
    if (known !== undefined) return known ?? undefined
    if (this.remembered.size >= maxRemembered) this.remembered.clear()
    const refusal = this.judge(number)
    this.remembered.set(number, refusal ?? null)
    return refusal
  }

  /** The row with the longest prefix that the number begins with, of those that allow or deny. */
  rowFor(number: string): PolicyRow | undefined {
    for (let length = number.length; length > 0; length--) {
      const row = this.byPrefix.get(number.slice(0, length))
      if (row !== undefined) return row
    }
    return undefined
  }

  get hasLimits(): boolean {
    return this.limited.length > 0
  }

  /** The rows with a limit that one of these numbers begins with, the longest prefix first. */
  limitsOf(numbers: readonly string[]): readonly PolicyRow[] {
    const fitting = this.limited.filter(({ prefix }) => numbers.some((number) => number.startsWith(prefix)))
    return fitting.sort((one, other) => other.prefix.length - one.prefix.length)
  }

  private judge(number: string): PolicyRefusal | undefined {
    const row = this.rowFor(number)
    if (row?.verdict === 'deny') return denied(row)
    const destination = destinationOf(number)
    // A code that nobody has is refused whatever the policy.
    if (destination === undefined) return undefined
    const { kind } = destination
    if (kind !== null && !opensCostly(row, destination)) return costly(number, kind)
    return row !== undefined || this.isHome(destination) ? undefined : abroad(number, destination)
  }

  private isHome(destination: Destination): boolean {
    return this.places.has(placeOf(destination)) || (destination.isFree && this.codes.has(destination.code))
  }
}

/** Whether a row has a limit. */
export function isLimited({ maxCalls = null, maxPerHour = null, maxMinutesDay = null }: PolicyRow): boolean {
  return maxCalls !== null || maxPerHour !== null || maxMinutesDay !== null
}

/** The limits of a row in words: `at most 2 calls at once, 20 an hour and 60 minutes a day`. */
export function limitsText({ maxCalls = null, maxPerHour = null, maxMinutesDay = null }: PolicyRow): string {
  const parts = [
    maxCalls === null ? [] : [`${maxCalls} at once`],
    maxPerHour === null ? [] : [`${maxPerHour} an hour`],
    maxMinutesDay === null ? [] : [`${maxMinutesDay} minutes a day`]
  ].flat()
  return `at most ${parts.join(', ')}`
}

function placeOf({ country, code }: Destination): string {
  return country ?? code
}

/** `+44` allows calls to Britain, and none that cost more: for those it takes a prefix that reaches into the number. */
function opensCostly(row: PolicyRow | undefined, { code, country }: Destination): boolean {
  return row !== undefined && row.prefix.length - 1 >= code.length + (country === null ? 0 : 1)
}

function denied({ prefix, note }: PolicyRow): PolicyRefusal {
  const why = note === null ? '' : ` (${note})`
  return {
    kind: 'denied',
    reason: `is denied by the row ${prefix} of dial_policy${why}`,
    cure: 'change that row, or dial another number'
  }
}

const inWords: Readonly<Record<CostlyKind, string>> = {
  'premium-rate': 'a premium-rate number',
  'shared-cost': 'a shared-cost number',
  personal: 'a personal number, which costs more',
  satellite: 'a satellite phone',
  'international-network': 'a number of an international network'
}

function costly(number: string, kind: CostlyKind): PolicyRefusal {
  return {
    kind,
    reason: `is ${inWords[kind]}, which dial_policy does not allow`,
    cure: `dial another number, or add ('${number}', 'allow') to dial_policy if this is meant`
  }
}

function abroad(number: string, { country, code, isShared }: Destination): PolicyRefusal {
  const where =
    country === null ? 'belongs to no country' : `is in a country without a virtual number (${countryName(country)})`
  const prefix = number.slice(0, 1 + code.length + (isShared ? 3 : 0))
  return {
    kind: 'country',
    reason: `${where}, and dial_policy does not allow it`,
    cure: `dial another number, or add ('${prefix}', 'allow') to dial_policy if this is meant`
  }
}
