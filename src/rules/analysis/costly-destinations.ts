// The destinations of the rules that cost more than a domestic call: expensive kinds of numbers first, then other countries. PURE.
import { type CostlyKind, destinationOf } from '../numbering/destinations'
import { dialRefusal, numbersCalled } from '../gate'
import { type RuleIndex, ruleKey } from '../rule-tables'

/** One kind of number in one country, and the rules that can call it. */
export interface CostlyDestination {
  readonly kind: CostlyKind | 'abroad'
  /** ISO 3166, `LV`; null for a code that belongs to no country. */
  readonly country: string | null
  /** The numbers, in E.164, sorted. */
  readonly numbers: readonly string[]
  /** The rules that name them (`+14155550100, night`), and the numbers whose override does (`+14155550100`), sorted. */
  readonly by: readonly string[]
}

/** The most expensive first. */
const kinds: readonly CostlyDestination['kind'][] = [
  'satellite',
  'international-network',
  'premium-rate',
  'personal',
  'shared-cost',
  'abroad'
]

/** The numbers in enabled targets and overrides that are outside the countries of the site's own numbers, or cost more than usual there. */
export function costlyDestinations({ set, policy }: RuleIndex): readonly CostlyDestination[] {
  const own = set.numbers.map(({ number }) => destinationOf(number))
  const [countries, codes] = [new Set(own.map((each) => each?.country)), new Set(own.map((each) => each?.code))]
  const found = new Map<
    string,
    { kind: CostlyDestination['kind']; country: string | null; by: Map<string, Set<string>> }
  >()
  const note = (from: string, dial: string, by: string): void => {
    if (dial.startsWith('number:') || dialRefusal(dial, from, policy) !== undefined) return
    for (const number of numbersCalled(dial, from)) {
      const to = destinationOf(number)
      if (to === undefined) continue
      const { country } = to
      const isFree = to.isFree && (country === null || codes.has(to.code))
      if (isFree || (to.kind === null && countries.has(country))) continue
      const kind = to.kind ?? 'abroad'
      const key = `${kind} ${country ?? to.code}`
      const group = found.get(key) ?? { kind, country, by: new Map<string, Set<string>>() }
      group.by.set(number, (group.by.get(number) ?? new Set()).add(by))
      found.set(key, group)
    }
  }
  for (const { number, rule, dial, enabled } of set.targets) if (enabled) note(number, dial, ruleKey(number, rule))
  for (const { number, kind, value } of set.overrides)
    if (kind === 'forward' && value !== null) note(number, value, number)
  return [...found.values()]
    .map(({ kind, country, by }) => ({
      kind,
      country,
      numbers: [...by.keys()].sort(),
      by: [...new Set([...by.values()].flatMap((each) => [...each]))].sort()
    }))
    .sort(
      (one, other) =>
        kinds.indexOf(one.kind) - kinds.indexOf(other.kind) ||
        other.numbers.length - one.numbers.length ||
        (one.country ?? '').localeCompare(other.country ?? '')
    )
}
